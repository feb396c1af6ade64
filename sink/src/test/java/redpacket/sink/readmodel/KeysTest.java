package redpacket.sink.readmodel;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class KeysTest {
    private static final long NOON = Instant.parse("2026-02-16T12:00:00Z").toEpochMilli();
    private static final long HOUR = 3_600_000;

    @Test
    void shouldNameEachDayOnceNewestFirst() {
        assertThat(Keys.winners(7, 3, NOON - 30 * HOUR, NOON))
                .extracting(Utf8::text)
                .containsExactly("redpacket:winners:7:{3}:1771200000000", "redpacket:winners:7:{3}:1771113600000");
    }

    /** One grab was dated 1970, another in the year 9999. */
    @Test
    void shouldStayBoundedWhenClocksAreWrong() {
        assertThat(Keys.winners(7, 3, 0, NOON))
                .hasSize(Keys.MOST_DAYS)
                .first()
                .extracting(Utf8::text)
                .isEqualTo("redpacket:winners:7:{3}:1771200000000");
        assertThat(Keys.winners(7, 3, NOON, 253_402_300_799_999L)).hasSize(Keys.MOST_DAYS);
    }
}
