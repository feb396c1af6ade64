package redpacket.topology.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class TraceHeadersTest {
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

    @Test
    void shouldDropTheStateWhenOnlyTheStateIsInvalid() {
        assertThat(passedOn("traceparent", PARENT, "tracestate", "v=\n")).containsExactly("traceparent=" + PARENT);
        assertThat(passedOn("traceparent", PARENT, "tracestate", null)).containsExactly("traceparent=" + PARENT);
    }

    @Test
    void shouldPassNothingOnWhenTheParentIsInvalid() {
        assertThat(passedOn("traceparent", PARENT + "-", "tracestate", "vendor=1"))
                .isEmpty();
        assertThat(passedOn("traceparent", null, "tracestate", "vendor=1")).isEmpty();
    }

    /** The headers of the answer to a record that has these headers: names and values in turn. */
    private static String[] passedOn(String... namesAndValues) {
        Headers headers = new RecordHeaders();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            String value = namesAndValues[i + 1];
            headers.add(namesAndValues[i], value == null ? null : value.getBytes(UTF_8));
        }
        Header[] answer = TraceHeaders.of(headers).toArray();
        String[] texts = new String[answer.length];
        for (int i = 0; i < answer.length; i++) {
            texts[i] = answer[i].key() + "=" + new String(answer[i].value(), UTF_8);
        }
        return texts;
    }
}
