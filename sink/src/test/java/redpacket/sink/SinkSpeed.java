package redpacket.sink;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.RedisCommandTimeoutException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import redpacket.clients.RedisConnection;
import redpacket.events.AwardResult;
import redpacket.events.Json;
import redpacket.events.Outcome;
import redpacket.events.PacketEvent;
import redpacket.events.Share;
import redpacket.events.Split;
import redpacket.events.Topic;
import redpacket.ledger.Ledger;
import redpacket.parts.LocalPostgres;
import redpacket.parts.LocalServers;
import redpacket.sink.readmodel.ReadModel;
import redpacket.sink.readmodel.Retention;
import redpacket.sink.readmodel.Views;

/**
 * Measures how fast the read model and the ledger follow the topics, with Kafka, Redis and PostgreSQL on the same
 * machine. Prints the results, and asserts only that all results arrived. Run it by name, on an idle machine.
 */
class SinkSpeed {
    private static final int RESULTS = Integer.getInteger("redpacket.results", 400_000);

    /** The first round warms up the JVM. */
    private static final int ROUNDS = 4;

    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Duration POLL_INTERVAL = Duration.ofMillis(10);
    private static final byte[] PROGRESS = "redpacket:view".getBytes(UTF_8);
    private static final long OPENED_AT_MILLIS = System.currentTimeMillis();

    private enum Workload {
        /** 4 packets; one grab in five wins. */
        HOT(4, 5),
        /** Packets of 10 shares; two grabs for each share. */
        MANY(RESULTS / 20, 2);

        private final int packets;
        private final int grabsPerAward;

        Workload(int packets, int grabsPerAward) {
            this.packets = packets;
            this.grabsPerAward = grabsPerAward;
        }

        int awards() {
            return RESULTS / grabsPerAward;
        }

        int sharesOfEach() {
            return awards() / packets;
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldReachLastRecordWhenFollowing(Workload workload) {
        try (LocalServers servers = LocalServers.start(4);
                LocalPostgres postgres = LocalPostgres.start();
                RedisConnection redis = RedisConnection.open(servers.redis())) {
            write(workload, servers);
            Views views = new Views(redis);
            try (ReadModel readModel = ReadModel.start(servers.kafka(), redis, "speed", Retention.DEFAULT)) {
                awaitRedis(() -> views.building().serving());
                assertThat(readModel.status().running()).isTrue();
                for (int round = 1; round <= ROUNDS; round++) {
                    // The sink then rebuilds the read model, and the round does not include removing old keys.
                    redis.commands().flushall().toCompletableFuture().join();
                    awaitRedis(() -> redis.commands()
                                    .exists(PROGRESS)
                                    .toCompletableFuture()
                                    .join()
                            == 1);
                    Cpu before = Cpu.now(redis);
                    long startedNanos = System.nanoTime();
                    awaitRedis(() -> views.building().serving());
                    print(workload, "read model", round, startedNanos);
                    Cpu.now(redis).since(before).print();
                }
            }
            assertThat(views.packet("packet-0").orElseThrow().awardedShares()).isEqualTo(workload.sharesOfEach());
            for (int round = 1; round <= ROUNDS; round++) {
                long startedNanos = System.nanoTime();
                try (Ledger ledger = Ledger.start(servers.kafka(), postgres.database("round" + round))) {
                    await().atMost(PATIENCE)
                            .pollInterval(POLL_INTERVAL)
                            .until(() -> ledger.health().awards() == workload.awards());
                    print(workload, "ledger", round, startedNanos);
                }
            }
        }
    }

    /** Ignores timeouts of Redis, like the sink. */
    private static void awaitRedis(Callable<Boolean> condition) {
        await().atMost(PATIENCE)
                .pollInterval(POLL_INTERVAL)
                .ignoreException(RedisCommandTimeoutException.class)
                .until(condition);
    }

    /**
     * CPU time in nanoseconds. Unlike a rate it hardly depends on the load of the machine.
     *
     * @param sink of the threads that read Kafka and talk to Redis
     * @param redis of the whole process
     */
    private record Cpu(long sink, long redis) {
        private static final Pattern SINK = Pattern.compile("read-model|lettuce-.*");
        private static final Pattern REDIS = Pattern.compile("used_cpu_(?:sys|user):([\\d.]+)");

        static Cpu now(RedisConnection redis) {
            ThreadMXBean threads = ManagementFactory.getThreadMXBean();
            long sink = Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
                    .filter(thread -> thread != null
                            && SINK.matcher(thread.getThreadName()).matches())
                    .mapToLong(thread -> threads.getThreadCpuTime(thread.getThreadId()))
                    .sum();
            String info = redis.commands().info("cpu").toCompletableFuture().join();
            double redisSeconds = REDIS.matcher(info)
                    .results()
                    .mapToDouble(found -> Double.parseDouble(found.group(1)))
                    .sum();
            return new Cpu(sink, (long) (redisSeconds * 1e9));
        }

        Cpu since(Cpu before) {
            return new Cpu(sink - before.sink, redis - before.redis);
        }

        void print() {
            System.out.printf(
                    Locale.ROOT,
                    "  us CPU per result: %.2f sink, %.2f Redis%n",
                    sink / 1e3 / RESULTS,
                    redis / 1e3 / RESULTS);
        }
    }

    private static void print(Workload workload, String what, int round, long startedNanos) {
        double seconds = (System.nanoTime() - startedNanos) / 1e9;
        System.out.printf(
                Locale.ROOT,
                "%s, %s, round %d: %,.0f results/s, %,.0f awards/s%n",
                workload,
                what,
                round,
                RESULTS / seconds,
                workload.awards() / seconds);
    }

    private static void write(Workload workload, LocalServers servers) {
        Map<String, Object> settings = servers.kafka().clientSettings();
        settings.put("linger.ms", 20);
        settings.put("batch.size", 1 << 18);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int packet = 0; packet < workload.packets; packet++) {
                PacketEvent.Opened opened = opened(workload, packet);
                send(producer, Topic.PACKETS, opened.packetId(), Json.write(opened));
            }
            for (int grab = 0; grab < RESULTS; grab++) {
                AwardResult result = result(workload, grab);
                send(producer, Topic.AWARDS, result.packetId(), Json.write(result));
            }
        }
    }

    private static PacketEvent.Opened opened(Workload workload, int packet) {
        return new PacketEvent.Opened(
                "packet-" + packet,
                "sender",
                10L * workload.sharesOfEach(),
                workload.sharesOfEach(),
                Split.EQUAL,
                "speed",
                OPENED_AT_MILLIS,
                OPENED_AT_MILLIS + 3_600_000,
                "ab".repeat(32),
                packet);
    }

    /** The packets take turns. In each packet every {@code grabsPerAward}-th grab wins. */
    private static AwardResult result(Workload workload, int grab) {
        int turn = grab / workload.packets;
        boolean wins = turn % workload.grabsPerAward == 0;
        return new AwardResult(
                "packet-" + grab % workload.packets,
                "grab-" + grab,
                "user-" + grab,
                "speed",
                wins ? Outcome.AWARDED : Outcome.SOLD_OUT,
                wins ? new Share(turn / workload.grabsPerAward, 10) : null,
                false,
                OPENED_AT_MILLIS + grab / 100,
                grab);
    }

    /** Closing the producer waits for all sends. A result that was not sent fails the test later. */
    @SuppressWarnings("FutureReturnValueIgnored")
    private static void send(KafkaProducer<byte[], byte[]> producer, Topic topic, String key, byte[] value) {
        producer.send(new ProducerRecord<>(topic.topicName(), key.getBytes(UTF_8), value));
    }
}
