package redpacket.parts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lettuce.core.RedisClient;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.testcontainers.DockerClientFactory;
import redpacket.clients.Topics;

class LocalServersIT {
    private static final String CHOSEN = System.getProperty(LocalServers.CHOICE, "auto");

    @AfterEach
    void restoreChoice() {
        System.setProperty(LocalServers.CHOICE, CHOSEN);
    }

    @Test
    void shouldHaveKafkaAndRedisWhenShared() {
        assertThatIsWhole(LocalServers.shared());
        assertThat(LocalServers.shared()).isSameAs(LocalServers.shared());
    }

    @Test
    void shouldHaveKafkaAndRedisWhenEmbedded() {
        System.setProperty(LocalServers.CHOICE, "embedded");
        try (LocalServers parts = LocalServers.start(2)) {
            assertThat(parts).asString().startsWith("embedded Kafka at 127.0.0.1:");
            assertThatIsWhole(parts);
        }
    }

    @Test
    void shouldHaveKafkaAndRedisWhenInContainers() {
        assumeTrue(
                DockerClientFactory.instance().isDockerAvailable(),
                "no Docker engine answers, so Kafka and Redis in containers are not tested");
        System.setProperty(LocalServers.CHOICE, "containers");
        try (LocalServers parts = LocalServers.start(2)) {
            assertThat(parts).asString().startsWith("container Kafka at ");
            assertThatIsWhole(parts);
        }
    }

    @Test
    void shouldRefuseToStartWhenTheChoiceIsUnknown() {
        System.setProperty(LocalServers.CHOICE, "none");
        assertThatThrownBy(() -> LocalServers.start(2)).hasMessageContaining("embedded, containers or auto");
    }

    /** Neither Redis nor folders may outlive a JVM that gets SIGTERM. */
    @Test
    void shouldLeaveNothingBehindWhenTheJvmIsTerminated() throws Exception {
        Process jvm = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        RunUntilTerminated.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader output = jvm.inputReader()) {
            long redis = Long.parseLong(output.readLine());
            Path kafkaFolder = Path.of(output.readLine());
            Path redisFolder = Path.of(output.readLine());
            assertThat(ProcessHandle.of(redis)).isPresent();
            assertThat(kafkaFolder).isNotEmptyDirectory();

            jvm.destroy();

            assertThat(jvm.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(ProcessHandle.of(redis)).isEmpty();
            assertThat(kafkaFolder).doesNotExist();
            assertThat(redisFolder).doesNotExist();
        } finally {
            jvm.destroyForcibly();
        }
    }

    /** The main class of the JVM above: prints what it started, and waits for its end. */
    static final class RunUntilTerminated {
        private RunUntilTerminated() {}

        public static void main(String[] args) throws InterruptedException {
            EmbeddedServers servers = EmbeddedServers.start();
            System.out.println(servers.localRedis().process().pid());
            System.out.println(servers.localKafka().folder());
            System.out.println(servers.localRedis().folder());
            Thread.currentThread().join();
        }
    }

    private static void assertThatIsWhole(LocalServers parts) {
        try (Admin admin = Admin.create(parts.kafka().clientSettings());
                RedisClient client = RedisClient.create(parts.redis().uri());
                var connection = client.connect()) {
            assertThat(Topics.check(admin)).isEmpty();
            assertThat(connection.sync().ping()).isEqualTo("PONG");
        }
    }
}
