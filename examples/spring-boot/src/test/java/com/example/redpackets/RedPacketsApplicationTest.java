package com.example.redpackets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import redpacket.producer.PacketClient;

/** Needs a pipeline, whose Kafka {@code SPRING_KAFKA_BOOTSTRAP_SERVERS} names. */
class RedPacketsApplicationTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int MANY = 200;

    /** The connection was refused or cut. */
    private static final int NO_ANSWER = 0;

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static ConfigurableApplicationContext service;

    private final String packetId = "spring-" + UUID.randomUUID();
    private final String kim = "kim-" + packetId;

    @BeforeAll
    static void start() {
        service = run();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static ConfigurableApplicationContext run() {
        // A patience for a busy machine.
        return SpringApplication.run(RedPacketsApplication.class, "--server.port=0", "--redpacket.patience=1m");
    }

    @Test
    void shouldAnswerAndPayOnceWhenAUserGrabsTwice() throws Exception {
        String lee = "lee-" + packetId;
        assertThat(open(1_000, 2).statusCode()).isEqualTo(201);
        HttpResponse<String> won = grab("g1", kim);
        HttpResponse<String> again = grab("g1", kim);
        grab("g2", lee);
        HttpResponse<String> late = grab("g3", "mei");

        assertThat(won.statusCode()).isEqualTo(200);
        assertThat(won.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(won.body()).contains("\"outcome\":\"AWARDED\"", "\"cents\":500", "\"repeat\":false");
        assertThat(again.body()).contains("\"outcome\":\"AWARDED\"", "\"cents\":500", "\"repeat\":true");
        assertThat(late.body()).contains("\"outcome\":\"SOLD_OUT\"");
        // The results of a packet come in order, so those of kim came before.
        await().atMost(PATIENCE).until(() -> cents(lee).equals("500"));
        assertThat(cents(kim)).isEqualTo("500");
    }

    @Test
    void shouldSayWhatIsWrongWhenARequestIsInvalid() throws Exception {
        assertThat(open(1_000, 1).statusCode()).isEqualTo(201);

        assertThat(open(2_000, 1).statusCode()).isEqualTo(409);
        assertThat(open(0, 1).statusCode()).isEqualTo(400);
        HttpResponse<String> invalid = grab("g 1", kim);
        assertThat(invalid.statusCode()).isEqualTo(400);
        assertThat(invalid.body()).contains("grabId has the character U+0020");
    }

    @Test
    void shouldBeReadyWhenTheClientReadsAnswers() throws Exception {
        HttpResponse<String> ready = get("/actuator/health/readiness");

        assertThat(ready.statusCode()).isEqualTo(200);
        assertThat(ready.body()).contains("\"status\":\"UP\"");
    }

    @Test
    void shouldAnswerEveryGrabThatItHasTakenWhenItStops() throws Exception {
        assertThat(open(MANY, MANY).statusCode()).isEqualTo(201);
        List<CompletableFuture<Integer>> statuses = new ArrayList<>();
        ConfigurableApplicationContext stopping = run();
        try {
            PacketClient client = stopping.getBean(PacketClient.class);
            for (int i = 0; i < MANY; i++) {
                HttpRequest request = grabRequest(portOf(stopping), "g" + i, "user-" + i);
                statuses.add(HTTP.sendAsync(request, BodyHandlers.ofString())
                        .handle((response, refused) -> refused == null ? response.statusCode() : NO_ANSWER));
            }
            await().atMost(PATIENCE)
                    .until(() -> client.waiting() > 0 || statuses.stream().anyMatch(CompletableFuture::isDone));
        } finally {
            stopping.close();
        }

        for (int i = 0; i < MANY; i++) {
            int status = statuses.get(i).join();
            assertThat(status).isIn(200, NO_ANSWER);
            // Without an answer nothing was sent: the other instance sends the grab for the first time.
            assertThat(grab("g" + i, "user-" + i).body()).contains("\"repeat\":" + (status == 200));
        }
    }

    private HttpResponse<String> open(long totalCents, int shares) throws Exception {
        String body = "{\"packetId\":\"%s\",\"senderId\":\"alice\",\"totalCents\":%d,\"shares\":%d,\"split\":\"EQUAL\"}"
                .formatted(packetId, totalCents, shares);
        return HTTP.send(request(portOf(service), "/packets", body), BodyHandlers.ofString());
    }

    private HttpResponse<String> grab(String grabId, String userId) throws Exception {
        return HTTP.send(grabRequest(portOf(service), grabId, userId), BodyHandlers.ofString());
    }

    private HttpRequest grabRequest(int port, String grabId, String userId) {
        String body = "{\"grabId\":\"%s\",\"userId\":\"%s\"}".formatted(grabId, userId);
        return request(port, "/packets/" + packetId + "/grabs", body);
    }

    private static HttpRequest request(int port, String path, String body) {
        return HttpRequest.newBuilder(uri(port, path))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build();
    }

    private static String cents(String userId) throws Exception {
        return get("/users/" + userId + "/cents").body();
    }

    private static HttpResponse<String> get(String path) throws Exception {
        return HTTP.send(HttpRequest.newBuilder(uri(portOf(service), path)).build(), BodyHandlers.ofString());
    }

    private static URI uri(int port, String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    private static int portOf(ConfigurableApplicationContext running) {
        return running.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }
}
