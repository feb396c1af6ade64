package redpacket.service;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves {@code /metrics}, {@code /health/live} and {@code /health/ready}: for a process that has no other HTTP server. */
public final class OperationsServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OperationsServer.class);
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final int METHOD_NOT_ALLOWED = 405;
    private static final int UNAVAILABLE = 503;

    private final HttpServer server;
    /** Two, so that a slow look at the metrics keeps nobody from asking for the health. */
    private final ExecutorService threads = Executors.newFixedThreadPool(2, work -> {
        Thread thread = new Thread(work, "operations-server");
        thread.setDaemon(true);
        return thread;
    });

    private record Answer(int status, String contentType, String body) {}

    private OperationsServer(HttpServer server) {
        this.server = server;
    }

    /**
     * Starts to answer.
     *
     * @param port 0 for any free one
     * @throws UncheckedIOException if it cannot listen there; the message says where
     */
    public static OperationsServer start(String host, int port, Metrics metrics, Supplier<Health> health) {
        HttpServer server;
        try {
            server = HttpServer.create(new InetSocketAddress(host, port), 0);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen on " + host + ":" + port + ": " + e.getMessage(), e);
        }
        OperationsServer operations = new OperationsServer(server);
        server.setExecutor(operations.threads);
        operations.serve("/metrics", () -> new Answer(OK, Metrics.CONTENT_TYPE, metrics.scrape()));
        operations.serve("/health/live", () -> answer(health.get(), Health::live));
        operations.serve("/health/ready", () -> answer(health.get(), Health::ready));
        server.start();
        LOG.info("Metrics and health are at http://{}:{}/metrics and /health/ready", host, operations.port());
        return operations;
    }

    public int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private static Answer answer(Health health, Predicate<Health> good) {
        return new Answer(good.test(health) ? OK : UNAVAILABLE, TEXT, health.sentence() + "\n");
    }

    private void serve(String path, Supplier<Answer> answer) {
        server.createContext(path, exchange -> {
            try (exchange) {
                if (!exchange.getRequestURI().getPath().equals(path)) {
                    send(exchange, new Answer(NOT_FOUND, TEXT, "not found\n"));
                } else if (!exchange.getRequestMethod().equals("GET")) {
                    send(exchange, new Answer(METHOD_NOT_ALLOWED, TEXT, "GET only\n"));
                } else {
                    send(exchange, answer.get());
                }
            }
        });
    }

    private static void send(HttpExchange exchange, Answer answer) throws IOException {
        byte[] body = answer.body.getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", answer.contentType);
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        exchange.sendResponseHeaders(answer.status, body.length);
        exchange.getResponseBody().write(body);
    }
}
