package redpacket.topology.shares;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import redpacket.clients.RedisAddress;
import redpacket.clients.RedisConnection;
import redpacket.parts.LocalRedis;
import redpacket.topology.TcpProxy;

/** A connection outlives every absence of Redis, and says what is wrong without naming a password. */
class RedisConnectionIT {
    private static final Duration SOON = Duration.ofMillis(500);
    private static final Duration LONG = Duration.ofSeconds(30);

    @Test
    void shouldOpenAndTellTheReasonWhenRedisIsAway() {
        try (LocalRedis redis = LocalRedis.start()) {
            redis.kill();
            try (RedisConnection connection = RedisConnection.open(redis.address())) {
                assertThatThrownBy(() -> connection.requireReachable(SOON))
                        .isInstanceOf(RedisConnectionException.class);
                assertThatThrownBy(connection::commands)
                        .isInstanceOf(RedisConnectionException.class)
                        .hasMessageContaining("No Redis at " + redis.address())
                        .hasMessageContaining("Connection refused");
                redis.restart();
                connection.requireReachable(LONG);
            }
        }
    }

    @Test
    void shouldFailAtOnceAndComeBackWhenRedisGoesAndComes() {
        try (LocalRedis redis = LocalRedis.start();
                RedisConnection connection = RedisConnection.open(redis.address())) {
            connection.requireReachable(LONG);
            redis.kill();
            assertThatThrownBy(() -> Packets.result(connection.ping())).hasCauseInstanceOf(RedisException.class);
            redis.restart();
            connection.requireReachable(LONG);
        }
    }

    @Test
    void shouldBeUnreachableWhenRedisStalls() {
        try (LocalRedis redis = LocalRedis.start();
                RedisConnection connection = RedisConnection.open(redis.address())) {
            redis.pause();
            assertThatThrownBy(() -> connection.requireReachable(SOON)).hasMessageContaining("no answer within 500 ms");
            redis.resume();
            connection.requireReachable(LONG);
        }
    }

    /** The address leads to another master, while old connections stay with the server before. */
    @Test
    void shouldFollowItsAddressWhenTheMasterIsDemotedAndConnectionsStay() {
        try (LocalRedis before = LocalRedis.start();
                LocalRedis after = LocalRedis.start();
                TcpProxy address = TcpProxy.before(before.port());
                RedisConnection connection = RedisConnection.open(addressOf(address))) {
            set(connection, "1");
            RedisClusterAsyncCommands<byte[], byte[]> old = connection.commands();

            address.leadTo(after.port());
            admin(before, commands -> commands.replicaof("127.0.0.1", after.port()));

            awaitWrites(connection, "2");
            admin(after, commands -> assertThat(commands.get("key")).isEqualTo("2"));
            assertThat(connection.trouble()).isEmpty();
            assertThatThrownBy(() -> Packets.result(old.ping())).isNotNull(); // closed
        }
    }

    @Test
    void shouldFollowItsAddressWhenTheServerHangs() {
        try (LocalRedis before = LocalRedis.start();
                LocalRedis after = LocalRedis.start();
                TcpProxy address = TcpProxy.before(before.port());
                RedisConnection connection = RedisConnection.open(addressOf(address))) {
            set(connection, "1");
            before.pause();
            await().atMost(LONG).until(() -> connection.trouble().isPresent());
            // Attempts to connect hang as well, and must not keep later ones from being made.
            address.leadTo(after.port());

            awaitWrites(connection, "2");
            before.resume();
            admin(after, commands -> assertThat(commands.get("key")).isEqualTo("2"));
        }
    }

    @Test
    void shouldConnectWhenTheFirstServerHangsAndTheAddressLeadsElsewhereLater() {
        try (LocalRedis hangs = LocalRedis.start();
                LocalRedis after = LocalRedis.start();
                TcpProxy address = TcpProxy.before(hangs.port())) {
            hangs.pause();
            try (RedisConnection connection = RedisConnection.open(addressOf(address))) {
                address.leadTo(after.port());
                awaitWrites(connection, "1");
            } finally {
                hangs.resume();
            }
        }
    }

