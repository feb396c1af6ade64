package redpacket.topology.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redpacket.clients.RedisAddress;
import redpacket.events.AwardResult;
import redpacket.events.OpenPacket;
import redpacket.events.Outcome;
import redpacket.events.Split;
import redpacket.parts.FakeClock;
import redpacket.parts.LocalRedis;
import redpacket.parts.LocalServers;
import redpacket.topology.TcpProxy;
import redpacket.topology.packet.Cut;
import redpacket.topology.packet.Seed;
import redpacket.topology.packet.SeedSecret;
import redpacket.topology.state.PacketLifetime;

/** Whatever is wrong with Redis or in it, grabs get the seed's shares, and go on by themselves. */
class RedisFaultsIT {
    private static final long HOUR = Duration.ofHours(1).toMillis();
    private static final long CENTS = 1_000;

    private static LocalServers servers;

    @TempDir
    private Path stateDirectory;

    private RunningPipeline pipeline;

    @BeforeAll
    static void startServers() {
        servers = LocalServers.start(4);
    }

    @AfterAll
    static void stopServers() {
        servers.close();
    }

    @AfterEach
    void stop() {
        if (pipeline != null) {
            pipeline.close();
        }
    }

    @Test
    void shouldPayTheSeedsSharesWhenAPoppedShareWasChangedWhileTheTopologyWasAway() {
        try (LocalRedis redis = LocalRedis.start()) {
            pipeline = start(redis.address());
            open("changed", 3);
            assertThat(grab("changed", 0)).isEqualTo(cut("changed", 3)[0]);
            pipeline.stopTopology();
            admin(redis, commands -> {
                String popped = key("changed", "popped");
                assertThat(commands.llen(popped)).isEqualTo(3);
                String entry = commands.lindex(popped, 1);
                long cents = Long.parseLong(entry.substring(0, entry.indexOf(':')));
                commands.lset(popped, 1, (cents + 1) + entry.substring(entry.indexOf(':')));
            });
            pipeline.startTopology();

            assertThat(List.of(grab("changed", 1), grab("changed", 2)))
                    .containsExactly(cut("changed", 3)[1], cut("changed", 3)[2]);
            assertThat(pipeline.queues().damaged()).isEqualTo(1);
        }
    }

    /** Of the right sum, and of another. */
    @ParameterizedTest
    @ValueSource(longs = {CENTS / 5, CENTS})
    void shouldPayTheSeedsSharesWhenSomebodyFilledTheQueueBeforeThePacketWasOpened(long cents) {
        try (LocalRedis redis = LocalRedis.start()) {
            pipeline = start(redis.address());
            String packet = "lunch-" + cents;
            String foreign = String.valueOf(cents);
            admin(redis, commands -> {
                commands.rpush("redpacket:{" + packet + "}:shares", foreign, foreign, foreign, foreign, foreign);
                commands.rpush(key(packet, "shares"), foreign, foreign, foreign, foreign, foreign);
            });
            open(packet, 5);
            for (int i = 0; i < 5; i++) {
                assertThat(grab(packet, i)).isEqualTo(cut(packet, 5)[i]);
            }
            assertThat(pipeline.queues().damaged()).isEqualTo(1);
        }
    }

    /** The old master becomes a replica and keeps its connections. */
    @Test
    void shouldGoOnWhenTheMasterIsDemotedBehindItsAddress() {
        try (LocalRedis before = LocalRedis.start();
                LocalRedis after = LocalRedis.start();
                TcpProxy address = TcpProxy.before(before.port())) {
            pipeline = start(RedisAddress.of("redis://127.0.0.1:" + address.port()));
            open("demoted", 600);
            assertThat(grab("demoted", 0)).isEqualTo(cut("demoted", 600)[0]);

            address.leadTo(after.port());
            admin(before, commands -> commands.replicaof("127.0.0.1", after.port()));

            open("opened-later", 3);
            assertThat(grab("opened-later", 0)).isEqualTo(cut("opened-later", 3)[0]);
            await().atMost(RunningPipeline.TIMEOUT)
                    .until(() -> pipeline.health().ready());
            // More than the first block, so that the new server is asked.
            long[] cut = cut("demoted", 600);
            List<RecordMetadata> grabs = new ArrayList<>();
            for (int i = 1; i < cut.length; i++) {
                grabs.add(pipeline.grab("demoted", "user-" + i, "grab-" + i));
            }
            assertThat(pipeline.awaitAnswerTo(grabs.get(grabs.size() - 1))
                            .share()
                            .cents())
                    .isEqualTo(cut[cut.length - 1]);
        }
    }

