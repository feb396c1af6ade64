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

/** The page at {@code /}, its files, and the stream of snapshots at {@code /live}. */
public final class Dashboard implements HttpServer.Part, AutoCloseable {
    /** Each page occupies a thread of the server. Other requests need some of the threads. */
    private static final int MAX_PAGES = 50;

    /** Injected markup could neither run scripts nor load or send data. */
    private static final Map<String, String> HEADERS = Map.of(
            Header.CONTENT_SECURITY_POLICY,
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
                    + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            // The browser checks for a new version on each visit.
            Header.CACHE_CONTROL,
            "no-cache");

    private static final String EVENT_STREAM = "text/event-stream";

    /** The type of all server-sent events of the dashboard. */
    private static final String SNAPSHOT = "snapshot";

    private final LiveFeed live;
    private final Semaphore freePages = new Semaphore(MAX_PAGES);

    private Dashboard(LiveFeed live) {
        this.live = live;
    }

    /**
     * Creates a dashboard. It reads the topics only while a page is open.
     *
     * @param lag committed records that are not in the read model yet
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

    /** Ends all streams. Call it before the server is closed, which would wait for them. */
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

    /** Without this check, Javalin answers other requests with an empty body. */
    private static void requireEventStream(Context ctx) {
        String accepted = String.valueOf(ctx.header(Header.ACCEPT));
        if (ctx.method().equals(HandlerType.GET) && !accepted.contains(EVENT_STREAM)) {
            throw new NotAcceptableResponse("This path has server-sent events only: send Accept: " + EVENT_STREAM);
        }
    }

    private void show(SseClient client) {
        if (!freePages.tryAcquire()) {
            client.sendEvent(
                    SNAPSHOT,
                    new Snapshot.Trouble("%d dashboards are open, the maximum. Close one.".formatted(MAX_PAGES)));
            return;
        }
        try {
            live.watch(snapshot -> {
                client.sendEvent(SNAPSHOT, snapshot);
                return !client.terminated();
            });
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            freePages.release();
        }
    }

    /** The folder in the jar is named after the version. Only the POM should contain the version. */
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
