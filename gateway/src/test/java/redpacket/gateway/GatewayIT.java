package redpacket.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.PlainJWT;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import redpacket.clients.RedisConnection;
import redpacket.events.AwardResult;
import redpacket.events.PacketEvent;
import redpacket.events.Topic;
import redpacket.events.TraceContext;
import redpacket.gateway.access.Access;
import redpacket.gateway.access.JwtKeys;
import redpacket.gateway.access.Jwts;
import redpacket.gateway.access.SignedJwts;
import redpacket.gateway.access.Tokens;
import redpacket.parts.LocalServers;
import redpacket.reader.Committed;
import redpacket.reader.CommittedReader;
import redpacket.reader.ReadCommitted;
import redpacket.reader.ResultListener;
import redpacket.service.Metrics;
import redpacket.topology.packet.SeedSecret;
import redpacket.topology.shares.ShareQueues;
import redpacket.topology.streams.RedPacketApplication;
import redpacket.topology.streams.StreamsSettings;
import redpacket.topology.streams.TopologyDependencies;

/** Clients of a gateway get the answers of a real pipeline, as {@code openapi.yaml} describes them. */
class GatewayIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String OPENS = "/packets";
    private static final String GRABS = "/packets/{packetId}/grabs";
    private static final String ALL = "token-with-all-roles";
    private static final String GRABBER = "token-of-a-grabber";
    private static final String TOKENS = "all opener,grabber,reader " + ALL + "\nmobile grabber " + GRABBER;

    /** More than the server has threads. */
    private static final int MANY = 300;

    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final JsonMapper JSON = new JsonMapper();
    private static final Metrics METRICS = new Metrics();

    @TempDir
    private static Path state;

    private static LocalServers servers;
    private static RedisConnection redis;
    private static ShareQueues queues;
    private static RedPacketApplication topology;
    private static Gateway gateway;
    private static OpenApi openApi;

    private final String packetId = "packet-" + UUID.randomUUID();

    @BeforeAll
    static void start() throws Exception {
        servers = LocalServers.start(2);
        gateway = Gateway.start(settings(Access.with(Optional.of(Tokens.parse(TOKENS, 100_000)), jwts())), METRICS);
        openApi = new OpenApi(get(gateway, "/openapi.yaml").body());
        HttpResponse<String> early = post(ALL, OPENS, open("early", 1));
        assertDescribed(OPENS, early, 503);
        assertThat(get(gateway, "/health/ready").statusCode()).isEqualTo(503);
        assertThat(get(gateway, "/health/live").statusCode()).isEqualTo(200);

        assertThat(gateway.connect()).isTrue();
        assertThat(get(gateway, "/health/ready").statusCode()).isEqualTo(200);
        // No topology runs yet.
        HttpResponse<String> pending = post(ALL, OPENS, open("early", 1), "Prefer", "wait=0");
        assertDescribed(OPENS, pending, 202);
        assertThat(pending.headers().firstValue("Preference-Applied")).contains("wait=0");
        assertThat(pending.headers().firstValue("Retry-After")).contains("1");

        redis = RedisConnection.open(servers.redis());
        queues = new ShareQueues(redis);
        topology = RedPacketApplication.start(
                new StreamsSettings(servers.kafka(), "redpacket", state, 1, 1),
                TopologyDependencies.of(SeedSecret.of("secret of the gateway"), queues));
        await().atMost(Duration.ofMinutes(2))
                .until(() -> post(ALL, OPENS, open("early", 1)).statusCode() == 201);
    }

    @AfterAll
    static void stop() {
        gateway.close();
        topology.close();
        queues.close();
        redis.close();
        servers.close();
        METRICS.close();
    }

    private static Optional<Jwts> jwts() {
        JwtKeys keys = JwtKeys.parsePublic(new JWKSet(SignedJwts.EC.toPublicJWK()).toString());
        Jwts.Rules rules =
                new Jwts.Rules(keys, List.of(JWSAlgorithm.ES256), Optional.empty(), Optional.empty(), "roles");
        return Optional.of(new Jwts(rules, 1_000, Clock.systemUTC()));
    }

    private static String jwt(String user, String... roles) throws Exception {
        return SignedJwts.withEc(SignedJwts.claims(user, Instant.now(), roles));
    }

    private static Gateway.Settings settings(Access access) {
        return new Gateway.Settings(servers.kafka(), access, PATIENCE, "127.0.0.1", 0, 1_000);
    }

    @Test
    void shouldAnswerWithTheEventWhenAPacketIsOpened() throws Exception {
        HttpResponse<String> opened = post(ALL, OPENS, open(packetId, 2));
        HttpResponse<String> again = post(ALL, OPENS, open(packetId, 2));

        assertDescribed(OPENS, opened, 201);
        assertDescribed(OPENS, again, 201);
        assertThat(json(opened).path("packetId").textValue()).isEqualTo(packetId);
        assertThat(json(again).path("commitment")).isEqualTo(json(opened).path("commitment"));
        assertThat(json(again).path("openedAtMillis")).isEqualTo(json(opened).path("openedAtMillis"));
    }

    @Test
    void shouldGiveTheReasonWhenAPacketIsRefused() throws Exception {
        post(ALL, OPENS, open(packetId, 2));
        HttpResponse<String> taken = post(ALL, OPENS, open(packetId, 3));
        HttpResponse<String> impossible = post(ALL, OPENS, open("other-" + packetId, 2_000_000));

        assertDescribed(OPENS, taken, 409);
        assertThat(json(taken).path("reason").textValue()).isEqualTo("OTHER_TERMS");
        assertDescribed(OPENS, impossible, 422);
        assertThat(json(impossible).path("reason").textValue()).isEqualTo("TOO_MANY_SHARES");
        assertThat(json(impossible).path("error").textValue()).startsWith("2000000 shares are too many");
    }

    @Test
    void shouldAnswerWithTheResultWhenUsersGrab() throws Exception {
        post(ALL, OPENS, open(packetId, 1));
        HttpResponse<String> won = post(GRABBER, grabs(), "{\"userId\":\"kim@example.com\",\"grabId\":\"g|1\"}");
        HttpResponse<String> repeated =
                post(GRABBER, grabs(), "{\"userId\":\"kim@example.com\"}", "Idempotency-Key", "\"g|1\"");
        HttpResponse<String> late = post(GRABBER, grabs(), "{\"userId\":\"bob\",\"grabId\":\"g|1\"}");
        HttpResponse<String> lost =
                post(GRABBER, "/packets/nowhere-" + packetId + "/grabs", "{\"userId\":\"bob\",\"grabId\":\"g\"}");

        for (HttpResponse<String> answer : List.of(won, repeated, late, lost)) {
            assertDescribed(GRABS, answer, 200);
        }
        assertThat(json(won).path("outcome").textValue()).isEqualTo("AWARDED");
        assertThat(json(won).at("/share/cents").intValue()).isEqualTo(1_000);
        assertThat(json(won).path("repeat").booleanValue()).isFalse();
        assertThat(json(repeated).path("share")).isEqualTo(json(won).path("share"));
        assertThat(json(repeated).path("repeat").booleanValue()).isTrue();
        assertThat(json(late).path("outcome").textValue()).isEqualTo("SOLD_OUT");
        assertThat(json(lost).path("outcome").textValue()).isEqualTo("UNKNOWN_PACKET");
        assertThat(METRICS.scrape())
                .contains("redpacket_gateway_requests_seconds_count{operation=\"grab\",status=\"200\"}")
                .contains("redpacket_gateway_waiting 0.0", "redpacket_ready 1.0");
    }

    @Test
    void shouldSendNothingWhenTheClientMayNot() throws Exception {
        String grab = "{\"userId\":\"eve\",\"grabId\":\"g\"}";
        for (String token : new String[] {null, "", "guessed-token-0123456", ALL.substring(1), ALL + "x"}) {
            for (HttpResponse<String> answer :
                    List.of(post(token, OPENS, open(packetId, 1)), post(token, grabs(), grab))) {
                assertDescribed(answer.uri().getPath().equals(OPENS) ? OPENS : GRABS, answer, 401);
                assertThat(answer.headers().firstValue("WWW-Authenticate")).contains("Bearer");
            }
        }
        HttpResponse<String> forbidden = post(GRABBER, OPENS, open(packetId, 1));
        assertDescribed(OPENS, forbidden, 403);
        assertThat(json(forbidden).path("error").textValue()).isEqualTo("The token of mobile has not the role opener.");

        assertThat(keys(Topic.OPENS)).doesNotContain(packetId).contains("early");
        assertThat(keys(Topic.GRABS)).doesNotContain(packetId);
        assertThat(METRICS.scrape()).contains("{operation=\"grab\",status=\"401\"}");
    }

    @Test
    void shouldAnswerAUserWithAJwtForItsOwnGrabs() throws Exception {
        String kim = jwt("kim", "grabber", "opener", "reader");
        String opening = open(packetId, 1).replace("alice", "kim");
        assertDescribed(OPENS, post(kim, OPENS, opening), 201);

        HttpResponse<String> won = post(kim, grabs(), "{\"grabId\":\"g\"}");
        assertDescribed(GRABS, won, 200);
        assertThat(json(won).path("userId").textValue()).isEqualTo("kim");
        assertThat(json(won).path("outcome").textValue()).isEqualTo("AWARDED");
        assertDescribed(GRABS, post(kim, grabs(), "{\"userId\":\"kim\",\"grabId\":\"g\"}"), 200);
        try (EventStream listening = EventStream.open(gateway, kim, "kim", null)) {
            assertThat(listening.next().kind()).isEqualTo("position");
        }
    }

    @Test
    void shouldSendNothingWhenTheJwtIsOfAnotherUserOrProvesNothing() throws Exception {
        String grab = "{\"userId\":\"kim\",\"grabId\":\"g\"}";
        String eve = jwt("eve", "grabber", "opener", "reader");
        HttpResponse<String> refused = post(eve, grabs(), grab);
        assertDescribed(GRABS, refused, 403);
        assertThat(json(refused).path("error").textValue()).isEqualTo("userId is not eve, the user of this JWT.");
        assertDescribed(OPENS, post(eve, OPENS, open(packetId, 1)), 403);
        assertThat(send(request(eve, "/users/kim/events").header("Accept", "text/event-stream"))
                        .statusCode())
                .isEqualTo(403);
        assertDescribed(GRABS, post(jwt("kim", "reader"), grabs(), grab), 403);
        assertDescribed(OPENS, post(jwt("alice", "grabber"), OPENS, open(packetId, 1)), 403);
        String unsigned =
                new PlainJWT(SignedJwts.claims("kim", Instant.now(), "grabber").build()).serialize();
        String expired =
                SignedJwts.withEc(SignedJwts.claims("kim", Instant.now().minusSeconds(120), "grabber"));
        String good = jwt("kim", "grabber");
        for (String token : List.of(unsigned, expired, good.substring(0, good.length() - 6) + "AAAAAA", "a.b.c")) {
            HttpResponse<String> answer = post(token, grabs(), grab);
            assertDescribed(GRABS, answer, 401);
            assertThat(json(answer).path("error").textValue()).startsWith("The JWT is refused: ");
        }

        assertThat(keys(Topic.OPENS)).doesNotContain(packetId).contains("early");
        assertThat(keys(Topic.GRABS)).doesNotContain(packetId);
    }

    @Test
    void shouldSayWhatIsWrongWhenARequestIsInvalid() throws Exception {
        assertDescribed(OPENS, post(ALL, OPENS, "{"), 400);
        assertDescribed(OPENS, post(ALL, OPENS, ""), 400);
        assertDescribed(OPENS, post(ALL, OPENS, open("a b", 1)), 400);
        assertDescribed(GRABS, post(ALL, grabs(), "{\"userId\":10086,\"grabId\":\"g\"}"), 400);
        assertDescribed(GRABS, post(ALL, "/packets/a%20b/grabs", "{\"userId\":\"u\",\"grabId\":\"g\"}"), 400);
        assertDescribed(GRABS, post(ALL, grabs(), "{}", "Content-Type", "text/plain"), 415);
        String large = "{\"userId\":\"" + "u".repeat(5_000) + "\"}";
        assertDescribed(GRABS, post(ALL, grabs(), large), 413);
        // In chunks, without a Content-Length.
        BodyPublisher chunked = BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large.getBytes(UTF_8)));
        assertDescribed(GRABS, send(request(ALL, grabs()).POST(chunked)), 413);

        HttpResponse<String> wrongMethod = get(gateway, OPENS);
        assertThat(wrongMethod.statusCode()).isEqualTo(405);
        assertThat(wrongMethod.headers().firstValue("Allow")).contains("POST");
        assertThat(json(wrongMethod).path("error").textValue()).isEqualTo("GET is not allowed here, only POST.");
        assertThat(json(get(gateway, "/nowhere")).path("error").textValue()).isNotBlank();
    }

    @Test
    void shouldDescribeEveryBodyThatItTakes() throws Exception {
        assertThat(openApi.faultsOfRequest(OPENS, JSON.readTree(open(packetId, 1))))
                .isEmpty();
        assertThat(openApi.faultsOfRequest(GRABS, JSON.readTree("{\"userId\":\"u\",\"grabId\":\"auth0|7\"}")))
                .isEmpty();
        assertThat(openApi.faultsOfRequest(GRABS, JSON.readTree("{\"userId\":\"a b\"}")))
                .isNotEmpty();
        assertThat(openApi.statuses(OPENS)).contains("201", "202", "409", "422", "429", "503");
    }

    @Test
    void shouldAnswerOthersWhenManySendOnlyHalfABody() throws Exception {
        String half = "POST /packets HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + ALL
                + "\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"packetId\":";
        List<Socket> halfOpen = new ArrayList<>();
        try {
            for (int i = 0; i < MANY; i++) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port());
                halfOpen.add(socket);
                socket.getOutputStream().write(half.getBytes(UTF_8));
                socket.getOutputStream().flush();
            }

            assertDescribed(OPENS, post(ALL, OPENS, open(packetId, 1)), 201);
        } finally {
            for (Socket socket : halfOpen) {
                socket.close();
            }
        }
    }

    @Test
    void shouldAnswerOnlyThisMachineWhenThereAreNoTokens() throws Exception {
        try (Metrics metrics = new Metrics();
                Gateway open = Gateway.start(settings(Access.onThisMachine(2)), metrics)) {
            assertThat(open.connect()).isTrue();
            // The name of another host may resolve to this machine in a browser.
            String rebound = "POST /packets HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n"
                    + "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";
            assertThat(raw(open, rebound)).startsWith("HTTP/1.1 403 ").contains("answers only requests to localhost");

            HttpResponse<String> opened = send(HttpRequest.newBuilder(uri(open, OPENS))
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString(open(packetId, 1))));
            assertDescribed(OPENS, opened, 201);
        }
    }

    @Test
    void shouldRefuseWhenATokenSendsTooManyRequests() throws Exception {
        Tokens tokens = Tokens.parse(TOKENS, 1);
        try (Metrics metrics = new Metrics();
                Gateway slow = Gateway.start(settings(Access.with(tokens)), metrics)) {
            await().atMost(Duration.ofMinutes(1)).until(() -> {
                HttpResponse<String> answer = send(HttpRequest.newBuilder(uri(slow, OPENS))
                        .headers("Authorization", "Bearer " + ALL, "Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(open(packetId, 1))));
                assertDescribed(OPENS, answer, answer.statusCode());
                return answer.statusCode() == 429
                        && answer.headers().firstValue("Retry-After").isPresent();
            });
            // Another token has its own limit.
            assertThat(send(HttpRequest.newBuilder(uri(slow, "/packets/p/grabs"))
                                    .headers("Authorization", "Bearer " + GRABBER, "Content-Type", "application/json")
                                    .POST(BodyPublishers.ofString("{\"userId\":\"u\",\"grabId\":\"g\"}")))
                            .statusCode())
                    .isEqualTo(503);
        }
    }

    @Test
    @Timeout(120)
    void shouldTellEachResultOnceWhenAListenerResumesAtAnotherGateway() throws Exception {
        String user = "user-" + packetId;
        post(ALL, OPENS, open(packetId, 1));
        String lastId;
        try (EventStream listening = EventStream.open(gateway, ALL, user, null)) {
            assertThat(listening.next().kind()).isEqualTo("position");
            grab(user, "first");
            grab("other-" + user, "of another user");
            lastId = listening.nextResult("first").id();
        }
        grab(user, "second");
        grab(user, "third");
        try (Metrics metrics = new Metrics();
                Gateway other = Gateway.start(settings(Access.with(Tokens.parse(TOKENS, 100_000))), metrics)) {
            try (EventStream resumed = EventStream.open(other, ALL, user, lastId)) {
                resumed.nextResult("second");
                lastId = resumed.nextResult("third").id();
                grab(user, "fourth");
                resumed.nextResult("fourth");
            }
            try (EventStream resumed = EventStream.open(other, ALL, user, lastId)) {
                resumed.nextResult("fourth");
            }
            for (String unknown : List.of("nonsense", "zzzzzzzz.zzzzzzzz", "1.2.3")) {
                try (EventStream resumed = EventStream.open(other, ALL, user, unknown)) {
                    assertThat(resumed.next().kind()).isEqualTo("gap");
                }
            }
        }
    }

    @Test
    void shouldTellNothingWhenTheListenerMayNot() throws Exception {
        String path = "/users/kim/events";
        assertThat(send(request(null, path).header("Accept", "text/event-stream"))
                        .statusCode())
                .isEqualTo(401);
        assertThat(send(request(GRABBER, path).header("Accept", "text/event-stream"))
                        .statusCode())
                .isEqualTo(403);
        assertThat(send(request(ALL, path)).statusCode()).isEqualTo(406);
        assertThat(send(request(ALL, "/users/a%20b/events").header("Accept", "text/event-stream"))
                        .statusCode())
                .isEqualTo(400);
    }

    /**
     * A client opens and grabs in a span of a trace that has begun elsewhere. Readers of the topics and of the user's
     * events start a span for each answer. All are children of the client's span.
     */
    @Test
    @Timeout(120)
    void shouldBeOneTraceFromTheClientToTheReaders() throws Exception {
        String user = "user-" + packetId;
        Map<String, String> begun = Map.of(
                "traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "tracestate", "vendor=1");
        try (Spans spans = new Spans();
                CommittedReader reader =
                        CommittedReader.fromNow(servers.kafka().clientSettings(), Set.of(Topic.PACKETS, Topic.AWARDS));
                EventStream listening = EventStream.open(gateway, ALL, user, null)) {
            assertThat(listening.next().kind()).isEqualTo("position");
            String[] trace = inTurn(spans.start("client", begun));
            assertDescribed(OPENS, post(ALL, OPENS, open(packetId, 1), trace), 201);
            assertDescribed(OPENS, post(ALL, OPENS, open(packetId, 2), trace), 409);
            String grab = "{\"userId\":\"%s\",\"grabId\":\"g\"}".formatted(user);
            assertDescribed(GRABS, post(GRABBER, grabs(), grab, trace), 200);

            Map<String, TraceContext> traces = new TreeMap<>();
            await().untilAsserted(() -> {
                reader.poll(Duration.ofMillis(100), new Traces(packetId, traces));
                assertThat(traces).containsOnlyKeys("AwardResult", "Opened", "Rejected", "SoldOut");
            });
            // A closing event may come days after the command.
            assertThat(traces.remove("SoldOut")).isEqualTo(TraceContext.NONE);
            traces.forEach((event, its) -> spans.start(event, its.headers()));
            JsonNode told = JSON.readTree(listening.nextResult("g").data());
            spans.start(
                    "listener",
                    Map.of(
                            "traceparent", told.path("traceparent").asText(),
                            "tracestate", told.path("tracestate").asText()));

            assertThat(spans.ended())
                    .extracting(SpanData::getName)
                    .containsExactly("client", "AwardResult", "Opened", "Rejected", "listener");
            assertThat(spans.ended()).allSatisfy(span -> {
                assertThat(span.getTraceId()).isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
                assertThat(span.getSpanContext().getTraceState().get("vendor")).isEqualTo("1");
            });
            assertThat(spans.ended().subList(1, 5))
                    .extracting(SpanData::getParentSpanId)
                    .containsOnly(spans.ended().get(0).getSpanId());
        }
    }

    @Test
    @Timeout(120)
    void shouldSendNoTraceWhenTheRequestHasNoneOrSeveral() throws Exception {
        String parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        Map<String, TraceContext> traces = new TreeMap<>();
        try (CommittedReader reader = CommittedReader.fromNow(servers.kafka().clientSettings(), Set.of(Topic.AWARDS))) {
            grabWith("no headers");
            grabWith("only a state", "tracestate", "vendor=1");
            grabWith("no parent", "traceparent", "00", "tracestate", "vendor=1");
            grabWith("two parents", "traceparent", parent, "traceparent", parent.replace("-01", "-00"));
            grabWith("two states", "traceparent", parent, "tracestate", "a=1", "tracestate", "b=2");
            grabWith("other headers", "traceparent", parent, "baggage", "c=3");

            await().untilAsserted(() -> {
                reader.poll(Duration.ofMillis(100), new ResultListener() {
                    @Override
                    public void onAward(Committed<AwardResult> award) {
                        if (award.event().packetId().equals(packetId)) {
                            traces.put(award.event().grabId(), award.trace());
                        }
                    }
                });
                assertThat(traces)
                        .containsExactlyInAnyOrderEntriesOf(Map.of(
                                "no-headers", TraceContext.NONE,
                                "only-a-state", TraceContext.NONE,
                                "no-parent", TraceContext.NONE,
                                "two-parents", TraceContext.NONE,
                                "two-states", new TraceContext(parent, "a=1,b=2"),
                                "other-headers", new TraceContext(parent, null)));
            });
        }
    }

    /** By the kind of the event. */
    private record Traces(String packetId, Map<String, TraceContext> heard) implements ResultListener {
        @Override
        public void onAward(Committed<AwardResult> award) {
            hear(award.event().packetId(), award);
        }

        @Override
        public void onPacketEvent(Committed<PacketEvent> event) {
            hear(event.event().packetId(), event);
        }

        private void hear(String of, Committed<?> event) {
            if (of.equals(packetId)) {
                heard.put(event.event().getClass().getSimpleName(), event.trace());
            }
        }
    }

    private static String[] inTurn(Map<String, String> headers) {
        return headers.entrySet().stream()
                .flatMap(header -> Stream.of(header.getKey(), header.getValue()))
                .toArray(String[]::new);
    }

    private void grabWith(String grabId, String... headers) throws Exception {
        HttpRequest.Builder request = request(GRABBER, grabs());
        if (headers.length > 0) {
            request.headers(headers);
        }
        String body = "{\"userId\":\"kim\",\"grabId\":\"%s\"}".formatted(grabId.replace(' ', '-'));
        assertDescribed(GRABS, send(request.POST(BodyPublishers.ofString(body))), 200);
    }

    private void grab(String user, String grabId) throws Exception {
        String body = "{\"userId\":\"%s\",\"grabId\":\"%s\"}".formatted(user, grabId.replace(' ', '-'));
        assertDescribed(GRABS, post(GRABBER, grabs(), body), 200);
    }

    private String grabs() {
        return "/packets/" + packetId + "/grabs";
    }

    private static String open(String packetId, int shares) {
        return "{\"packetId\":\"%s\",\"senderId\":\"alice\",\"totalCents\":1000,\"shares\":%d}"
                .formatted(packetId, shares);
    }

    private static HttpResponse<String> post(String token, String path, String body, String... headers)
            throws Exception {
        HttpRequest.Builder request = request(token, path);
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        return send(request.POST(BodyPublishers.ofString(body)));
    }

    private static HttpRequest.Builder request(String token, String path) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri(gateway, path)).header("Content-Type", "application/json");
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        return request;
    }

    private static HttpResponse<String> get(Gateway gateway, String path) throws Exception {
        return send(HttpRequest.newBuilder(uri(gateway, path)));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return CLIENT.send(request.build(), BodyHandlers.ofString());
    }

    private static URI uri(Gateway gateway, String path) {
        return URI.create("http://127.0.0.1:" + gateway.port() + path);
    }

    private static String raw(Gateway gateway, String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
            socket.getOutputStream().write(request.getBytes(UTF_8));
            socket.getOutputStream().flush();
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }

    private static JsonNode json(HttpResponse<String> response) throws IOException {
        return JSON.readTree(response.body());
    }

    private static void assertDescribed(String path, HttpResponse<String> response, int status) throws IOException {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(response.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(openApi.faults(path, status, json(response)))
                .as(response.body())
                .isEmpty();
    }

    /** The keys of all records that a topic has. */
    private static Set<String> keys(Topic topic) {
        Map<String, Object> settings = ReadCommitted.settings(servers.kafka().clientSettings());
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic.topicName()).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            Set<String> keys = new HashSet<>();
            while (partitions.stream().anyMatch(each -> consumer.position(each) < ends.get(each))) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    if (record.key() != null) {
                        keys.add(new String(record.key(), UTF_8));
                    }
                }
            }
            return keys;
        }
    }
}
