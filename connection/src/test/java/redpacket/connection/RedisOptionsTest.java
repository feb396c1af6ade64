package redpacket.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

class RedisOptionsTest {
    @Test
    void shouldFindRedisOnThisMachineWhenNothingIsSaid() {
        assertThat(parse()).isEqualTo(new RedisAddress("redis://127.0.0.1:6379", false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"rediss://h", "redis://u:p@h:1/2", "redis-sentinel://a:1,b:2#main", "redis://a:1,redis://b:2"})
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

    private static RedisAddress parse(String... arguments) {
        return CommandLine.populateCommand(new RedisOptions(), arguments).address();
    }
}
