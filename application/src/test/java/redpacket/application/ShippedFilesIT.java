package redpacket.application;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import redpacket.clients.LedgerAddress;
import redpacket.events.Grab;
import redpacket.events.OpenPacket;
import redpacket.events.Split;
import redpacket.events.Topic;
import redpacket.parts.LocalKafka;
import redpacket.parts.LocalPostgres;
import redpacket.parts.LocalRedis;
import redpacket.producer.PacketProducer;

/**
 * Starts the files of the container image as docker-compose.yml does, but with Kafka and Redis on this machine. They
 * must work, and report their own state correctly.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ShippedFilesIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String TOKENS = "app grabber 0123456789abcdef0123456789abcdef";

    @TempDir
    private static Path folder;

    private static LocalKafka kafka;
    private static LocalRedis redis;
    private static LocalPostgres postgres;
    private static Map<String, String> addresses;
    private static Shipped topology;
    private static Shipped sink;
    private static Shipped gateway;
    private static Shipped webhooks;
    private static HttpServer receiver;
    private static PacketProducer producer;

    @BeforeAll
    static void start() throws Exception {
        kafka = LocalKafka.start();
        redis = LocalRedis.start();
        postgres = LocalPostgres.start();
        LedgerAddress ledger = postgres.address();
        addresses = Map.of(
                "kafka:29092", kafka.bootstrapServers(),
                "redis://redis:6379", redis.address().uri(),
                "${REDPACKET_SEED_SECRET:?see the top of docker-compose.yml}", "0123456789abcdef0123456789abcdef",
                "jdbc:postgresql://postgres:5432/redpacket", ledger.url(),
                "${REDPACKET_LEDGER_PASSWORD:?see the top of docker-compose.yml}", ledger.password());
        try (Shipped topics = Shipped.start("topics", folder, addresses)) {
            assertThat(topics.exitCode()).as(topics.log()).isZero();
        }
        topology = Shipped.start("topology", folder, addresses);
        // The sink starts without its ledger.
        postgres.kill();
        sink = Shipped.start("sink", folder, addresses, Map.of("REDPACKET_LEDGER_USER", ledger.user()));
        gateway = Shipped.start(
                "gateway",
                folder,
                addresses,
                Map.of("REDPACKET_API_HOST", "127.0.0.1", "REDPACKET_API_PORT", "0", "REDPACKET_TOKENS", TOKENS));
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/", exchange -> {
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        receiver.start();
        webhooks = Shipped.start(
                "webhooks",
                folder,
                addresses,
                Map.of(
                        "REDPACKET_WEBHOOK_URL",
                        "http://127.0.0.1:" + receiver.getAddress().getPort() + "/",
                        "REDPACKET_WEBHOOK_SECRET",
                        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));
        producer = PacketProducer.connect(kafka.address().clientSettings());
    }

    @AfterAll
    static void stop() {
        producer.close();
        topology.close();
        sink.close();
        gateway.close();
        webhooks.close();
        receiver.stop(0);
        redis.close();
        postgres.close();
        kafka.close();
    }

    @Test
    @Order(1)
    void shouldHoldNoBroker() throws IOException {
        try (Stream<Path> libraries = Files.list(Path.of("target", "redpacket", "lib"))) {
            assertThat(libraries.map(path -> path.getFileName().toString()))
                    .anyMatch(name -> name.startsWith("topology-"))
                    .noneMatch(name -> name.matches("(kafka_2|parts|local|testcontainers|embedded-).*"));
        }
    }

    @Test
    @Order(2)
    void shouldCountAnswersWhenUsersGrab() {
        awaitReady();
        assertThat(topology.get("/health/live").status()).isEqualTo(200);
        assertThat(topology.get("/no/such/path").status()).isEqualTo(404);

        open(new OpenPacket("lunch", "me", 1_000, 5, Split.RANDOM, null, 86_400_000));
        open(new OpenPacket("dinner", "me", 700, 7, Split.RANDOM, null, 86_400_000));
        assertThat(topology.metric("redpacket_open_packets")).isEqualTo(2);
        grab("lunch", 0, 8);
        producer.grab(new Grab("again", "lunch", "user-0")).join();
        producer.grab(new Grab("never", "breakfast", "user-0")).join();
        sendUnreadable();

        await().atMost(PATIENCE).until(() -> topology.metric("redpacket_grab_latency_seconds_count") == 10);
        assertThat(topology.metric("redpacket_grabs_total{outcome=\"awarded\"}"))
                .isEqualTo(5);
        assertThat(topology.metric("redpacket_grabs_total{outcome=\"sold_out\"}"))
                .isEqualTo(3);
        assertThat(topology.metric("redpacket_grabs_total{outcome=\"already_grabbed\"}"))
                .isEqualTo(1);
        assertThat(topology.metric("redpacket_grabs_total{outcome=\"unknown_packet\"}"))
                .isEqualTo(1);
        assertThat(topology.metric("redpacket_awarded_cents_total")).isEqualTo(1_000);
        assertThat(topology.metric("redpacket_packets_opened_total")).isEqualTo(2);
        assertThat(topology.metric("redpacket_packets_sold_out_total")).isEqualTo(1);
        assertThat(topology.metric("redpacket_open_packets")).isEqualTo(1);
        assertThat(topology.metric("redpacket_redis_calls_total")).isPositive();
        assertThat(topology.metric("redpacket_blocks_requested_total")).isEqualTo(2);
        await().atMost(PATIENCE).until(() -> topology.metric("redpacket_dead_letters_total") == 1);
        assertThat(topology.metric("redpacket_ready")).isEqualTo(1);
    }

    @Test
    @Order(3)
    void shouldServeTheTopologysDecisionsWhenTheSinkRuns() {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(sink.get("/health/ready").status())
                        .as(sink::log)
                        .isEqualTo(200));
        assertThat(sink.log())
                .contains("The sink reads Kafka %s, writes to Redis %s and listens on http://127.0.0.1:%d/"
                        .formatted(kafka.address(), redis.address(), sink.port()))
                .contains("PostgreSQL unavailable: ");
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(sink.get("/packets/lunch").body()).contains("\"status\":\"sold-out\""));
        await().atMost(PATIENCE).until(() -> sink.metric("redpacket_sink_lag") == 0);

        assertThat(sink.metric("redpacket_ledger_working")).isZero();
        postgres.restart();
        await().atMost(PATIENCE).until(() -> sink.metric("redpacket_ledger_working") == 1);
        await().atMost(PATIENCE).until(() -> sink.metric("redpacket_ledger_lag") == 0);
        assertThat(sink.metric("redpacket_ledger_failed")).isZero();
        assertThat(sink.metric("redpacket_ready")).isEqualTo(1);
    }

    @Test
    @Order(3)
    void shouldAnswerOverHttpWhenTheGatewayRuns() throws Exception {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(gateway.get("/health/ready").status())
                        .as(gateway::log)
                        .isEqualTo(200));
        Matcher port = Pattern.compile("listens on http://127.0.0.1:(\\d+)/").matcher(gateway.log());
        assertThat(port.find()).isTrue();
        HttpRequest grab = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + port.group(1) + "/packets/lunch/grabs"))
                .headers("Content-Type", "application/json", "Authorization", "Bearer 0123456789abcdef0123456789abcdef")
                .POST(HttpRequest.BodyPublishers.ofString("{\"userId\":\"kim\",\"grabId\":\"g\"}"))
                .build();
        HttpResponse<String> answer = HttpClient.newHttpClient().send(grab, HttpResponse.BodyHandlers.ofString());

        assertThat(answer.body()).contains("\"outcome\":\"SOLD_OUT\"");
        assertThat(gateway.metric("redpacket_gateway_requests_seconds_count{operation=\"grab\",status=\"200\"}"))
                .isEqualTo(1);
    }

    @Test
    @Order(3)
    void shouldDeliverAwardsAndTheClosingEventWhenTheWebhooksRun() {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(webhooks.metric("redpacket_webhook_events_total"))
                .as(webhooks::log)
                .isEqualTo(6));
        assertThat(webhooks.get("/health/ready").body()).startsWith("ready: delivers to http://127.0.0.1:");
    }

    @Test
    @Order(4)
    void shouldReportThatItWaitsAndThatSharesWereLostWhenRedisRestarts() {
        open(new OpenPacket("feast", "me", 5_000, 2_000, Split.EQUAL, null, 86_400_000));
        grab("feast", 0, 1);
        await().atMost(PATIENCE).until(() -> topology.metric("redpacket_awarded_cents_total") > 1_000);
        assertThat(topology.metric("redpacket_queues_rebuilt_total")).isZero();

        redis.kill();
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(topology.get("/health/ready"))
                .satisfies(answer -> assertThat(answer.status()).isEqualTo(503))
                .satisfies(answer -> assertThat(answer.body()).startsWith("waiting for Redis: ")));
        assertThat(topology.get("/health/live").status()).isEqualTo(200);
        assertThat(topology.metric("redpacket_ready")).isZero();
        assertThat(topology.metric("redpacket_live")).isEqualTo(1);

        redis.restart();
        awaitReady();
        // More grabs than shares that were popped in advance.
        grab("feast", 1, 1_000);
        await().atMost(PATIENCE).until(() -> topology.metric("redpacket_queues_rebuilt_total") == 1);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(topology.log().lines())
                .anyMatch(line -> line.contains("Redis has lost shares") && line.contains("\"packetId\":\"feast\"")));
    }

    @Test
    @Order(5)
    void shouldExportEveryMetricOfAlertsAndDashboards() throws IOException {
        // Kafka's own metrics are scanned once a minute. Most of that minute has passed.
        Set<String> asked = askedFor("deploy/prometheus/alerts.yml", "deploy/grafana/dashboards/redpacket.json");
        assertThat(asked).hasSizeGreaterThan(10);
        await().atMost(PATIENCE.multipliedBy(2)).untilAsserted(() -> {
            Set<String> missing = new TreeSet<>(asked);
            missing.removeAll(names(topology.get("/metrics").body()));
            missing.removeAll(names(sink.get("/metrics").body()));
            missing.removeAll(names(gateway.get("/metrics").body()));
            missing.removeAll(names(webhooks.get("/metrics").body()));
            assertThat(missing).isEmpty();
        });
    }

    @Test
    @Order(6)
    void shouldStopCleanlyWhenItGetsSigterm() throws Exception {
        topology.terminate();

        // 128 + SIGTERM, as for every JVM that gets SIGTERM.
        assertThat(topology.exitCode()).isEqualTo(143);
        assertThat(topology.log())
                .contains("topology redpacket stops; it was RUNNING")
                .doesNotContain("0123456789abcdef")
                .doesNotContain("\"level\":\"ERROR\"");
        assertThat(topology.log().lines().filter(line -> line.startsWith("{"))).isNotEmpty();
    }

    /** Returns when the packet is open. */
    private static void open(OpenPacket command) {
        double before = topology.metric("redpacket_open_packets");
        producer.open(command).join();
        await().atMost(PATIENCE).until(() -> topology.metric("redpacket_open_packets") == before + 1);
    }

    private static void sendUnreadable() {
        try (KafkaProducer<byte[], byte[]> raw = new KafkaProducer<>(
                kafka.address().clientSettings(), new ByteArraySerializer(), new ByteArraySerializer())) {
            var unused = raw.send(new ProducerRecord<>(Topic.GRABS.topicName(), "grab!".getBytes(UTF_8)));
        }
    }

    private static void grab(String packet, int fromUser, int toUser) {
        for (int user = fromUser; user < toUser; user++) {
            var unused = producer.grab(new Grab("grab-" + user, packet, "user-" + user));
        }
        producer.flush();
    }

    private static void awaitReady() {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(topology.get("/health/ready"))
                .as(topology::log)
                .satisfies(answer -> assertThat(answer.status()).isEqualTo(200))
                .satisfies(answer -> assertThat(answer.body()).startsWith("ready")));
    }

    private static Set<String> names(String scrape) {
        Set<String> names = new TreeSet<>();
        scrape.lines().filter(line -> !line.startsWith("#")).forEach(line -> names.add(line.split("[{ ]", 2)[0]));
        return names;
    }

    /** All words of queries that can be the name of a metric, ours or a library's. */
    private static Set<String> askedFor(String... files) throws IOException {
        Set<String> names = new TreeSet<>();
        // In YAML a query may continue on lines with deeper indentation.
        Pattern query = Pattern.compile("\"expr\": \".*|expr: .*(?:\\n {10}.*)*");
        Pattern name = Pattern.compile("\\b(?:redpacket|jvm|kafka|lettuce|logback|process|system)_[a-z0-9_]+");
        for (String file : List.of(files)) {
            Matcher queries = query.matcher(Files.readString(Shipped.TOP.resolve(file)));
            while (queries.find()) {
                name.matcher(queries.group()).results().forEach(found -> names.add(found.group()));
            }
        }
        return names;
    }
}
