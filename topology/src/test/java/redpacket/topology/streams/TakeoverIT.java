package redpacket.topology.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redpacket.clients.KafkaAddress;
import redpacket.events.AwardResult;
import redpacket.events.OpenPacket;
import redpacket.events.Outcome;
import redpacket.events.Split;
import redpacket.parts.LocalRedis;
import redpacket.parts.LocalServers;
import redpacket.service.Metrics;
import redpacket.topology.state.PacketLifetime;

/**
 * Partitions go on at once when their instance or their stream thread ends in good order. The session timeout is longer
 * than the tests wait, so waiting for it would fail them.
 */
class TakeoverIT {
    private static final Map<String, String> LONG_SESSION = Map.of("consumer.session.timeout.ms", "300000");
    private static final int PARTITIONS = 4;

    /** Partitions that the consumer group assigned to a stream thread. */
    private static final String ASSIGNED = "kafka_consumer_coordinator_assigned_partitions";

    /** Stream threads that failed, and were replaced. */
    private static final String FAILED = "kafka_stream_failed_stream_threads_total";

    /** More than the shares that are in memory when Redis stops. */
    private static final int GRABS = 600;

    @TempDir
    private Path folder;

    @Test
    void shouldAnswerWithoutWaitingForTheSessionWhenAnInstanceStops() {
        try (LocalServers servers = LocalServers.start(PARTITIONS)) {
            KafkaAddress kafka = withLongSession(servers);
            try (RunningPipeline stops = start(kafka, servers, "stops");
                    RunningPipeline stays = start(kafka, servers, "stays");
                    Metrics ofStops = metricsOf(stops);
                    Metrics ofStays = metricsOf(stays)) {
                await().atMost(RunningPipeline.TIMEOUT)
                        .until(() -> sum(ofStops, ASSIGNED) > 0 && sum(ofStays, ASSIGNED) > 0);

                stops.stopTopology();

                stays.awaitAwards(grabInEveryPartition(stays));
            }
        }
    }

    /** The killed one also leaves transactions open, which would time out after ten minutes. */
    @Test
    void shouldAnswerWithoutWaitingForTheSessionWhenAProcessIsKilled() throws IOException {
        Path settings = folder.resolve("kafka.properties");
        Files.writeString(settings, "consumer.session.timeout.ms=300000\nproducer.transaction.timeout.ms=600000\n");
        try (LocalServers servers = LocalServers.start(PARTITIONS);
                RunningPipeline stays = start(withLongSession(servers), servers, "stays");
                TopologyProcess killed = TopologyProcess.start(
                        servers.kafka(),
                        servers.redis(),
                        folder.resolve("killed"),
                        PacketLifetime.DEFAULT,
                        Redirect.INHERIT,
                        "--kafka-properties=" + settings,
                        "--peer-address=127.0.0.1:0");
                Metrics metrics = metricsOf(stays)) {
            await().atMost(RunningPipeline.TIMEOUT).until(() -> sum(metrics, "redpacket_peers") == 1);
            int before = grabInEveryPartition(stays);
            stays.awaitAwards(before);

            killed.kill();

            stays.awaitAwards(before + grabInEveryPartition(stays));
        }
    }

    @Test
    void shouldAnswerWithoutWaitingForTheSessionWhenAStreamThreadIsReplaced() {
        try (LocalServers servers = LocalServers.start(PARTITIONS);
                LocalRedis redis = LocalRedis.start();
                RunningPipeline pipeline = RunningPipeline.start(
                        withLongSession(servers), redis.address(), folder, PacketLifetime.DEFAULT);
                Metrics metrics = metricsOf(pipeline)) {
            pipeline.open(new OpenPacket("waits", "me", 2 * GRABS, GRABS, Split.RANDOM, null, 3_600_000L));
            pipeline.awaitPacketEvents(1);
            redis.pause();
            for (int i = 0; i < GRABS; i++) {
                pipeline.grab("waits", "user-" + i, "grab-" + i);
            }
            await().atMost(RunningPipeline.TIMEOUT).until(() -> sum(metrics, FAILED) > 0);
            redis.resume();

            assertThat(pipeline.awaitAwards(GRABS))
                    .extracting(AwardResult::outcome)
                    .containsOnly(Outcome.AWARDED);
        }
    }

    private static Metrics metricsOf(RunningPipeline pipeline) {
        Metrics metrics = new Metrics();
        pipeline.showIn(metrics);
        return metrics;
    }

    /** Of all series of a metric; 0 without any. */
    private static double sum(Metrics metrics, String name) {
        return metrics.scrape()
                .lines()
                .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** Returns how many grabs that took. */
    private static int grabInEveryPartition(RunningPipeline pipeline) {
        Set<Integer> partitions = new HashSet<>();
        int grabs = 0;
        while (partitions.size() < PARTITIONS) {
            partitions.add(
                    pipeline.grab("packet-" + grabs, "user", "grab-" + grabs).partition());
            grabs++;
        }
        return grabs;
    }

    private RunningPipeline start(KafkaAddress kafka, LocalServers servers, String name) {
        return RunningPipeline.start(kafka, servers.redis(), folder.resolve(name), PacketLifetime.DEFAULT);
    }

    private static KafkaAddress withLongSession(LocalServers servers) {
        return new KafkaAddress(servers.kafka().bootstrapServers(), LONG_SESSION);
    }
}
