package redpacket.sink.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import redpacket.clients.RedisConnection;
import redpacket.ledger.LedgerHealth;
import redpacket.parts.LocalRedis;
import redpacket.parts.LocalServers;
import redpacket.service.HttpServer;
import redpacket.sink.readmodel.RandomHistory;
import redpacket.sink.readmodel.ReadModel;
import redpacket.sink.readmodel.Retention;
import redpacket.sink.readmodel.Views;

/** The server answers as described by {@code openapi.yaml}, also to invalid requests and while Redis is unavailable. */
class HttpApiIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int SHARES = 25;

    private static LocalServers servers;
    private static RedisConnection redis;
    private static ReadModel readModel;
    private static HttpServer server;
    private static OpenApi openApi;
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @BeforeAll
    static void start() throws Exception {
        servers = LocalServers.start(2);
        long seed = Long.getLong("redpacket.seed", System.nanoTime());
        System.err.println("-Dredpacket.seed=" + seed);
        try (RandomHistory history = new RandomHistory(servers.kafka(), new Random(seed))) {
            history.sellOut("sold-out", SHARES).randomSteps(1_000).cancelPrizes("cancelled");
        }
        redis = RedisConnection.open(servers.redis());
        readModel = ReadModel.start(servers.kafka(), redis, "http", Retention.DEFAULT);
        server = serve(redis);
        openApi = new OpenApi(get("/openapi.yaml").body());
        await().atMost(PATIENCE).until(() -> get("/health").statusCode() == 200);
        await().atMost(PATIENCE).until(() -> get("/packets/sold-out").statusCode() == 200);
        await().atMost(PATIENCE).until(() -> get("/packets/cancelled").body().contains("\"status\":\"cancelled\""));
        await().atMost(PATIENCE).until(() -> readModel.status().lag() == 0);
    }

    @AfterAll
    static void stop() {
        server.close();
        readModel.close();
        redis.close();
        servers.close();
    }

    private static HttpServer serve(RedisConnection redis) {
        LedgerHealth ledger = new LedgerHealth(LedgerHealth.State.WRITING, "", 7, 0);
        Views views = new Views(redis);
        HttpApi api = new HttpApi(views, BuildingWatch.over(views), readModel::status, () -> Optional.of(ledger));
        return HttpServer.start("127.0.0.1", 0, List.of(api));
    }

    @Test
    void shouldAnswerAsDescribedWhenPathIsDocumented() throws Exception {
        for (String path : openApi.paths()) {
            if (!path.endsWith(".yaml")) {
                String asked = path.replace("{packetId}", "sold-out")
                        .replace("{userId}", "user-1")
                        .replace("{campaign}", "spring");
                assertDescribed(path, asked, 200);
            }
        }
    }

    @Test
    void shouldShowPacketWhenItIsSoldOut() throws Exception {
        JsonNode packet = json("/packets/sold-out?limit=3");

        assertThat(packet.get("status").textValue()).isEqualTo("sold-out");
        assertThat(packet.get("sharesLeft").intValue()).isZero();
        assertThat(packet.get("centsLeft").longValue()).isZero();
        assertThat(packet.get("awardedCents")).isEqualTo(packet.get("totalCents"));
        assertThat(packet.get("winners")).hasSize(3);
        assertThat(packet.get("nextAfter").intValue()).isEqualTo(2);
    }

    @Test
    void shouldShowPrizesAndRefundWhenPacketIsCancelled() throws Exception {
        assertDescribed("/packets/{packetId}", "/packets/cancelled", 200);
        JsonNode packet = json("/packets/cancelled");

        assertThat(packet.get("currency").textValue()).isEqualTo("tea-points");
        assertThat(packet.get("title").textValue()).isEqualTo("恭喜发财 🧧");
        assertThat(packet.get("prizes")).hasSize(2);
        assertThat(packet.at("/onlyUsers/count").intValue()).isEqualTo(3);
        assertThat(packet.get("startsAtMillis").longValue())
                .isGreaterThan(packet.get("openedAtMillis").longValue());
        assertThat(packet.get("refundedCents").longValue()).isZero();
        assertThat(packet.at("/luckiest/share/prize").textValue()).isEqualTo("Main prize");
        assertThat(packet.get("winners")).hasSize(2);
        assertThat(packet.at("/winners/1/share/cents").longValue()).isZero();
        assertThat(packet.at("/winners/1/share/prize").textValue()).isEqualTo("Better luck next time");
        assertThat(packet.at("/winners/1/currency").textValue()).isEqualTo("tea-points");
    }

    /** A page of one award ends in the middle of entries that have a currency and the name of a prize. */
    @Test
    void shouldDescribeEveryAwardWhenPacketsHaveSpecialTerms() throws Exception {
        for (JsonNode winner : json("/packets/cancelled").get("winners")) {
            String path = "/users/" + encoded(winner.get("userId").textValue()) + "/awards?limit=1";
            JsonNode page = json(path);
            assertThat(page.at("/awards/0")).isEqualTo(winner);
            assertDescribed("/users/{userId}/awards", path, 200);
            if (page.has("nextAfter")) {
                assertDescribed(
                        "/users/{userId}/awards",
                        path + "&after=" + page.get("nextAfter").textValue(),
                        200);
            }
        }
    }

    @Test
    void shouldShowWindowsOfOneCurrencyWhenAskedForIt() throws Exception {
        assertDescribed("/stats/all/windows", "/stats/all/windows?currency=CNY", 200);
        assertDescribed(
                "/stats/campaign/{campaign}/windows", "/stats/campaign/spring/windows?currency=tea-points", 200);

        JsonNode all = json("/stats/all/windows?currency=CNY");
        assertThat(all.get("scope").textValue()).isEqualTo("all/CNY");
        assertThat(all.get("windows")).isNotEmpty();
        assertThat(json("/stats/campaign/spring/windows?currency=tea-points").get("windows"))
                .isNotEmpty();
        assertThat(json("/stats/all/windows?currency=USD").get("windows")).isEmpty();
        assertDescribed("/stats/all/windows", "/stats/all/windows?currency=cny", 400);
    }

    @Test
    void shouldReturnEveryWinnerOnceWhenPaged() throws Exception {
        List<Integer> indexes = new ArrayList<>();
        String query = "?limit=10";
        while (query != null) {
            JsonNode page = json("/packets/sold-out/winners" + query);
            page.get("winners")
                    .forEach(winner -> indexes.add(winner.at("/share/index").intValue()));
            query = page.has("nextAfter") ? "?limit=10&after=" + page.get("nextAfter") : null;
        }

        assertThat(indexes).hasSize(SHARES).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void shouldReturnEveryAwardOnceWhenPaged() throws Exception {
        // This user has at least one award. The history is long enough for more.
        String path = "/users/"
                + encoded(json("/packets/sold-out").at("/winners/0/userId").textValue()) + "/awards";
        JsonNode all = json(path + "?limit=1000").get("awards");
        List<JsonNode> paged = new ArrayList<>();
        String query = "?limit=2";
        while (query != null) {
            JsonNode page = json(path + query);
            page.get("awards").forEach(paged::add);
            query = page.has("nextAfter")
                    ? "?limit=2&after=" + page.get("nextAfter").textValue()
                    : null;
        }

        assertThat(paged).hasSizeGreaterThan(2).containsExactlyElementsOf(all);
    }

    @Test
    void shouldFindUserWhenIdComesFromAnIdentityProvider() throws Exception {
        for (String userId : List.of("auth0|5f7c", "kim@example.com", "oX+/==", "%2F;?#[]{}<>'`^~!$&*(),", "%", "//")) {
            JsonNode awards = json("/users/" + encoded(userId) + "/awards");
            assertThat(awards.get("userId").textValue()).isEqualTo(userId);
        }
        String winner = "";
        for (int i = 0; i < SHARES && !winner.contains("/"); i++) {
            winner = json("/packets/sold-out").at("/winners/" + i + "/userId").textValue();
        }
        assertThat(winner).startsWith("auth0|");
        assertThat(json("/users/" + encoded(winner) + "/awards").get("awards")).isNotEmpty();
    }

    @Test
    void shouldAnswerWithReasonWhenRequestIsInvalid() throws Exception {
        assertDescribed("/packets/{packetId}", "/packets/a%20b", 400);
        assertDescribed("/packets/{packetId}", "/packets/" + "x".repeat(129), 400);
        assertDescribed("/packets/{packetId}", "/packets/never-opened", 404);
        assertDescribed("/packets/{packetId}/winners", "/packets/never-opened/winners", 404);
        assertDescribed("/packets/{packetId}/winners", "/packets/sold-out/winners?limit=0", 400);
        assertDescribed("/packets/{packetId}/winners", "/packets/sold-out/winners?after=x", 400);
        assertDescribed("/users/{userId}/awards", "/users/user-1/awards?limit=1001", 400);
        assertDescribed("/users/{userId}/awards", "/users/user-1/awards?after=%7B", 400);
        // Valid Base64, but not a cursor.
        assertDescribed("/users/{userId}/awards", "/users/user-1/awards?after=xx", 400);
        assertDescribed("/stats/campaign/{campaign}/windows", "/stats/campaign/%C3%A4/windows", 400);
        assertDescribed("/packets/{packetId}", "/packets/%00", 400);
        assertThat(json(get("/packets/" + "x".repeat(9_000))).get("error").textValue())
                .isNotEmpty();
        assertThat(get("/packets/a%20b").body()).contains("packetId has the character U+0020 at position 1");
        assertThat(get("/nowhere").statusCode()).isEqualTo(404);
        assertThat(json(get("/nowhere")).get("error").textValue()).isNotEmpty();
    }

    @Test
    void shouldReturnEmptyPageWhenAfterIsBehindTheEnd() throws Exception {
        assertThat(json("/packets/sold-out/winners?after=2147483646").get("winners"))
                .isEmpty();
        assertThat(json("/packets/sold-out/winners?after=" + (SHARES - 1)).get("winners"))
                .isEmpty();
        assertThat(json("/users/nobody/awards").get("awards")).isEmpty();
    }

    @Test
    void shouldRefuseWhenMethodIsNeitherGetNorHead() throws Exception {
        for (String method : List.of("POST", "PUT", "DELETE", "PATCH")) {
            HttpResponse<String> response = CLIENT.send(
                    HttpRequest.newBuilder(uri(server, "/packets/sold-out"))
                            .method(method, BodyPublishers.ofString("{}"))
                            .build(),
                    BodyHandlers.ofString());
            assertThat(response.statusCode()).isEqualTo(405);
            assertThat(response.headers().firstValue("Allow")).contains("GET, HEAD");
            assertThat(json(response).get("error").textValue()).isNotEmpty();
        }
    }

    @Test
    void shouldAnswerWithStatusAndHeadersOfGetWhenMethodIsHead() throws Exception {
        for (String path : List.of(
                "/packets/sold-out",
                "/packets/never-opened",
                "/packets/a%20b/winners",
                "/users/user-1/awards?limit=0",
                "/stats/all/windows",
                "/health",
                "/openapi.yaml")) {
            HttpResponse<String> get = get(path);
            HttpResponse<String> head = head(server, path);
            assertThat(head.statusCode()).as(path).isEqualTo(get.statusCode());
            assertThat(head.headers().firstValue("Content-Type"))
                    .as(path)
                    .isEqualTo(get.headers().firstValue("Content-Type"));
            assertThat(head.body()).isEmpty();
        }
    }

    @Test
    void shouldSendSecurityHeadersWhenAnswering() throws Exception {
        for (String path : List.of("/packets/sold-out", "/nowhere", "/health")) {
            HttpResponse<String> response = get(path);
            assertThat(response.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
            assertThat(response.headers().firstValue("Content-Security-Policy"))
                    .contains("default-src 'none'; frame-ancestors 'none'");
            assertThat(response.headers().firstValue("Cache-Control")).contains("no-store");
            assertThat(response.headers().map()).doesNotContainKeys("access-control-allow-origin", "server");
        }
    }

    @Test
    void shouldAnswerUnavailableWhenRedisIsUnavailable() throws Exception {
        try (LocalRedis killed = LocalRedis.start();
                RedisConnection connection = RedisConnection.open(killed.address());
                HttpServer other = serve(connection)) {
            assertThat(get(other, "/packets/any").statusCode())
                    .as("nothing is built yet")
                    .isEqualTo(503);
            killed.kill();
            for (String path : openApi.paths()) {
                if (!path.endsWith(".yaml") && !path.equals("/health/live")) {
                    HttpResponse<String> response = get(other, path.replaceAll("[{}]", ""));
                    assertThat(response.statusCode()).as(path).isEqualTo(503);
                    assertThat(openApi.faults(path, 503, json(response))).isEmpty();
                }
            }
            assertThat(head(other, "/health").statusCode()).isEqualTo(503);
            assertThat(get(other, "/health/live").statusCode())
                    .as("a restart of the sink would not help")
                    .isEqualTo(200);
        }
    }

    /** The promise is a time: of several answers the fastest counts, as this machine may be busy. */
    @Test
    void shouldAnswerForItsHealthAtOnceWhenRedisHangs() {
        try (LocalRedis hanging = LocalRedis.start();
                RedisConnection connection = RedisConnection.open(hanging.address());
                HttpServer other = serve(connection)) {
            hanging.pause();
            await().atMost(PATIENCE).until(() -> {
                long start = System.nanoTime();
                String health = get(other, "/health/ready").body();
                return System.nanoTime() - start < 100_000_000
                        && health.contains("Redis is unavailable: no answer within");
            });
            hanging.resume();
        }
    }

    private static void assertDescribed(String path, String asked, int status) throws Exception {
        HttpResponse<String> response = get(asked);
        assertThat(response.statusCode()).as(asked).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(openApi.faults(path, status, json(response))).as(asked).isEmpty();
    }

    private static JsonNode json(String path) throws Exception {
        HttpResponse<String> response = get(path);
        assertThat(response.statusCode()).as(path).isEqualTo(200);
        return json(response);
    }

    private static JsonNode json(HttpResponse<String> response) throws IOException {
        return new JsonMapper().readTree(response.body());
    }

    /** Encodes like encodeURIComponent in JavaScript. */
    private static String encoded(String id) {
        return URLEncoder.encode(id, UTF_8).replace("+", "%20");
    }

    private static HttpResponse<String> get(String path) throws Exception {
        return get(server, path);
    }

    private static HttpResponse<String> get(HttpServer server, String path) throws Exception {
        return CLIENT.send(HttpRequest.newBuilder(uri(server, path)).build(), BodyHandlers.ofString());
    }

    private static HttpResponse<String> head(HttpServer server, String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(uri(server, path))
                .method("HEAD", BodyPublishers.noBody())
                .build();
        return CLIENT.send(request, BodyHandlers.ofString());
    }

    private static URI uri(HttpServer server, String path) {
        return URI.create("http://127.0.0.1:" + server.port() + path);
    }
}
