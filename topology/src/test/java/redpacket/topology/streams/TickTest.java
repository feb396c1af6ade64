package redpacket.topology.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.Record;
import org.junit.jupiter.api.Test;
import redpacket.events.Topic;

class TickTest {
    private static final String GRABS = Topic.GRABS.topicName();

    @Test
    void shouldRecogniseWhatItMadeWhenItComesBack() {
        Record<byte[], Object> made = Tick.record("packet", 5_000);

        assertThat(made.timestamp()).isEqualTo(5_000);
        assertThat(made.key()).isEqualTo("packet".getBytes(UTF_8));
        assertThat(Tick.sentAtMillis(made)).isEqualTo(5_000);
        // The sink writes a null value.
        assertThat(Tick.is(made.withValue(null), GRABS)).isTrue();
    }

    @Test
    void shouldSayThatATimeIsUnknownWhenATickHasNone() {
        for (String value : List.of("", "soon", "-5x", "99999999999999999999")) {
            RecordHeaders headers = new RecordHeaders();
            headers.add(Topic.TICK_HEADER, value.getBytes(UTF_8));

            assertThat(Tick.sentAtMillis(record(null, headers))).as(value).isEqualTo(-1);
        }
    }

    @Test
    void shouldTakeNothingElseForATick() {
        RecordHeaders tick = new RecordHeaders();
        tick.add(Topic.TICK_HEADER, new byte[0]);

        assertThat(Tick.is(record(null, tick), GRABS)).isTrue();
        assertThat(Tick.is(record(null, new RecordHeaders()), GRABS)).isFalse();
        assertThat(Tick.is(record("{}".getBytes(UTF_8), tick), GRABS)).isFalse();
        assertThat(Tick.is(record(new byte[0], tick), GRABS)).isFalse();
        assertThat(Tick.is(record(null, tick), Topic.OPENS.topicName())).isFalse();
    }

    private static Record<byte[], byte[]> record(byte[] value, RecordHeaders headers) {
        return new Record<>("packet".getBytes(UTF_8), value, 1, headers);
    }
}
