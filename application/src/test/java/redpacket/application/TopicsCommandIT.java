package redpacket.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import redpacket.events.Topic;
import redpacket.parts.LocalKafka;
import redpacket.parts.LocalRedis;

class TopicsCommandIT {
    private static final String SECRET = "0123456789abcdef0123456789abcdef";

    private static LocalKafka kafka;
    private static LocalRedis redis;

    @BeforeAll
    static void start() {
        kafka = LocalKafka.start();
        redis = LocalRedis.start();
    }

    @AfterAll
    static void stop() {
        kafka.close();
        redis.close();
    }

    /** One scenario, since each step costs seconds of a broker. */
    @Test
    void shouldCreateTopicsAndReportWrongSettings() throws Exception {
        assertThat(topics("--check").exitCode()).isEqualTo(1);
        assertThat(topology().err())
                .contains("Topic redpacket.grabs is missing: run ./redpacket topics --create")
                .doesNotContain(SECRET);

        Run created = topics("--create", "--partitions", "3", "--replication", "1");
        assertThat(created.err()).isEmpty();
        assertThat(created.exitCode()).isZero();
        assertThat(created.out())
                .containsPattern("redpacket.grabs +3 +1 +1 +7 d +LogAppendTime +delete")
                .contains("All topics are right.", "Not for production");
        assertThat(topics("--check").exitCode()).isZero();
        assertThat(topics("--create", "--partitions", "6").err())
                .contains("redpacket.grabs has 3 partitions instead of 6");

        try (Admin admin = Admin.create(kafka.address().clientSettings())) {
            AlterConfigOp createTime = new AlterConfigOp(
                    new ConfigEntry("message.timestamp.type", "CreateTime"), AlterConfigOp.OpType.SET);
            ConfigResource grabs = new ConfigResource(ConfigResource.Type.TOPIC, Topic.GRABS.topicName());
            admin.incrementalAlterConfigs(Map.of(grabs, List.of(createTime)))
                    .all()
                    .get();
            admin.createPartitions(Map.of(Topic.AWARDS.topicName(), NewPartitions.increaseTo(4)))
                    .all()
                    .get();
        }
        await().untilAsserted(() -> assertThat(topics("--check").out())
                .contains(
                        "Topic redpacket.grabs has message.timestamp.type=CreateTime, which must be LogAppendTime:"
                                + " change",
                        "Topic redpacket.grabs has 3 partitions instead of 4"));
        Run refused = topology();
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err()).contains("message.timestamp.type=CreateTime", "kafka-configs.sh --alter");
    }

    @Test
    void shouldRequireEitherCreateOrCheck() {
        assertThat(topics().exitCode()).isEqualTo(2);
        assertThat(topics("--create", "--check").exitCode()).isEqualTo(2);
        assertThat(topics("--create", "--partitions", "0").err()).contains("--partitions': 0 is not from 1");
    }

    private static Run topics(String... options) {
        return Run.in(Map.of("REDPACKET_KAFKA", kafka.bootstrapServers()), concat("topics", options));
    }

    private static Run topology() {
        Map<String, String> environment = Map.of(
                "REDPACKET_KAFKA", kafka.bootstrapServers(),
                "REDPACKET_REDIS", redis.address().uri(),
                "REDPACKET_SEED_SECRET", SECRET);
        return Run.in(environment, "topology");
    }

    private static String[] concat(String first, String... rest) {
        String[] all = new String[rest.length + 1];
        all[0] = first;
        System.arraycopy(rest, 0, all, 1, rest.length);
        return all;
    }
}
