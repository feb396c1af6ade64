package redpacket.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RateLimitTest {
    private static final long SECOND = 1_000_000_000;

    private long nanos;
    private final RateLimit limit = new RateLimit(10, () -> nanos);

    @Test
    void shouldAllowSoManyASecondWhenAskedAllTheTime() {
        assertThat(allowed(100)).isEqualTo(10);
        long inTenSeconds = 0;
        for (int i = 0; i < 1_000; i++) {
            nanos += SECOND / 100;
            inTenSeconds += allowed(3);
        }
        assertThat(inTenSeconds).isBetween(99L, 101L);
    }

    @Test
    void shouldNotSaveMoreThanASecondWhenNobodyAsks() {
        nanos += 3_600 * SECOND;
        assertThat(allowed(100)).isEqualTo(10);
    }

    private long allowed(int requests) {
        return IntStream.range(0, requests).filter(i -> limit.allows()).count();
    }
}
