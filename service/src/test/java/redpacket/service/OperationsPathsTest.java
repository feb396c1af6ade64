package redpacket.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.Gauge;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OperationsPathsTest {
    private static final String HOST = "127.0.0.1";

    private final HttpClient client = HttpClient.newHttpClient();
    private final AtomicReference<Health> health = new AtomicReference<>(Health.ready("ready: all is well"));
    private Metrics metrics;
    private HttpServer server;

    @BeforeEach
    void start() {
        metrics = new Metrics();
        metrics.tell(health::get);
        server = serve(0);
    }

    @AfterEach
    void stop() {
        server.close();
        metrics.close();
    }

    @Test
    void shouldBeLiveAndReadyWhenTheProcessWorks() throws Exception {
        assertAnswer("/health/live", 200, "ready: all is well\n");
        assertAnswer("/health/ready", 200, "ready: all is well\n");
    }

    @Test
    void shouldBeLiveButNotReadyWhenTheProcessWaits() throws Exception {
        health.set(Health.waiting("waiting for Redis"));

        assertAnswer("/health/live", 200, "waiting for Redis\n");
        assertAnswer("/health/ready", 503, "waiting for Redis\n");
    }

    @Test
    void shouldBeNeitherLiveNorReadyWhenOnlyARestartHelps() throws Exception {
        health.set(Health.dead("dead: no thread is left"));

        assertAnswer("/health/live", 503, "dead: no thread is left\n");
        assertAnswer("/health/ready", 503, "dead: no thread is left\n");
    }

    @Test
    void shouldShowTheMetricsInPrometheusFormat() throws Exception {
        HttpResponse<String> ready = get("/metrics");
        assertThat(ready.statusCode()).isEqualTo(200);
        assertThat(ready.headers().firstValue("content-type")).contains("text/plain; version=0.0.4; charset=utf-8");
        assertThat(ready.body()).contains("redpacket_live 1.0", "redpacket_ready 1.0", "jvm_memory_used_bytes");

        health.set(Health.waiting("waiting"));
        assertThat(get("/metrics").body()).contains("redpacket_live 1.0", "redpacket_ready 0.0");
        health.set(Health.dead("dead"));
        assertThat(get("/metrics").body()).contains("redpacket_live 0.0", "redpacket_ready 0.0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/health", "/health/", "/health/live/", "/health/liver", "/metrics/jvm", "/metricsx"})
    void shouldNotFindAnyOtherPath(String path) throws Exception {
        assertThat(get(path).statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE"})
    void shouldAllowNothingButGet(String method) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(uri("/health/live"))
                .method(method, HttpRequest.BodyPublishers.ofString("down"))
                .build();

        assertThat(client.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(405);
    }

    @Test
    void shouldTellProxiesToKeepNoAnswer() throws Exception {
        assertThat(get("/health/ready").headers().firstValue("cache-control")).contains("no-store");
    }

    @Test
    void shouldAnswerForTheHealthWhenALookAtTheMetricsHangs() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        metrics.bind(registry -> Gauge.builder("slow", () -> {
                    asked.countDown();
                    awaitUninterrupted(goOn);
                    return 1;
                })
                .register(registry));
        CompletableFuture<HttpResponse<String>> slow =
                client.sendAsync(HttpRequest.newBuilder(uri("/metrics")).build(), BodyHandlers.ofString());
        asked.await();

        assertAnswer("/health/ready", 200, "ready: all is well\n");

        goOn.countDown();
        assertThat(slow.join().body()).contains("slow 1.0");
    }

    @Test
    void shouldSayWhereItCannotListenWhenThePortIsTaken() {
        assertThatThrownBy(() -> serve(server.port()))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining(HOST + ":" + server.port());
    }

    @Test
    void shouldGiveThePortFreeWhenItIsClosed() {
        server.close();

        assertThatThrownBy(() -> get("/health/live")).isInstanceOf(IOException.class);
        serve(server.port()).close();
    }

    private HttpServer serve(int port) {
        return HttpServer.start(HOST, port, List.of(new MetricsPath(metrics), new HealthPaths(health::get)));
    }

    private void assertAnswer(String path, int status, String body) throws Exception {
        HttpResponse<String> answer = get(path);
        assertThat(answer.statusCode()).as(path).isEqualTo(status);
        assertThat(answer.body()).isEqualTo(body);
        // Jetty writes it without the space.
        assertThat(answer.headers().firstValue("content-type")).contains("text/plain;charset=utf-8");
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create("http://" + HOST + ":" + server.port() + path);
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
