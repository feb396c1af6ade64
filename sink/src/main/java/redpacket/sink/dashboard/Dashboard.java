package redpacket.sink.dashboard;

import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.Header;
import io.javalin.http.NotAcceptableResponse;
import io.javalin.http.sse.SseClient;
import io.javalin.http.staticfiles.Location;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Semaphore;
import java.util.function.LongSupplier;
import redpacket.clients.KafkaAddress;
import redpacket.service.HttpServer;
import redpacket.sink.readmodel.Views;

/** The page at {@code /}, its files, and the stream of pictures at {@code /live}. */
public final class Dashboard implements HttpServer.Part, AutoCloseable {
    /** Each takes a thread of the server, which must have some left for others. */
    private static final int MOST_WATCHERS = 50;

    /** Whatever got into the page could load nothing, send nothing away, and run nothing. */
    private static final Map<String, String> HEADERS = Map.of(
            Header.CONTENT_SECURITY_POLICY,
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
                    + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            // Asks again with each visit, and mostly hears that nothing has changed.
            Header.CACHE_CONTROL,
            "no-cache");

    private static final String EVENT_STREAM = "text/event-stream";

    private final LiveFeed live;
    private final Semaphore seats = new Semaphore(MOST_WATCHERS);

    private Dashboard(LiveFeed live) {
        this.live = live;
    }

    /**
     * Ready to be shown; it reads the topics while somebody watches.
     *
     * @param lag records that are committed and not in the read model yet
     */
    public static Dashboard of(KafkaAddress kafka, Views views, LongSupplier lag) {
        return new Dashboard(LiveFeed.start(kafka, views, lag));
    }

    @Override
    public void addTo(JavalinConfig config) {
        config.staticFiles.add(files -> {
            files.directory = "redpacket/sink/dashboard/page";
            files.location = Location.CLASSPATH;
            files.headers = HEADERS;
        });
        String uPlot = "/META-INF/resources/webjars/uplot/" + versionOfUPlot() + "/dist/";
        serve(config, "/uplot/uPlot.esm.js", "text/javascript", uPlot + "uPlot.esm.js");
        serve(config, "/uplot/uPlot.min.css", "text/css", uPlot + "uPlot.min.css");
        config.routes.before("/live", Dashboard::requireEventStream);
        config.routes.sse("/live", this::show);
    }

    /** Lets all watchers go; before the server is closed, which would wait for them. */
    @Override
    public void close() {
        live.close();
    }

    private static void serve(JavalinConfig config, String path, String type, String resource) {
        byte[] file = read(resource);
        HttpServer.get(config, path, ctx -> {
            HEADERS.forEach(ctx::header);
            ctx.contentType(type).result(file);
        });
    }

    /** Javalin answers those who ask for anything else with nothing. */
    private static void requireEventStream(Context ctx) {
        String accepted = String.valueOf(ctx.header(Header.ACCEPT));
        if (ctx.method().equals(HandlerType.GET) && !accepted.contains(EVENT_STREAM)) {
            throw new NotAcceptableResponse("Here are events only: send Accept: " + EVENT_STREAM);
        }
    }

    private void show(SseClient client) {
        if (!seats.tryAcquire()) {
            client.sendEvent("picture", new Snapshot.Trouble("Too many watch at the moment."));
            return;
        }
        try {
            live.watch(picture -> {
                client.sendEvent("picture", picture);
                return !client.terminated();
            });
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            seats.release();
        }
    }

    /** The name of the folder in its jar has it, and only the POM shall. */
    private static String versionOfUPlot() {
        try {
            Properties properties = new Properties();
            properties.load(new ByteArrayInputStream(read("/META-INF/maven/org.webjars.npm/uplot/pom.properties")));
            return properties.getProperty("version");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] read(String resource) {
        try (InputStream in = Dashboard.class.getResourceAsStream(resource)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
