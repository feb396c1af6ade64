package redpacket.gateway.webhooks;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import redpacket.parts.FreePort;

/** A receiver of webhooks, which verifies signatures with code of its own. It can be killed, and come back. */
final class TestReceiver implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();

    private final int port = FreePort.next();
    private final byte[] secret;

    /** In the order of their arrival. Guarded by this, like the field below. */
    private final List<Delivered> delivered = new ArrayList<>();

    private final List<String> unsigned = new ArrayList<>();
    private volatile int status = 204;
    private volatile CountDownLatch held = new CountDownLatch(0);
    private ExecutorService threads;
    private HttpServer server;

    record Delivered(String id, String type, JsonNode data) {}

    TestReceiver(String secret) {
        this.secret = Base64.getDecoder().decode(secret.substring("whsec_".length()));
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + port + "/hooks?token=secret-of-the-url");
    }

    void start() throws IOException {
        threads = Executors.newCachedThreadPool();
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(threads);
        server.createContext("/hooks", this::receive);
        server.start();
    }

    /** Breaks all connections. Requests that are being answered get no answer. */
    void kill() {
        server.stop(0);
        threads.shutdownNow();
    }

    /** The status of all answers from now on. Events are taken only with 204. */
    void answer(int newStatus) {
        status = newStatus;
    }

    /** Answers nothing until {@link #release}. */
    void hold() {
        held = new CountDownLatch(1);
    }

    void release() {
        held.countDown();
    }

    synchronized List<Delivered> delivered() {
        return List.copyOf(delivered);
    }

    /** The ids of requests whose signature was wrong. */
    synchronized List<String> unsigned() {
        return List.copyOf(unsigned);
    }

    private void receive(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            held.await();
            if (!isSigned(exchange, body)) {
                note(exchange);
            } else if (status == 204) {
                note(body);
            }
            exchange.sendResponseHeaders(status, -1);
        } catch (InterruptedException | GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private boolean isSigned(HttpExchange exchange, byte[] body) throws GeneralSecurityException {
        String id = exchange.getRequestHeaders().getFirst("webhook-id");
        long timestamp = Long.parseLong(exchange.getRequestHeaders().getFirst("webhook-timestamp"));
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret, "HmacSHA256"));
        String signed = id + "." + timestamp + "." + new String(body, UTF_8);
        String expected = "v1," + Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes(UTF_8)));
        boolean isNow = Math.abs(System.currentTimeMillis() / 1_000 - timestamp) < 300;
        return isNow && expected.equals(exchange.getRequestHeaders().getFirst("webhook-signature"));
    }

    private synchronized void note(HttpExchange exchange) {
        unsigned.add(exchange.getRequestHeaders().getFirst("webhook-id"));
    }

    private synchronized void note(byte[] body) throws IOException {
        for (JsonNode event : JSON.readTree(body).path("events")) {
            delivered.add(new Delivered(
                    event.path("id").textValue(), event.path("type").textValue(), event.path("data")));
        }
    }

    @Override
    public void close() {
        kill();
    }
}