    /** Nothing better is found behind the address, so the connection stays, and reads go on. */
    @Test
    void shouldKeepTheConnectionAndTellTheTroubleWhenTheOnlyServerTakesNoWrites() {
        try (LocalRedis redis = LocalRedis.start();
                RedisConnection connection = RedisConnection.open(redis.address())) {
            set(connection, "1");
            RedisClusterAsyncCommands<byte[], byte[]> commands = connection.commands();
            admin(redis, admin -> admin.replicaof("127.0.0.1", 1));
            await().atMost(LONG).until(() -> connection
                    .trouble()
                    .filter(why -> why.contains("READONLY"))
                    .isPresent());
            connection.requireReachable(LONG);

            admin(redis, RedisCommands::replicaofNoOne);
            await().atMost(LONG).until(() -> connection.trouble().isEmpty());
            assertThat(connection.commands()).isSameAs(commands);
        }
    }

    @Test
    void shouldLeaveNoKeyBehind() {
        try (LocalRedis redis = LocalRedis.start();
                RedisConnection connection = RedisConnection.open(redis.address())) {
            connection.requireReachable(LONG);
            admin(redis, admin -> {
                await().atMost(LONG).until(() -> admin.info("commandstats").contains("cmdstat_unlink"));
                assertThat(admin.dbsize()).isZero();
            });
        }
    }

    /** A replica would refuse it again and again. */
    @Test
    void shouldWriteNothingWhenItIsForReading() {
        try (LocalRedis read = LocalRedis.start();
                LocalRedis written = LocalRedis.start();
                RedisConnection reading = RedisConnection.openForReading(read.address());
                RedisConnection writing = RedisConnection.open(written.address())) {
            writing.requireReachable(LONG);
            admin(written, admin -> await().atMost(LONG)
                    .until(() -> admin.info("commandstats").contains("cmdstat_unlink:calls=3")));
            admin(read, admin -> assertThat(admin.info("commandstats")).doesNotContain("cmdstat_unlink"));
            assertThat(reading.trouble()).isEmpty();
        }
    }

    @Test
    void shouldTellNoPasswordWhenItIsWrong() {
        try (LocalRedis redis = LocalRedis.start("--requirepass", "right-one")) {
            RedisAddress wrong = RedisAddress.of(redis.address().uri().replace("right-one", "wrong-one"));
            assertThatThrownBy(() -> RedisConnection.open(wrong))
                    .isInstanceOf(RedisConnectionException.class)
                    .hasMessageContaining("WRONGPASS")
                    .hasMessageNotContaining("wrong-one");
            try (RedisConnection connection = RedisConnection.open(redis.address())) {
                connection.requireReachable(LONG);
                assertThat(connection.toString()).doesNotContain("right-one");
            }
        }
    }

    @Test
    void shouldTellNoPasswordWhenTheAddressIsNone() {
        assertThatThrownBy(() -> RedisConnection.open(RedisAddress.of("http://:my-secret@somewhere")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("my-secret")
                .hasNoCause();
    }

    private static RedisAddress addressOf(TcpProxy proxy) {
        return RedisAddress.of("redis://127.0.0.1:" + proxy.port());
    }

    private static void awaitWrites(RedisConnection connection, String value) {
        await().atMost(LONG).ignoreExceptions().until(() -> set(connection, value)
                .equals("OK"));
    }

    private static String set(RedisConnection connection, String value) {
        return Packets.result(connection.commands().set("key".getBytes(US_ASCII), value.getBytes(US_ASCII)));
    }

    private static void admin(LocalRedis redis, Consumer<RedisCommands<String, String>> work) {
        try (RedisClient client = RedisClient.create(redis.address().uri())) {
            work.accept(client.connect().sync());
        }
    }
}