    /** The same without another server: health says so, and grabs go on when it takes writes again. */
    @Test
    void shouldTellThatRedisTakesNoWritesAndGoOnWhenItDoes() {
        try (LocalRedis redis = LocalRedis.start()) {
            pipeline = start(redis.address());
            open("read-only", 3);
            admin(redis, commands -> {
                commands.replicaof("127.0.0.1", 1);
                await().atMost(RunningPipeline.TIMEOUT)
                        .until(() -> pipeline.health().sentence().startsWith("waiting for Redis: READONLY"));
                assertThat(pipeline.health().live()).isTrue();
                commands.replicaofNoOne();
            });
            assertThat(grab("read-only", 0)).isEqualTo(cut("read-only", 3)[0]);
            await().atMost(RunningPipeline.TIMEOUT)
                    .until(() -> pipeline.health().ready());
        }
    }

    @Test
    void shouldDecideGrabsWhenTheClockOfRedisIsNineHoursAhead() {
        assumeTrue(FakeClock.isAvailable(), "needs libfaketime: apt-get install faketime");
        try (LocalRedis redis = LocalRedis.startWithClock(Duration.ofHours(9))) {
            pipeline = start(redis.address());
            for (int shares : new int[] {3, 2_000}) {
                String packet = "ahead-" + shares;
                open(packet, shares);
                for (int i = 0; i < 3; i++) {
                    assertThat(grab(packet, i)).isEqualTo(cut(packet, shares)[i]);
                }
            }
        }
    }

    /** Without an end to the waits, Kafka Streams would give up its threads after 20 s. */
    @ParameterizedTest
    @ValueSource(strings = {"killed", "paused"})
    void shouldStopSoonAfterSigtermWhenGrabsWaitForRedis(String what) {
        Path output = stateDirectory.resolve("output.txt");
        try (LocalRedis redis = LocalRedis.start();
                TopologyProcess process = TopologyProcess.start(
                        servers.kafka(),
                        redis.address(),
                        stateDirectory.resolve("process"),
                        PacketLifetime.DEFAULT,
                        Redirect.to(output.toFile()))) {
            pipeline = RunningPipeline.withoutTopology(servers.kafka());
            open("waiting-" + what, 2_000);
            if (what.equals("killed")) {
                redis.kill();
            } else {
                redis.pause();
            }
            for (int i = 0; i < 2_000; i++) {
                pipeline.grab("waiting-" + what, "user-" + i, "grab-" + i);
            }
            await().atMost(RunningPipeline.TIMEOUT).until(() -> said(output).contains("Waiting for Redis: "));

            process.stop();
            await().atMost(Duration.ofSeconds(10)).until(() -> !process.isAlive());
            if (what.equals("paused")) {
                redis.resume();
            }
        }
    }

    private RunningPipeline start(RedisAddress redis) {
        return RunningPipeline.start(servers.kafka(), redis, stateDirectory.resolve("state"), PacketLifetime.DEFAULT);
    }

    private void open(String packetId, int shares) {
        pipeline.open(new OpenPacket(packetId, "me", CENTS * shares / 5, shares, Split.RANDOM, null, HOUR));
        await().atMost(RunningPipeline.TIMEOUT).until(() -> pipeline.packetEvents().stream()
                .anyMatch(event -> event.packetId().equals(packetId)));
    }

    /** The cents that a new user wins. */
    private long grab(String packetId, int number) {
        AwardResult answer = pipeline.awaitAnswerTo(pipeline.grab(packetId, "user-" + number, "grab-" + number));
        assertThat(answer.outcome()).isEqualTo(Outcome.AWARDED);
        return answer.share().cents();
    }

    private static long[] cut(String packetId, int shares) {
        return Cut.of(Split.RANDOM, CENTS * shares / 5, shares, seed(packetId));
    }

    private static String key(String packetId, String part) {
        return "redpacket:{" + packetId + "}:" + seed(packetId).commitment().substring(0, 8) + ":" + part;
    }

    private static Seed seed(String packetId) {
        return SeedSecret.of(RunningPipeline.SECRET).seedOf(packetId);
    }

    private static String said(Path output) throws IOException {
        return Files.exists(output) ? Files.readString(output) : "";
    }

    private static void admin(LocalRedis redis, Consumer<RedisCommands<String, String>> work) {
        try (RedisClient client = RedisClient.create(redis.address().uri())) {
            work.accept(client.connect().sync());
        }
    }
}
