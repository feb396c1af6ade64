package redpacket.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceContextTest {
    private static final String PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    @ParameterizedTest
    @ValueSource(
            strings = {
                PARENT,
                "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-ff",
                "00-00000000000000000000000000000001-0000000000000001-00",
                "fe-ffffffffffffffffffffffffffffffff-ffffffffffffffff-01"
            })
    void shouldTakeTheParentWhenItIsValid(String parent) {
        assertThat(TraceContext.of(parent, null)).isEqualTo(new TraceContext(parent, null));
        assertThat(TraceContext.isParent(parent.getBytes(UTF_8))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00",
                "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e473g-00f067aa0ba902b7-01",
                "00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-",
                "0-04bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-\u00e9"
            })
    void shouldBeNoneWhenTheParentIsInvalid(String parent) {
        assertThat(TraceContext.of(parent, "vendor=1")).isSameAs(TraceContext.NONE);
        assertThat(TraceContext.isParent(parent.getBytes(UTF_8))).isFalse();
        assertThatThrownBy(() -> new TraceContext(parent, null)).hasMessage("not a traceparent: " + parent);
    }

    @Test
    void shouldDropTheStateWhenItIsLongOrNoText() {
        String longest = "v=" + "x".repeat(TraceContext.MAX_STATE_BYTES - 2);

        assertThat(TraceContext.of(PARENT, longest).state()).isEqualTo(longest);
        for (String state : new String[] {longest + "x", "", "v=\n", "v=\u7ea2", null}) {
            assertThat(TraceContext.of(PARENT, state)).isEqualTo(new TraceContext(PARENT, null));
        }
        assertThat(TraceContext.isParent(null)).isFalse();
        assertThat(TraceContext.isState(null)).isFalse();
        assertThatThrownBy(() -> new TraceContext(PARENT, "v=\n"))
                .hasMessageStartingWith("not a tracestate of " + PARENT);
    }

    @Test
    void shouldBeNoneWhenThereIsOnlyAState() {
        assertThat(TraceContext.of(null, "vendor=1")).isSameAs(TraceContext.NONE);
        assertThatThrownBy(() -> new TraceContext(null, "vendor=1"))
                .hasMessage("not a tracestate of no trace: vendor=1");
    }

    @Test
    void shouldGiveTheHeadersThatItWasMadeOf() {
        Map<String, String> both = Map.of("traceparent", PARENT, "tracestate", "vendor=1");
        Map<String, String> one = Map.of("traceparent", PARENT);

        assertThat(TraceContext.of(both).headers()).isEqualTo(both);
        assertThat(TraceContext.of(one).headers()).isEqualTo(one);
        assertThat(TraceContext.of(Map.of("baggage", "a=1"))).isSameAs(TraceContext.NONE);
        assertThat(TraceContext.NONE.headers()).isEmpty();
    }
}
