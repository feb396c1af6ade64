package redpacket.topology.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceContextTest {
    private static final String PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    @Test
    void shouldPassNothingOnWhenThereIsNoTrace() {
        assertThat(passedOn()).isEmpty();
        assertThat(passedOn("tracestate", "vendor=1", "other", "x".repeat(100_000)))
                .isEmpty();
    }

    @Test
    void shouldPassOnTheTraceAndDropAllOtherHeaders() {
        assertThat(passedOn("a", "1", "traceparent", PARENT, "tracestate", "vendor=1,b=2", "b", "2"))
                .containsExactly("traceparent=" + PARENT, "tracestate=vendor=1,b=2");
    }

    @Test
    void shouldPassOnTheLastOneWhenAHeaderComesTwice() {
        String later = PARENT.replace("-01", "-00");

        assertThat(passedOn("traceparent", PARENT, "traceparent", later)).containsExactly("traceparent=" + later);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-ff",
                "00-00000000000000000000000000000001-0000000000000001-00",
                "fe-ffffffffffffffffffffffffffffffff-ffffffffffffffff-01"
            })
    void shouldPassOnTheParentWhenItIsValid(String parent) {
        assertThat(passedOn("traceparent", parent)).containsExactly("traceparent=" + parent);
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
    void shouldPassNothingOnWhenTheParentIsInvalid(String parent) {
        assertThat(passedOn("traceparent", parent, "tracestate", "vendor=1")).isEmpty();
    }

    @Test
    void shouldDropTheStateWhenItIsLongOrNoText() {
        String longest = "v=" + "x".repeat(TraceContext.MAX_STATE_BYTES - 2);

        assertThat(passedOn("traceparent", PARENT, "tracestate", longest)).hasSize(2);
        for (String state : new String[] {longest + "x", "", "v=\n", "v=\u7ea2", null}) {
            assertThat(passedOn("traceparent", PARENT, "tracestate", state)).containsExactly("traceparent=" + PARENT);
        }
        assertThat(passedOn("traceparent", null)).isEmpty();
    }

    /** The headers of the answer to a record that has these headers: names and values in turn. */
    private static String[] passedOn(String... namesAndValues) {
        Headers headers = new RecordHeaders();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            String value = namesAndValues[i + 1];
            headers.add(namesAndValues[i], value == null ? null : value.getBytes(UTF_8));
        }
        Header[] answer = TraceContext.of(headers).toArray();
        String[] texts = new String[answer.length];
        for (int i = 0; i < answer.length; i++) {
            texts[i] = answer[i].key() + "=" + new String(answer[i].value(), UTF_8);
        }
        return texts;
    }
}
