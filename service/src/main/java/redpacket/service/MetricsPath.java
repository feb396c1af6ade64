package redpacket.service;

import io.javalin.config.JavalinConfig;

/** {@code /metrics}, in the format that Prometheus reads. */
public record MetricsPath(Metrics metrics) implements HttpServer.Part {
    @Override
    public void addTo(JavalinConfig config) {
        HttpServer.get(
                config, "/metrics", ctx -> ctx.contentType(Metrics.CONTENT_TYPE).result(metrics.scrape()));
    }
}
