package redpacket.service;

import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** {@code /health/live} and {@code /health/ready}: 200 or 503, and a sentence as text. */
public record HealthPaths(Supplier<Health> health) implements HttpServer.Part {
    @Override
    public void addTo(JavalinConfig config) {
        // By default /health/live/ is the same path.
        config.router.ignoreTrailingSlashes = false;
        HttpServer.get(config, "/health/live", ctx -> answer(ctx, Health::live));
        HttpServer.get(config, "/health/ready", ctx -> answer(ctx, Health::ready));
    }

    private void answer(Context ctx, Predicate<Health> isGood) {
        Health now = health.get();
        ctx.status(isGood.test(now) ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE)
                .contentType("text/plain; charset=utf-8")
                .result(now.sentence() + "\n");
    }
}
