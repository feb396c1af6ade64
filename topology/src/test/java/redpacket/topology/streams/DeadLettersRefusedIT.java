package redpacket.topology.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import redpacket.clients.KafkaAddress;
import redpacket.clients.Topics;
import redpacket.events.AwardResult;
import redpacket.events.OpenPacket;
import redpacket.events.Outcome;
import redpacket.events.Split;
import redpacket.events.Topic;
import redpacket.parts.LocalServers;
import redpacket.topology.state.PacketLifetime;

/** Somebody changed the topic of dead letters so that it takes none, or deleted it. */
class DeadLettersRefusedIT {
    private static final String PACKET = "p";
    private static final String LIMIT = "max.message.bytes";

    @TempDir
    private Path stateDirectory;

    /**
     * An unreadable grab comes while its dead letter is refused, then good grabs. The log names the topic. Once the
     * topic is as before, the record has its one dead letter, and each grab its one answer.
     */
    @Test
    void shouldGoOnByItselfWhenTheTopicTakesDeadLettersAgain() throws Exception {
        // Stream threads end with the refusal.
        Awaitility.doNotCatchUncaughtExceptionsByDefault();
        try (LocalServers servers = LocalServers.start(1);
                Admin admin = Admin.create(servers.kafka().clientSettings());
                RunningPipeline pipeline = RunningPipeline.start(servers, stateDirectory, PacketLifetime.DEFAULT)) {
            pipeline.open(new OpenPacket(PACKET, "sender", 1_000, 20, Split.RANDOM, null, 3_600_000));
            pipeline.awaitPacketEvents(1);
            Refusal refusal = Refusal.logged();
            setLimit(admin, "200");
            RunningPipeline.get(
                    pipeline.send(Topic.GRABS, PACKET, "grab! ".repeat(100).getBytes(UTF_8)));
            for (int i = 0; i < 5; i++) {
                pipeline.grab(PACKET, "user-" + i, "grab-" + i);
            }
            assertThat(refusal.came()).isTrue();
            setLimit(admin, Topic.DEAD_LETTERS.settings().get(LIMIT));

            assertThat(pipeline.awaitAwards(5))
                    .hasSize(5)
                    .extracting(AwardResult::outcome)
                    .containsOnly(Outcome.AWARDED);
            assertThat(pipeline.records(Topic.DEAD_LETTERS)).hasSize(1);
        }
    }

    /**
     * Somebody deletes the topic. Then an unreadable grab comes, and good grabs. Health names the topic. Once the topic
     * is created again, the record has its one dead letter, and each grab its one answer.
     */
    @Test
    void shouldGoOnByItselfWhenTheDeletedTopicIsCreatedAgain() throws Exception {
        Awaitility.doNotCatchUncaughtExceptionsByDefault();
        try (LocalServers servers = LocalServers.start(1);
                Admin admin = Admin.create(servers.kafka().clientSettings());
                RunningPipeline pipeline = RunningPipeline.start(
                        impatient(servers.kafka()), servers.redis(), stateDirectory, PacketLifetime.DEFAULT)) {
            pipeline.open(new OpenPacket(PACKET, "sender", 1_000, 20, Split.RANDOM, null, 3_600_000));
            pipeline.awaitPacketEvents(1);
            admin.deleteTopics(List.of(Topic.DEAD_LETTERS.topicName())).all().get();
            RunningPipeline.get(pipeline.send(Topic.GRABS, PACKET, "grab!".getBytes(UTF_8)));
            for (int i = 0; i < 5; i++) {
                pipeline.grab(PACKET, "user-" + i, "grab-" + i);
            }
            Awaitility.await().atMost(RunningPipeline.TIMEOUT).untilAsserted(() -> assertThat(
                            pipeline.health().sentence())
                    .contains("Topic redpacket.dead-letters is missing", "redpacket.grabs-0 at offset 0 stands"));
            assertThat(pipeline.health().live()).isTrue();
            Topics.create(admin, 1, (short) 1, Map.of());

            assertThat(pipeline.awaitAwards(5))
                    .hasSize(5)
                    .extracting(AwardResult::outcome)
                    .containsOnly(Outcome.AWARDED);
            assertThat(pipeline.records(Topic.DEAD_LETTERS)).hasSize(1);
        }
    }

    /** Sends do not wait for long for a topic that is missing, so that a round is short. */
    private static KafkaAddress impatient(KafkaAddress kafka) {
        Map<String, String> settings = new HashMap<>(kafka.settings());
        settings.put("producer.max.block.ms", "1000");
        return new KafkaAddress(kafka.bootstrapServers(), settings);
    }

    private static void setLimit(Admin admin, String bytes) throws Exception {
        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, Topic.DEAD_LETTERS.topicName());
        AlterConfigOp limit = new AlterConfigOp(new ConfigEntry(LIMIT, bytes), AlterConfigOp.OpType.SET);
        admin.incrementalAlterConfigs(Map.of(topic, List.of(limit))).all().get();
        Awaitility.await().until(() -> admin.describeConfigs(List.of(topic))
                .all()
                .get()
                .get(topic)
                .get(LIMIT)
                .value()
                .equals(bytes));
    }

    /** A line of the log that names the topic. */
    private static final class Refusal extends AppenderBase<ILoggingEvent> {
        private final CountDownLatch came = new CountDownLatch(1);

        static Refusal logged() {
            Refusal refusal = new Refusal();
            refusal.start();
            ((Logger) LoggerFactory.getLogger(RedPacketApplication.class)).addAppender(refusal);
            return refusal;
        }

        @Override
        protected void append(ILoggingEvent line) {
            if (line.getThrowableProxy() != null
                    && line.getThrowableProxy().getMessage().contains(Topic.DEAD_LETTERS.topicName())) {
                came.countDown();
            }
        }

        boolean came() throws InterruptedException {
            return came.await(RunningPipeline.TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        }
    }
}
