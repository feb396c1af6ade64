package redpacket.topology.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.kafka.common.utils.Bytes;
import org.junit.jupiter.api.Test;
import redpacket.events.Counters;
import redpacket.events.WindowStats;

class WindowFormatTest {
    @Test
    void shouldReadWhatItWroteWhenWindow() {
        Counters counters = new Counters(45, 1, 2, 3, 4, 5, 6, 70, 8, 9, 10, 110, 7, 8, 9, 11);
        Bytes key = WindowFormat.key(1_771_257_600_000L, 1_000, "campaign/spring");
        WindowTotal total = new WindowTotal(key, 7, true, false, counters);

        assertThat(DeltaFormat.read(DeltaFormat.value(counters))).isEqualTo(counters);
        assertThat(TotalFormat.read(key, TotalFormat.value(total)))
                .usingRecursiveComparison()
                .isEqualTo(total);
        assertThat(total.next(true))
                .isEqualTo(new WindowStats("campaign/spring", 1_771_257_600_000L, 1_000, 8, true, counters));
    }

    @Test
    void shouldSayWhichReleaseIsNeededWhenFormatIsNewer() {
        assertThatThrownBy(() -> DeltaFormat.read(new byte[] {3, 0}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("format 3")
                .hasMessageContaining("newer release");
    }
}
