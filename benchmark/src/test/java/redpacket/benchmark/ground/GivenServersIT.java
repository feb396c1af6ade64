package redpacket.benchmark.ground;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import redpacket.application.CommandException;
import redpacket.benchmark.contestants.Contestants;
import redpacket.benchmark.figures.Measured;
import redpacket.benchmark.load.Workload;
import redpacket.clients.RedisConnection;
import redpacket.parts.LocalKafka;
import redpacket.parts.LocalRedis;
import redpacket.parts.LocalServers;

/** A benchmark on given servers deletes no data of others, and leaves no data of its own. */
final class GivenServersIT {
    @Test
    void shouldLeaveServersEmptyWhenTheyWereEmpty() throws Exception {
        try (LocalKafka kafka = LocalKafka.start();
                LocalRedis redis = LocalRedis.start()) {
            Setup setup = new Setup(
                    new Scale(1, 2), Duration.ofMillis(1), new GivenServers(kafka.address(), redis.address()));

            for (int round = 0; round < 2; round++) {
                Measured measured = Contestants.REDPACKET.run(Workload.of("many", 2_000), setup);
                assertThat(measured.answers()).isEqualTo(2_000);
            }

            try (Admin admin = Admin.create(kafka.address().clientSettings());
                    RedisConnection connection = RedisConnection.open(redis.address())) {
                assertThat(admin.listTopics().names().get()).isEmpty();
                assertThat(connection.commands().dbsize().toCompletableFuture().get())
                        .isZero();
            }
        }
    }

    @Test
    void shouldRefuseKafkaWhenItHasTopicsOfAPipeline() {
        LocalServers others = LocalServers.shared();
        GivenServers given = new GivenServers(others.kafka(), others.redis());

        assertThatThrownBy(() -> given.layOut(4))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("topics that a benchmark would delete");
    }

    @Test
    void shouldRefuseRedisWhenItHasKeys() throws Exception {
        try (LocalKafka kafka = LocalKafka.start();
                LocalRedis redis = LocalRedis.start();
                RedisConnection connection = RedisConnection.open(redis.address())) {
            byte[] ofOthers = {1};
            connection.commands().set(ofOthers, ofOthers).toCompletableFuture().get();
            GivenServers given = new GivenServers(kafka.address(), redis.address());

            assertThatThrownBy(() -> given.layOut(4))
                    .isInstanceOf(CommandException.class)
                    .hasMessageContaining("holds 1 keys");
            assertThat(connection.commands().get(ofOthers).toCompletableFuture().get())
                    .isEqualTo(ofOthers);
        }
    }
}
