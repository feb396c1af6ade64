package redpacket.parts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.api.StatefulRedisConnection;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalRedisIT {
    private LocalRedis redis;
    private RedisClient client;
    private StatefulRedisConnection<String, String> connection;

    @BeforeEach
    void start() {
        redis = LocalRedis.start("--requirepass", "secret", "--maxmemory", "50mb");
        client = RedisClient.create(redis.address().uri());
        connection = client.connect();
    }

    @AfterEach
    void close() {
        client.close();
        redis.close();
    }

    @Test
    void shouldApplyFurtherSettingsWhenStarted() {
        assertThat(connection.sync().configGet("maxmemory")).containsEntry("maxmemory", String.valueOf(50 << 20));
        assertThat(connection.sync().configGet("save")).containsEntry("save", "");
    }

    @Test
    void shouldComeBackEmptyOnTheSamePortWhenKilledAndRestarted() {
        connection.sync().set("key", "value");
        int port = redis.port();
        ProcessHandle before = redis.process();

        redis.kill();
        assertThat(before.isAlive()).isFalse();
        redis.restart();

        assertThat(redis.port()).isEqualTo(port);
        // Over the old connection, which reconnects to the new process.
        assertThat(connection.sync().get("key")).isNull();
    }

    @Test
    void shouldAnswerNothingUntilResumedWhenPaused() throws Exception {
        redis.pause();
        RedisFuture<String> answer = connection.async().ping();
        assertThat(answer.await(300, TimeUnit.MILLISECONDS)).isFalse();

        redis.resume();

        assertThat(answer.get(30, TimeUnit.SECONDS)).isEqualTo("PONG");
    }

    @Test
    void shouldLeaveNeitherFolderNorProcessWhenClosedWhilePaused() {
        ProcessHandle process = redis.process();
        redis.pause();

        redis.close();
        redis.close();

        assertThat(process.isAlive()).isFalse();
        assertThat(redis.folder()).doesNotExist();
    }

    @Test
    void shouldGiveTheReasonWhenRedisRefusesItsSettings() {
        assertThatThrownBy(() -> LocalRedis.start("--maxmemory", "lots"))
                .hasMessageContaining("maxmemory")
                .hasMessageContaining("lots");
    }

    @Test
    void shouldRunTheLibrarysExecutableWhenTheMachineHasNone(@TempDir Path folder) throws Exception {
        Process unpacked = new ProcessBuilder(RedisExecutable.unpack(folder).toString(), "--version").start();

        await().until(() -> !unpacked.isAlive());
        assertThat(unpacked.inputReader().readLine()).contains("server v=");
    }
}
