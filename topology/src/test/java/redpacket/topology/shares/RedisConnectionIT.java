package redpacket.topology.shares;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import redpacket.clients.RedisAddress;
import redpacket.clients.RedisConnection;
import redpacket.parts.LocalRedis;

/** A connection outlives every absence of Redis, and says what is wrong without naming a password. */
class RedisConnectionIT {
    private static final Duration SOON = Duration.ofMillis(500);
    private static final Duration LONG = Duration.ofSeconds(30);

    @Test
    void shouldOpenAndTellTheReasonWhenRedisIsAway() {
        try (LocalRedis redis = LocalRedis.start()) {
            redis.kill();
            try (RedisConnection connection = RedisConnection.open(redis.address())) {
                assertThat(connection.isReachable(SOON)).isFalse();
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
}
