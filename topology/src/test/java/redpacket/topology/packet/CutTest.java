package redpacket.topology.packet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
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
import redpacket.events.ImpossibleTerms;
import redpacket.events.Json;
import redpacket.events.Limits;
import redpacket.events.OpenPacket;
import redpacket.events.Prize;
import redpacket.events.Share;
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
                .readTree(Path.of("..", "events", "cases", "splits.json").toFile());

        assertThat(cases.get("splits")).isNotEmpty().allSatisfy(CutTest::assertCuts);
        assertThat(cases.get("splitsWithTerms")).isNotEmpty().allSatisfy(CutTest::assertCuts);
    }

    private static void assertCuts(JsonNode fields) {
        ObjectNode terms =
                ((ObjectNode) fields.deepCopy()).put("packetId", "packet").put("senderId", "sender");
        Seed seed = Seed.of(HexFormat.of().parseHex(fields.get("seed").textValue()));
        Packet packet = packet(Json.readOpen(terms.toString().getBytes(UTF_8)), seed);

        List<Share> cut = new ArrayList<>();
        for (long queued : packet.cut()) {
            cut.add(packet.shown(packet.winner("user", "grab", cut.size(), queued)));
        }
        assertThat(seed.commitment()).isEqualTo(fields.get("commitment").textValue());
        assertThat(cut)
                .extracting(Share::cents)
                .containsExactlyElementsOf(
                        StreamSupport.stream(fields.get("cents").spliterator(), false)
                                .map(JsonNode::longValue)
                                .toList());
        if (fields.has("names")) {
            assertThat(cut)
                    .extracting(Share::prize)
                    .containsExactlyElementsOf(
                            StreamSupport.stream(fields.get("names").spliterator(), false)
                                    .map(JsonNode::textValue)
                                    .toList());
        }
        if (fields.has("onlyUsersHash")) {
            assertThat(packet.opened(0).onlyUsers().hash())
                    .isEqualTo(fields.get("onlyUsersHash").textValue());
        }
    }

    @Example
    void shouldCutAMillionShares() {
        assertThat(Arrays.stream(Cut.of(Split.RANDOM, 10_000_000, Limits.MAX_SHARES, SEED))
                        .sum())
                .isEqualTo(10_000_000);
    }

    /** A packet with bounds that its terms allow. */
    @Provide
    Arbitrary<Packet> boundedPackets() {
        return terms().flatMap(terms -> {
            long mean = terms.totalCents() / terms.shares();
            return Combinators.combine(
                            Arbitraries.longs().between(1, mean).injectNull(0.2),
                            Arbitraries.frequencyOf(
                                            Tuple.of(2, Arbitraries.longs().between(mean + 1, 2 * mean + 1)),
                                            Tuple.of(1, Arbitraries.longs().between(mean + 1, Long.MAX_VALUE)))
                                    .injectNull(0.2))
                    .as((min, max) -> bounded(terms.totalCents(), terms.shares(), min, max, terms.seed()));
        });
    }

    @Property
    void shouldKeepEachShareWithinItsBounds(@ForAll("boundedPackets") Packet packet) {
        long[] cut = packet.cut();

        assertThat(cut).hasSize(packet.shares());
        assertThat(Arrays.stream(cut).sum()).isEqualTo(packet.totalCents());
        assertThat(Arrays.stream(cut))
                .allMatch(cents -> cents >= packet.special().leastCents()
                        && cents <= packet.special().mostCents());
    }

    @Property(tries = 300)
    void shouldGiveWhatTheNaiveCutGivesWithinBounds(@ForAll("boundedPackets") Packet packet) {
        assertThat(packet.cut())
                .containsExactly(
                        NaivePipeline.cut(packet.opened(0), packet.seed().bytes()).stream()
                                .map(Share::cents)
                                .toArray(Long[]::new));
    }

    /** Bounds that include every cut change no cut: an old packet is verified like a new one. */
    @Property
    void shouldCutAsWithoutBoundsWhenTheyExcludeNothing(@ForAll("terms") Terms terms) {
        Packet packet = bounded(terms.totalCents(), terms.shares(), 1L, terms.totalCents(), terms.seed());

        assertThat(packet.cut()).isEqualTo(Cut.of(Split.RANDOM, terms.totalCents(), terms.shares(), terms.seed()));
    }

    @Example
    void shouldReachBothBoundsAndTheMeanInBetween() {
        LongSummaryStatistics cents = new LongSummaryStatistics();
        for (int number = 0; number < 2000; number++) {
            Arrays.stream(bounded(1_000, 10, 80L, 120L, Examples.seedNumber(number))
                            .cut())
                    .forEach(cents);
        }

        assertThat(cents.getMin()).isEqualTo(80);
        assertThat(cents.getMax()).isEqualTo(120);
        assertThat(cents.getAverage()).isEqualTo(100);
    }

    /** The mean is nearer to one bound: that bound is reached from the first share on, the other one later. */
    @Example
    void shouldReachBothBoundsWhenTheMeanIsNearerToOne() {
        for (long total : new long[] {900, 1_100}) {
            LongSummaryStatistics cents = new LongSummaryStatistics();
            for (int number = 0; number < 20_000; number++) {
                Arrays.stream(bounded(total, 10, 80L, 120L, Examples.seedNumber(number))
                                .cut())
                        .forEach(cents);
            }
            assertThat(cents.getMin()).isEqualTo(80);
            assertThat(cents.getMax()).isEqualTo(120);
        }
    }

    @Example
    void shouldPutSharesNearABoundAnywhereAlike() {
        LongFunction<long[]> cut = number ->
                bounded(950, 10, 80L, 120L, Examples.seedNumber(number)).cut();

        assertThat(unevennessOfSharesAbove(105, cut)).isLessThan(ChiSquare.criticalFor(10));
    }

    @Example
    void shouldPutTheMainPrizeAnywhereAlike() {
        LongFunction<long[]> cut = number -> prizes(Examples.seedNumber(number)).cut();

        // The main prize is the second: its number is 2.
        assertThat(unevennessOfSharesAbove(1, cut)).isLessThan(ChiSquare.criticalFor(10));
    }

    @Example
    void shouldBeCaughtPreferringAPositionWhenBoundedSharesAreNotShuffled() {
        LongFunction<long[]> cut =
                number -> Cut.doubleMean(950, 10, 80, 120, new CounterStream(Examples.seedNumber(number)));

        assertThat(unevennessOfSharesAbove(105, cut)).isGreaterThan(ChiSquare.criticalFor(10));
    }

    private static Packet bounded(long totalCents, int shares, Long min, Long max, Seed seed) {
        OpenPacket command = new OpenPacket("packet", "sender", totalCents, shares, Split.RANDOM, null, 1);
        return packet(command.withBounds(min, max), seed);
    }

    private static Packet prizes(Seed seed) {
        List<Prize> prizes = List.of(new Prize(0, 9, null), new Prize(100, 1, "Main prize"));
        return packet(OpenPacket.ofPrizes("packet", "sender", prizes, null, 1), seed);
    }

    private static Packet packet(OpenPacket command, Seed seed) {
        assertThat(ImpossibleTerms.of(command)).isEmpty();
        return new Packet(
                "packet",
                "sender",
                command.totalCents(),
                command.shares(),
                command.split(),
                null,
                1,
                2,
                seed,
                SpecialTerms.of(command));
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
