package redpacket.sink.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.Header;
import io.javalin.http.HttpResponseException;
import io.javalin.http.HttpStatus;
import io.javalin.json.JavalinJackson;
import io.lettuce.core.RedisException;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redpacket.clients.RedisConnection;
import redpacket.events.InvalidEventException;
import redpacket.sink.readmodel.NotServingException;

/** The sink's HTTP server: what all its parts have in common, which is JSON, errors and headers. */
public final class SinkServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SinkServer.class);

    /** For clients that are told to ask again. */
    private static final String RETRY_AFTER_SECONDS = "1";

    private final Javalin javalin;

    /** A few paths that belong together. */
    @FunctionalInterface
    public interface Part {
        /** Adds routes, static files and the like. Errors are answered by the server: throw them. */
        void addTo(JavalinConfig config);
    }

    private SinkServer(Javalin javalin) {
        this.javalin = javalin;
    }

    /**
     * Starts to answer.
     *
     * @param host address to listen on; whoever reaches it can read everything
     * @param port 0 for any free one
     */
    public static SinkServer start(String host, int port, List<Part> parts) {
        Javalin javalin = Javalin.create(config -> {
            configure(config);
            parts.forEach(part -> part.addTo(config));
        });
        return new SinkServer(javalin.start(host, port));
    }

    public int port() {
        return javalin.port();
    }

    @Override
    public void close() {
        javalin.stop();
    }

    private static void configure(JavalinConfig config) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.http.prefer405over404 = true;
        config.jetty.modifyHttpConfiguration(http -> http.setSendServerVersion(false));
        config.jsonMapper(new JavalinJackson(
                JsonMapper.builder()
                        .defaultPropertyInclusion(
                                JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
                        .build(),
                false));
        config.routes.before(SinkServer::setHeaders);
        config.routes.exception(HttpResponseException.class, (e, ctx) -> {
            if (e.getStatus() == HttpStatus.METHOD_NOT_ALLOWED.getCode()) {
                ctx.header(Header.ALLOW, "GET, HEAD");
            }
            answer(ctx, e.getStatus(), e.getMessage());
        });
        config.routes.exception(
                InvalidEventException.class, (e, ctx) -> answer(ctx, HttpStatus.BAD_REQUEST.getCode(), e.getMessage()));
        config.routes.exception(NotServingException.class, (e, ctx) -> unavailable(ctx, e.getMessage()));
        config.routes.exception(
                RedisException.class, (e, ctx) -> unavailable(ctx, "Redis is away: " + RedisConnection.reasonOf(e)));
        config.routes.exception(Exception.class, (e, ctx) -> {
            LOG.error("{} {} failed", ctx.method(), ctx.path(), e);
            answer(ctx, HttpStatus.INTERNAL_SERVER_ERROR.getCode(), "The server failed; its log says more.");
        });
    }

    /** A part may set another value where it needs to. */
    private static void setHeaders(Context ctx) {
        ctx.header(Header.X_CONTENT_TYPE_OPTIONS, "nosniff");
        ctx.header(Header.REFERRER_POLICY, "no-referrer");
        ctx.header(Header.CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'");
        ctx.header(Header.CROSS_ORIGIN_RESOURCE_POLICY, "same-origin");
        // Answers are about now.
        ctx.header(Header.CACHE_CONTROL, "no-store");
    }

    private static void unavailable(Context ctx, String reason) {
        ctx.header(Header.RETRY_AFTER, RETRY_AFTER_SECONDS);
        answer(ctx, HttpStatus.SERVICE_UNAVAILABLE.getCode(), reason);
    }

    private static void answer(Context ctx, int status, String error) {
        ctx.status(status).json(Map.of("error", error));
    }
}
