package redpacket.topology.packet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LongSummaryStatistics;
import java.util.function.LongFunction;
import java.util.stream.StreamSupport;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import redpacket.audit.NaivePipeline;
import redpacket.events.Limits;
import redpacket.events.Split;

class CutTest {
    private static final Seed SEED = Examples.SECRET.seedOf("packet-1");

    /** The arguments of a cut. */
    record Terms(Split split, long totalCents, int shares, Seed seed) {
        long[] cut() {
            return Cut.of(split, totalCents, shares, seed);
        }
    }

    @Provide
    Arbitrary<Terms> terms() {
        Arbitrary<Integer> shares = Arbitraries.integers().between(1, 300);
        Arbitrary<Long> spareCents = Arbitraries.frequencyOf(
                Tuple.of(3, Arbitraries.longs().between(0, 1000)),
                Tuple.of(1, Arbitraries.longs().between(0, Limits.MAX_TOTAL_CENTS - 300)));
        return Combinators.combine(
                        Arbitraries.of(Split.RANDOM, Split.EQUAL),
                        spareCents,
                        shares,
                        Arbitraries.longs().map(Examples::seedNumber))
                .as((split, spare, count, seed) -> new Terms(split, count + spare, count, seed));
    }

    @Property
    void shouldAddUpExactlyWithACentAtLeastInEachShare(@ForAll("terms") Terms terms) {
        long[] cut = terms.cut();

        assertThat(cut).hasSize(terms.shares());
        assertThat(Arrays.stream(cut).sum()).isEqualTo(terms.totalCents());
        assertThat(Arrays.stream(cut)).allMatch(cents -> cents >= 1);
    }

    @Property(tries = 300)
    void shouldGiveWhatTheNaiveCutGives(@ForAll("terms") Terms terms) {
        assertThat(terms.cut())
                .containsExactly(NaivePipeline.cut(
                                terms.split(),
                                terms.totalCents(),
                                terms.shares(),
                                terms.seed().bytes())
                        .toArray(Long[]::new));
    }

    @Property
    void shouldGiveTheSameAgain(@ForAll("terms") Terms terms) {
        assertThat(terms.cut()).isEqualTo(terms.cut());
    }

    @Property
    void shouldDifferByACentAtMostWhenEqual(@ForAll("terms") Terms terms) {
        long[] cut = Cut.of(Split.EQUAL, terms.totalCents(), terms.shares(), terms.seed());

        LongSummaryStatistics cents = Arrays.stream(cut).summaryStatistics();
        assertThat(cents.getMax() - cents.getMin()).isBetween(0L, 1L);
    }

    @Property
    void shouldKeepEachShareBelowTwiceTheMeanOfWhatIsLeftWhenRandom(@ForAll("terms") Terms terms) {
        long[] cut = inOrder(Split.RANDOM, terms.totalCents(), terms.shares(), terms.seed());

        long centsLeft = terms.totalCents();
        for (int i = 0; i < cut.length - 1; i++) {
            assertThat(cut[i]).isBetween(1L, 2 * centsLeft / (cut.length - i) - 1);
            centsLeft -= cut[i];
        }
        assertThat(cut[cut.length - 1]).isEqualTo(centsLeft);
    }

    /** Known answers, computed with another language. */
    @Example
    void shouldMatchTheKnownAnswers() {
        assertThat(Cut.of(Split.RANDOM, 2000, 10, SEED))
                .containsExactly(357, 284, 215, 70, 176, 139, 418, 143, 102, 96);
        assertThat(inOrder(Split.RANDOM, 2000, 10, SEED))
                .containsExactly(70, 418, 176, 143, 102, 357, 215, 284, 96, 139);
        assertThat(Cut.of(Split.EQUAL, 1003, 10, SEED))
                .containsExactly(101, 100, 100, 100, 100, 100, 100, 101, 100, 101);
        assertThat(Cut.of(Split.RANDOM, Limits.MAX_TOTAL_CENTS, 5, SEED))
                .containsExactly(
                        297876687177042L, 2421456680488297L, 3052602345829867L, 2725340710754998L, 509922830490787L);
        assertThat(Cut.of(Split.RANDOM, 1, 1, SEED)).containsExactly(1);
        assertThat(Cut.of(Split.RANDOM, 5, 5, SEED)).containsExactly(1, 1, 1, 1, 1);
    }

