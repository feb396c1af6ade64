package redpacket.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;
import redpacket.clients.RedisAddress;

class RedisOptionsTest {
    @Test
    void shouldFindRedisOnThisMachineWhenNothingIsSaid() {
        assertThat(parse()).isEqualTo(new RedisAddress("redis://127.0.0.1:6379", false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"rediss://h", "redis://u@h:1/2", "redis-sentinel://a:1,b:2#main", "redis://a:1,redis://b:2"})
    void shouldTakeTheUriWhenItsSchemeIsKnown(String uri) {
        assertThat(parse("--redis", uri, "--redis-cluster")).isEqualTo(new RedisAddress(uri, true));
    }

    @Test
    void shouldNotRepeatTheUriWhenItsSchemeIsUnknown() {
        assertThatThrownBy(() -> parse("--redis", "https://user:geheim@host"))
                .isInstanceOf(ParameterException.class)
                .hasMessageContaining("--redis")
                .hasMessageContaining("must start with redis://")
                .hasMessageNotContainingAny("geheim");
    }

    @Test
    void shouldRefuseAPasswordOnTheCommandLineWithoutRepeatingIt() {
        assertThatThrownBy(() -> parse("--redis", "redis://u:geheim@h"))
                .isInstanceOf(ParameterException.class)
                .hasMessageContaining("A password in --redis would be seen")
                .hasMessageNotContainingAny("geheim");
    }

    @ParameterizedTest
    @CsvSource({
        "redis://h, redis://:p%40%2F+x@h",
        "rediss://u@h:1/2, rediss://u:p%40%2F+x@h:1/2",
        "'redis://a:1,redis://u@b:2', 'redis://:p%40%2F+x@a:1,redis://u:p%40%2F+x@b:2'"
    })
    void shouldPutThePasswordOfTheEnvironmentIntoEachUri(String uri, String expected) {
        Map<String, String> environment = Map.of("REDPACKET_REDIS", uri, "REDPACKET_REDIS_PASSWORD", "p@/ x");

        RedisAddress address = parse(environment);

        assertThat(address.uri()).isEqualTo(expected.replace("+", "%20"));
        assertThat(address.toString()).doesNotContain("p%40");
    }

    private static RedisAddress parse(String... arguments) {
        return parse(Map.of(), arguments);
    }

    private static RedisAddress parse(Map<String, String> environment, String... arguments) {
        Example example = new Example();
        new CommandLine(example)
                .setDefaultValueProvider(EnvironmentDefaults.of(environment, arguments))
                .parseArgs(arguments);
        return example.redis.address();
    }

    @Command
    static final class Example {
        @Mixin
        private RedisOptions redis;
    }
}
