package redpacket.service;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.Header;
import io.javalin.http.HttpResponseException;
import io.javalin.http.HttpStatus;
import io.javalin.json.JavalinJackson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.io.EofException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP server of a process. It sets headers, the JSON format and the answers to errors, which are the same for all
 * paths. The paths come from {@linkplain Part parts}.
 *
 * <p>Every error is answered with a JSON object with the field {@code error}, also if Jetty refuses a request before
 * any path is matched. A client that sends half a request occupies no thread.
 */
public final class HttpServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);

    static final JsonMapper JSON = JsonMapper.builder()
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
            .build();

    /** Headers of every answer. A part may set another value. */
    static final Map<String, String> HEADERS = Map.of(
            Header.X_CONTENT_TYPE_OPTIONS,
            "nosniff",
            Header.REFERRER_POLICY,
            "no-referrer",
            Header.CONTENT_SECURITY_POLICY,
            "default-src 'none'; frame-ancestors 'none'",
            Header.CROSS_ORIGIN_RESOURCE_POLICY,
            "same-origin",
            // Every answer describes the present moment.
            Header.CACHE_CONTROL,
            "no-store");

    /** When clients should retry after a 503. */
    private static final String RETRY_AFTER_SECONDS = "1";

    private final Javalin javalin;
    private final int port;

    /** Some paths that belong together. */
    @FunctionalInterface
    public interface Part {
        /**
         * Adds paths, static files, and handlers for exceptions of this part. The server answers all other exceptions:
         * an {@link HttpResponseException} with its status and message, and others with 500.
         */
        void addTo(JavalinConfig config);
    }

    private HttpServer(Javalin javalin) {
        this.javalin = javalin;
        this.port = javalin.port();
    }

    /**
     * Starts the server.
     *
     * @param host address to listen on. There is no authentication, except by a part: every client that reaches the
     *     server can read everything
     * @param port 0 for any free port
     * @throws UncheckedIOException if the server cannot listen; the message contains host and port
     */
    public static HttpServer start(String host, int port, List<Part> parts) {
        Javalin javalin = Javalin.create(config -> {
            configure(config);
            parts.forEach(part -> part.addTo(config));
        });
        try {
            return new HttpServer(javalin.start(host, port));
        } catch (RuntimeException e) {
            IOException reason = new IOException("cannot listen on %s:%d: %s"
                    .formatted(host, port, bottomOf(e).getMessage()));
            reason.addSuppressed(e);
            throw new UncheckedIOException(reason);
        }
    }

    public int port() {
        return port;
    }

    @Override
    public void close() {
        javalin.stop();
    }

    /** Adds a path that answers GET, and HEAD with the same status and headers. */
    public static void get(JavalinConfig config, String path, Handler handler) {
        config.routes.get(path, handler);
        // Without a handler of its own, Javalin answers HEAD with 200 wherever a GET exists, whatever GET would answer.
        config.routes.head(path, handler);
    }

    /** Answers 503 and asks the client to retry. */
    public static void unavailable(Context ctx, String reason) {
        ctx.header(Header.RETRY_AFTER, RETRY_AFTER_SECONDS);
        error(ctx, HttpStatus.SERVICE_UNAVAILABLE, reason);
    }

    /** Answers with a status, and a sentence for people. */
    public static void error(Context ctx, HttpStatus status, String sentence) {
        ctx.status(status).json(errorOf(sentence));
    }

    static Map<String, String> errorOf(String sentence) {
        return Map.of("error", sentence);
    }

    private static void configure(JavalinConfig config) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.http.prefer405over404 = true;
        config.jetty.modifyHttpConfiguration(http -> http.setSendServerVersion(false));
        config.jetty.modifyServer(server -> server.setErrorHandler(new JsonErrorHandler()));
        config.jsonMapper(new JavalinJackson(JSON, false));
        config.routes.before(ctx -> HEADERS.forEach(ctx::header));
        config.routes.exception(HttpResponseException.class, (e, ctx) -> {
            if (e.getStatus() == HttpStatus.METHOD_NOT_ALLOWED.getCode()) {
                // Javalin names the methods of the path in the only detail.
                String allowed = String.join(", ", e.getDetails().values());
                ctx.header(Header.ALLOW, allowed);
                error(ctx, HttpStatus.METHOD_NOT_ALLOWED, ctx.method() + " is not allowed here, only " + allowed + ".");
            } else {
                error(ctx, HttpStatus.forStatus(e.getStatus()), e.getMessage());
            }
        });
        // No failure of the server, so it is not logged. Hardly anybody reads this answer.
        config.routes.exception(
                EofException.class,
                (e, ctx) -> error(ctx, HttpStatus.BAD_REQUEST, "The connection ended before the request did."));
        config.routes.exception(Exception.class, HttpServer::failed);
    }

    private static void failed(Exception failure, Context ctx) {
        try {
            LOG.error("{} {} failed", ctx.method(), ctx.path(), failure);
            error(ctx, HttpStatus.INTERNAL_SERVER_ERROR, "The server failed. Its log has the details.");
        } catch (RuntimeException e) {
            // The client of a stream has gone, and Jetty has taken the request back. Javalin would handle an exception
            // from here like the first one, and so on without an end.
            LOG.debug("A request has ended before its work: {}", e.getMessage(), failure);
        }
    }

    private static Throwable bottomOf(Throwable failure) {
        Throwable bottom = failure;
        while (bottom.getCause() != null) {
            bottom = bottom.getCause();
        }
        return bottom;
    }
}
