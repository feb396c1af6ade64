package redpacket.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.javalin.http.Context;
import io.javalin.http.sse.SseClient;
import io.javalin.http.sse.SseHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpServerIT {
    /** More than the server has threads. */
    private static final int MANY = 300;

    private Metrics metrics;
    private volatile Health health = Health.ready("ready: 4 threads run");
    private HttpServer server;
    private volatile Thread streamer;

    @BeforeEach
    void start() {
        metrics = new Metrics();
        HttpServer.Part failing = config -> HttpServer.get(config, "/failing", ctx -> {
            throw new IllegalStateException("a bug");
        });
        SseHandler stream = new SseHandler(this::writeUntilTheClientHasGone);
        HttpServer.Part streaming = config -> {
            config.routes.get("/stream", stream);
            config.routes.after("/stream", ctx -> assertThat(ctx.path()).isNotNull());
        };
        server = HttpServer.start(
                "127.0.0.1", 0, List.of(new MetricsPath(metrics), new HealthPaths(() -> health), failing, streaming));
    }

    private void writeUntilTheClientHasGone(SseClient client) {
        streamer = Thread.currentThread();
        while (!client.terminated()) {
            client.sendEvent("more");
        }
        // As Jetty does with the request of a client that has gone.
        client.ctx().req().getAsyncContext().complete();
        while (isThere(client.ctx())) {
            Thread.onSpinWait();
        }
    }

    private static boolean isThere(Context ctx) {
        try {
            return ctx.path() != null;
        } catch (RuntimeException e) {
            return false;
        }
    }

    @AfterEach
    void stop() {
        server.close();
        metrics.close();
    }

    /** An answer as it came. */
    private record Answer(int status, String headers, String body) {
        static Answer parse(String text) {
            int end = text.indexOf("\r\n\r\n");
            assertThat(end).as(text).isPositive();
            return new Answer(
                    Integer.parseInt(text.split(" ", 3)[1]),
                    text.substring(0, end).toLowerCase(Locale.ROOT),
                    text.substring(end + 4));
        }
    }

    @Test
    void shouldSayTheSameOfHeadAsOfGet() throws IOException {
        health = Health.waiting("waiting for Redis");
        for (String path : List.of("/metrics", "/health/live", "/health/ready", "/nowhere", "/failing")) {
            Answer get = get(path);
            Answer head = send("HEAD " + path + " HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n");
            assertThat(head.status).as(path).isEqualTo(get.status);
            assertThat(head.headers.lines().filter(line -> line.startsWith("content-type")))
                    .as(path)
                    .containsExactlyElementsOf(get.headers
                            .lines()
                            .filter(line -> line.startsWith("content-type"))
                            .toList());
            assertThat(head.body).as(path).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/health/%00",
                "/health/%zz",
                "/health/%",
                "/health/%2e%2e/x",
                "/health/a%2Fb",
                "/health/a%5Cb",
                "/nowhere"
            })
    void shouldAnswerWithJsonWhenAPathIsUnknownOrUnreadable(String path) throws IOException {
        Answer answer = get(path);
        assertThat(answer.status).isBetween(400, 404);
        assertIsJsonError(answer);
    }

    @Test
    void shouldAnswerWithJsonWhateverIsWrongWithTheRequest() throws IOException {
        assertRefused(414, "GET /" + "x".repeat(9_000) + " HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n");
        assertRefused(431, "GET /metrics HTTP/1.1\r\nHost: here\r\nX: " + "x".repeat(20_000) + "\r\n\r\n");
        assertRefused(400, "GET /metrics HTTP/1.1\r\n\r\n");
        assertRefused(400, "GET /metrics HTTP/1.1\r\nHost: here\r\nContent-Length: many\r\n\r\n");
        assertRefused(405, "POST /metrics HTTP/1.1\r\nHost: here\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        assertRefused(500, "GET /failing HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n");
    }

    @Test
    void shouldAnswerOthersWhileManySendOnlyHalfARequest() throws IOException {
        List<Socket> halfOpen = new ArrayList<>();
        try {
            for (int i = 0; i < MANY; i++) {
                Socket socket = connect();
                halfOpen.add(socket);
                String half = i % 2 == 0
                        ? "GET /health/ready HTT"
                        : "POST /health/ready HTTP/1.1\r\nHost: here\r\nContent-Length: 10\r\n\r\nhalf";
                socket.getOutputStream().write(half.getBytes(UTF_8));
                socket.getOutputStream().flush();
            }

            assertThat(get("/health/ready").status).isEqualTo(200);
        } finally {
            for (Socket socket : halfOpen) {
                socket.close();
            }
        }
    }

    /**
     * A thread still writes to a stream when its client has gone and Jetty has taken the request back. What comes after
     * the handler then fails, and so does every look at the request. Javalin handles that failure once, and not again
     * and again.
     */
    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void shouldEndARequestWhoseClientHasGoneWhileItsStreamIsWritten() throws IOException {
        try (Socket client = connect()) {
            client.getOutputStream()
                    .write("GET /stream HTTP/1.1\r\nHost: here\r\nAccept: text/event-stream\r\n\r\n".getBytes(UTF_8));
            assertThat(client.getInputStream().read()).isEqualTo('H');
        }
        while (streamer == null || isWorking(streamer)) {
            Thread.onSpinWait();
        }

        assertThat(get("/health/ready").status).isEqualTo(200);
    }

    private static boolean isWorking(Thread thread) {
        return Arrays.stream(thread.getStackTrace())
                .anyMatch(frame -> frame.getClassName().startsWith("io.javalin"));
    }

    private void assertRefused(int status, String request) throws IOException {
        Answer answer = send(request);
        assertThat(answer.status).as(request).isEqualTo(status);
        assertIsJsonError(answer);
    }

    private static void assertIsJsonError(Answer answer) throws IOException {
        assertThat(answer.headers)
                .contains("content-type: application/json", "x-content-type-options: nosniff")
                .contains("cache-control: no-store", "content-security-policy: default-src 'none'")
                .doesNotContain("server:");
        JsonNode body = new JsonMapper().readTree(answer.body);
        assertThat(body.size()).isEqualTo(1);
        assertThat(body.path("error").textValue()).isNotBlank();
    }

    private Answer get(String path) throws IOException {
        return send("GET " + path + " HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n");
    }

    /** Sends bytes that no HTTP client would, and reads until the server closes the connection. */
    private Answer send(String request) throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(request.getBytes(UTF_8));
            socket.getOutputStream().flush();
            return Answer.parse(new String(socket.getInputStream().readAllBytes(), UTF_8));
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        socket.setSoTimeout(20_000);
        return socket;
    }
}
