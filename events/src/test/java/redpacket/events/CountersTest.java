package redpacket.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

final class CountersTest {
    private static final String SEED = "0f".repeat(32);

    @Example
    void shouldListEveryFieldByItsNameInItsOrder() {
        assertThat(Arrays.stream(Counter.values()).map(Counter::fieldName))
                .containsExactlyElementsOf(Arrays.stream(Counters.class.getRecordComponents())
                        .map(RecordComponent::getName)
                        .toList());
    }

    @Example
    void shouldGiveEachCounterItsOwnValue() {
        Map<Counter, Long> values = new EnumMap<>(Counter.class);
        for (Counter counter : Counter.values()) {
            values.put(counter, 1_000L + values.size());
        }
        values.put(Counter.GRABS, 6_021L + 1_012 + 1_013 + 1_014);

        Counters counters = Counters.of(values::get);

        for (Counter counter : Counter.values()) {
            assertThat(counter.in(counters)).as(counter.fieldName()).isEqualTo(values.get(counter));
        }
        assertThat(counters.awarded()).isEqualTo(1_001);
        assertThat(counters.refundedCents()).isEqualTo(1_011);
    }

    @Property
    void shouldAddEachCounterByItself(@ForAll("counters") Counters one, @ForAll("counters") Counters other) {
        Counters sum = one.plus(other);

        for (Counter counter : Counter.values()) {
            long exact = counter.in(one) + counter.in(other);
            assertThat(counter.in(sum)).as(counter.fieldName()).isEqualTo(exact < 0 ? Long.MAX_VALUE : exact);
        }
    }

    @Example
    void shouldStayAtTheLargestNumberWhenASumOfMoneyIsBeyondIt() {
        Counters rich = Counters.of(expired(Long.MAX_VALUE));
        assertThat(rich.plus(Counters.of(expired(1))))
                .isEqualTo(counting(Map.of(Counter.PACKETS_EXPIRED, 2L, Counter.REFUNDED_CENTS, Long.MAX_VALUE)));

        Counters won = Counters.of(result(Outcome.AWARDED, new Share(0, Long.MAX_VALUE), false));
        assertThat(won.plus(won).awardedCents()).isEqualTo(Long.MAX_VALUE);
        assertThat(Counters.of(expired(Long.MAX_VALUE - 1))
                        .plus(Counters.of(expired(1)))
                        .refundedCents())
                .isEqualTo(Long.MAX_VALUE);
    }

    @Example
    void shouldCountAResultByItsOutcome() {
        Share share = new Share(2, 40);
        assertThat(Counters.of(result(Outcome.AWARDED, share, false)))
                .isEqualTo(counting(Map.of(Counter.GRABS, 1L, Counter.AWARDED, 1L, Counter.AWARDED_CENTS, 40L)));
        assertThat(Counters.of(result(Outcome.AWARDED, share, true)))
                .isEqualTo(counting(Map.of(Counter.GRABS, 1L, Counter.REPEATS, 1L)));
        assertThat(Counters.of(result(Outcome.ALREADY_GRABBED, share, false)))
                .isEqualTo(counting(Map.of(Counter.GRABS, 1L, Counter.ALREADY_GRABBED, 1L)));
        assertThat(Counters.of(result(Outcome.SOLD_OUT, null, false)))
                .isEqualTo(counting(Map.of(Counter.GRABS, 1L, Counter.SOLD_OUT, 1L)));
        assertThat(Counters.of(result(Outcome.EXPIRED, null, false)))
                .isEqualTo(counting(Map.of(Counter.GRABS, 1L, Counter.EXPIRED, 1L)));
        assertThat(Counters.of(result(Outcome.NOT_STARTED, null, false)))
                .isEqualTo(counting(Map.of(Counter.GRABS, 1L, Counter.NOT_STARTED, 1L)));
        assertThat(Counters.of(result(Outcome.NOT_ELIGIBLE, null, false)))
                .isEqualTo(counting(Map.of(Counter.GRABS, 1L, Counter.NOT_ELIGIBLE, 1L)));
        assertThat(Counters.of(result(Outcome.CANCELLED, null, false)))
                .isEqualTo(counting(Map.of(Counter.GRABS, 1L, Counter.CANCELLED, 1L)));
        assertThat(Counters.of(result(Outcome.UNKNOWN_PACKET, null, false)))
                .isEqualTo(counting(Map.of(Counter.GRABS, 1L, Counter.UNKNOWN_PACKET, 1L)));
    }

    @Example
    void shouldCountAPacketEventByItsKind() {
        PacketEvent opened = new PacketEvent.Opened("p", "s", 5, 3, Split.EQUAL, null, 1, 2, SEED, 0);
        PacketEvent soldOut =
                new PacketEvent.SoldOut("p", null, 3, 5, 2, 1, new PacketEvent.Luckiest("u", new Share(0, 3)), SEED);
        PacketEvent rejected = new PacketEvent.Rejected("p", PacketEvent.Reason.NO_SHARES, "No shares.", 0);

        assertThat(Counters.of(opened)).isEqualTo(counting(Map.of(Counter.PACKETS_OPENED, 1L)));
        assertThat(Counters.of(soldOut)).isEqualTo(counting(Map.of(Counter.PACKETS_SOLD_OUT, 1L)));
        assertThat(Counters.of(expired(5)))
                .isEqualTo(counting(Map.of(Counter.PACKETS_EXPIRED, 1L, Counter.REFUNDED_CENTS, 5L)));
        assertThat(Counters.of(new PacketEvent.Cancelled("p", null, null, 0, 0, 5, 6, 3, "Why", 4, null, SEED)))
                .isEqualTo(counting(Map.of(Counter.PACKETS_CANCELLED, 1L, Counter.REFUNDED_CENTS, 5L)));
        assertThat(Counters.of(rejected)).isEqualTo(Counters.NONE);
        assertThat(Counters.of(new PacketEvent.CancelAnswered("p", PacketEvent.CancelOutcome.OTHER_SENDER, null, 4)))
                .isEqualTo(Counters.NONE);
    }

    @Example
    void shouldRefuseCountersWhenTheyContradictEachOther() {
        for (Counter counter : Counter.values()) {
            if (counter != Counter.AWARDED_CENTS
                    && counter != Counter.REFUNDED_CENTS
                    && !counter.name().startsWith("PACKETS_")) {
                assertRefused(Map.of(counter, 1L));
            }
            assertRefused(Map.of(counter, -1L));
        }
        assertRefused(Map.of(Counter.GRABS, 2L, Counter.SOLD_OUT, 1L));
        // Only the sum is right.
        assertRefused(Map.of(Counter.SOLD_OUT, 1L, Counter.EXPIRED, -1L));
    }

    @Provide
    Arbitrary<Counters> counters() {
        return Message.counters();
    }

    private static void assertRefused(Map<Counter, Long> values) {
        assertThatThrownBy(() -> counting(values)).as(values.toString()).isInstanceOf(InvalidEventException.class);
    }

    private static Counters counting(Map<Counter, Long> values) {
        return Counters.of(counter -> values.getOrDefault(counter, 0L));
    }

    private static AwardResult result(Outcome outcome, Share share, boolean repeat) {
        return new AwardResult("p", "g", "u", null, outcome, share, repeat, 5, 7);
    }

    private static PacketEvent expired(long refundedCents) {
        return new PacketEvent.Expired("p", null, 0, 0, refundedCents, 6, null, SEED);
    }
}
