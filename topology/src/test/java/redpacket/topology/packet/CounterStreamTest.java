package redpacket.topology.packet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.LongUnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CounterStreamTest {
    private static final long THREE_QUARTERS_OF_63_BITS = 3L << 61;

    private final CounterStream stream = new CounterStream(Examples.SECRET.seedOf("packet-1"));

    /** Known answers, computed with another language's SHA-256; nine of them need three digests. */
    @Test
    void shouldMatchTheKnownAnswersWhenReadAsLongs() {
        assertThat(LongStream.generate(stream::nextLong).limit(9))
                .containsExactly(
                        -7697506121232991731L,
                        395580434418791112L,
                        8125404347935162067L,
                        4941286009849752365L,
                        -3810788621360005638L,
                        8773085758375829753L,
                        257456802136618844L,
                        3473209491252112857L,
                        -5011183492966865273L);
    }

    @Test
    void shouldMatchTheKnownAnswersWhenReadBelowABound() {
        assertThat(LongStream.generate(() -> stream.nextBelow(1000)).limit(8))
                .containsExactly(942L, 556L, 33L, 182L, 989L, 876L, 422L, 428L);
    }

    /** Nearly every second draw is above the largest multiple of this bound, and so is the first one. */
    @Test
    void shouldMatchTheKnownAnswersWhenDrawsAreRejected() {
        assertThat(LongStream.generate(() -> stream.nextBelow((1L << 62) + 1)).limit(3))
                .containsExactly(197790217209395556L, 4062702173967581033L, 2470643004924876182L);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 1L << 62, Long.MAX_VALUE})
    void shouldStayWithinTheBound(long bound) {
        assertThat(LongStream.generate(() -> stream.nextBelow(bound)).limit(1000))
                .allMatch(drawn -> 0 <= drawn && drawn < bound);
    }

    @Test
    void shouldThrowAFairDie() {
        assertThat(ChiSquare.of(countThrows(6, 1, stream::nextBelow))).isLessThan(ChiSquare.criticalFor(6));
    }

    @Test
    void shouldBeUnbiasedWhereAPlainRemainderIsNot() {
        LongUnaryOperator plainRemainder = bound -> (stream.nextLong() >>> 1) % bound;

        assertThat(ChiSquare.of(countThrows(3, THREE_QUARTERS_OF_63_BITS / 3, stream::nextBelow)))
                .isLessThan(ChiSquare.criticalFor(3));
        assertThat(ChiSquare.of(countThrows(3, THREE_QUARTERS_OF_63_BITS / 3, plainRemainder)))
                .isGreaterThan(ChiSquare.criticalFor(3));
    }

    private static long[] countThrows(int sides, long width, LongUnaryOperator nextBelow) {
        long[] counts = new long[sides];
        for (int i = 0; i < 6000; i++) {
            counts[(int) (nextBelow.applyAsLong(sides * width) / width)]++;
        }
        return counts;
    }
}