    /** The cases that verifiers in all languages run: {@code events/cases/README.md}. */
    @Example
    void shouldMatchTheCases() throws IOException {
        JsonNode cases = new JsonMapper()
                .readTree(Path.of("..", "events", "cases", "splits.json").toFile())
                .get("splits");

        assertThat(cases).isNotEmpty().allSatisfy(fields -> {
            Seed seed = Seed.of(HexFormat.of().parseHex(fields.get("seed").textValue()));
            long[] cut = Cut.of(
                    Split.valueOf(fields.get("split").textValue()),
                    fields.get("totalCents").longValue(),
                    fields.get("shares").intValue(),
                    seed);
            assertThat(seed.commitment()).isEqualTo(fields.get("commitment").textValue());
            assertThat(cut)
                    .containsExactly(StreamSupport.stream(fields.get("cents").spliterator(), false)
                            .mapToLong(JsonNode::longValue)
                            .toArray());
        });
    }

    @Example
    void shouldCutAMillionShares() {
        assertThat(Arrays.stream(Cut.of(Split.RANDOM, 10_000_000, Limits.MAX_SHARES, SEED))
                        .sum())
                .isEqualTo(10_000_000);
    }

    @Example
    void shouldPutLargeSharesAnywhereAlikeWhenRandom() {
        LongFunction<long[]> cut = number -> Cut.of(Split.RANDOM, 1_000_000, 10, Examples.seedNumber(number));

        assertThat(unevennessOfSharesAbove(2 * 100_000, cut)).isLessThan(ChiSquare.criticalFor(10));
    }

    @Example
    void shouldPutTheOddCentAnywhereAlikeWhenEqual() {
        LongFunction<long[]> cut = number -> Cut.of(Split.EQUAL, 1001, 10, Examples.seedNumber(number));

        assertThat(unevennessOfSharesAbove(100, cut)).isLessThan(ChiSquare.criticalFor(10));
    }

    /**
     * Proves that the two tests above can fail: the same measure notices a missing shuffle. Without it the first share
     * never exceeds twice the mean, and the odd cent is always in the first share.
     */
    @Example
    void shouldBeCaughtPreferringAPositionWhenNotShuffled() {
        LongFunction<long[]> random = number -> inOrder(Split.RANDOM, 1_000_000, 10, Examples.seedNumber(number));
        LongFunction<long[]> equal = number -> inOrder(Split.EQUAL, 1001, 10, Examples.seedNumber(number));

        assertThat(unevennessOfSharesAbove(2 * 100_000, random)).isGreaterThan(ChiSquare.criticalFor(10));
        assertThat(unevennessOfSharesAbove(100, equal)).isGreaterThan(ChiSquare.criticalFor(10));
    }

    /** How much the positions of such shares differ from throws of a fair die, over 2000 cuts into ten shares. */
    private static double unevennessOfSharesAbove(long cents, LongFunction<long[]> cutOfNumber) {
        long[] countsByPosition = new long[10];
        for (int number = 0; number < 2000; number++) {
            long[] cut = cutOfNumber.apply(number);
            for (int i = 0; i < cut.length; i++) {
                countsByPosition[i] += cut[i] > cents ? 1 : 0;
            }
        }
        return ChiSquare.of(countsByPosition);
    }

    @Example
    void shouldRefuseTermsThatNoPacketCanHave() {
        assertThatThrownBy(() -> Cut.of(Split.RANDOM, 9, 10, SEED)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Cut.of(Split.RANDOM, 10, 0, SEED)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Cut.of(Split.RANDOM, Limits.MAX_TOTAL_CENTS + 1, 1, SEED))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Cut.of(Split.EQUAL, Limits.MAX_TOTAL_CENTS, Limits.MAX_SHARES + 1, SEED))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static long[] inOrder(Split split, long totalCents, int shares, Seed seed) {
        return Cut.inOrder(split, totalCents, shares, new CounterStream(seed));
    }
}
