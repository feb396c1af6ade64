package redpacket.guarantees;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import redpacket.audit.Report;
import redpacket.audit.Violation;
import redpacket.events.AwardResult;
import redpacket.events.Counters;
import redpacket.events.Outcome;
import redpacket.events.PacketEvent;
import redpacket.events.Share;
import redpacket.events.Topic;
import redpacket.events.WindowStats;
import redpacket.local.faults.Fault;

/**
 * Negative controls: each guarantee fails without evidence, on a violation of the audit, and on a planted violation.
 */
class GuaranteeTest {
    private static final Path PAGE = Path.of("..", "docs", "guarantees.md");

    private static final Evidence NOTHING = new Evidence(
            new Report(
                    Map.of(),
                    new Report.Packets(0, 0, 0, 0, 0),
                    new Report.Grabs(0, 0, new EnumMap<>(Outcome.class), 0, 0),
                    new Report.Cents(0, 0, 0, 0, 0, 0),
                    null,
                    0,
                    new Report.Statistics(0, "There are no statistics."),
                    null,
                    null,
                    0,
                    0,
                    Map.of(),
                    List.of(),
                    0,
                    0),
            CommittedRecords.of(Map.of()),
            SinkSums.NONE);

    static List<Guarantee> guarantees() {
        return Guarantees.ALL;
    }

    @Test
    void shouldBelongToOneGuaranteeForEveryKindOfViolation() {
        assertThat(Guarantees.ALL.stream().flatMap(guarantee -> guarantee.broken().stream()))
                .containsExactlyInAnyOrder(Violation.Kind.values());
    }

    @ParameterizedTest
    @MethodSource("guarantees")
    void shouldHoldWhenTheHistoryIsRight(Guarantee guarantee) {
        assertThatCode(() -> guarantee.assertKept(new HistoryInMemory().evidence()))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @MethodSource("guarantees")
    void shouldFailWhenNothingHappened(Guarantee guarantee) {
        assertThatThrownBy(() -> guarantee.assertKept(NOTHING))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(guarantee + " has judged ");
    }

    /** An empty history has no evidence of any kind. The next test shows that one missing kind is enough to fail. */
    @ParameterizedTest
    @MethodSource("guarantees")
    void shouldHaveSeenNothingWhenNothingHappened(Guarantee guarantee) {
        assertThat(guarantee.seen(NOTHING))
                .hasSameSizeAs(guarantee.seen(new HistoryInMemory().evidence()))
                .allSatisfy((what, count) -> assertThat(count).as(what).isZero());
    }

    @Test
    void shouldFailWhenOneKindOfEvidenceIsMissing() {
        Guarantee guarantee = new Guarantee() {
            @Override
            Map<String, Long> seen(Evidence evidence) {
                return Map.of("apples", 1L, "pears", 0L);
            }

            @Override
            void check(Evidence evidence) {
                // Every history is good.
            }
        };
        assertThatThrownBy(() -> guarantee.assertKept(NOTHING))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("has judged pears");
    }

    @ParameterizedTest
    @EnumSource
    void shouldFailWhenTheAuditFindsAViolation(Violation.Kind kind) {
        Evidence evidence = new HistoryInMemory().evidence(with(new Violation(kind, "t", 0, 0, null, "planted")));
        Guarantee broken = Guarantees.ALL.stream()
                .filter(guarantee -> guarantee.broken().contains(kind))
                .findFirst()
                .orElseThrow();

        assertThatThrownBy(() -> broken.assertKept(evidence))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("violations against " + broken);
        // A scenario that claims other guarantees must fail on this violation too.
        assertThatThrownBy(() -> Guarantees.assertKept(List.of(), evidence)).isInstanceOf(AssertionError.class);
    }

    private static Report with(Violation violation) {
        Report right = new HistoryInMemory().evidence().report();
        return new Report(
                right.recordsRead(),
                right.packets(),
                right.grabs(),
                right.cents(),
                right.luckiest(),
                right.seedChecked(),
                right.statistics(),
                right.ledger(),
                right.readModel(),
                right.unanswered(),
                right.deadLetters(),
                Map.of(violation.kind(), 1L),
                List.of(violation),
                right.coveredFromMillis(),
                right.tookMillis());
    }

    /** Finds planted violations in the topics and in the sink, although the audit's report has none. */
    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("planted")
    void shouldFailWhenTheAuditOverlooksAPlantedViolation(
            Guarantee guarantee, String what, Consumer<HistoryInMemory> plant) {
        HistoryInMemory history = new HistoryInMemory();
        plant.accept(history);

        assertThatThrownBy(() -> guarantee.assertKept(history.evidence()))
                .as(what)
                .isInstanceOf(AssertionError.class)
                .message()
                .doesNotContain("has judged", "violations against");
    }

    static Stream<Arguments> planted() {
        return Stream.of(
                planted(new EveryGrabIsAnsweredOnce(), "a lost answer", history -> history.awards.remove(0)),
                planted(
                        new EveryGrabIsAnsweredOnce(),
                        "a second answer",
                        history -> history.awards.add(history.awards.get(0))),
                planted(
                        new NoShareIsGivenTwice(),
                        "a share for two users",
                        history -> change(history, "bert", 0, award -> withShare(award, award.userId(), 0))),
                planted(
                        new NoShareIsGivenTwice(),
                        "two shares for a user",
                        history -> change(history, "bert", 0, award -> withShare(award, "anna", 1))),
                planted(new MoneyBalances(), "a cent too little refunded", history -> {
                    PacketEvent.Expired right = find(history, PacketEvent.Expired.class);
                    history.packetEvents.set(
                            history.packetEvents.indexOf(right), refunding(right, right.refundedCents() - 1));
                }),
                planted(
                        new MoneyBalances(),
                        "a packet closed twice",
                        history -> history.packetEvents.add(find(history, PacketEvent.SoldOut.class))),
                planted(
                        new MoneyBalances(),
                        "a packet that is not closed",
                        history -> history.packetEvents.remove(find(history, PacketEvent.SoldOut.class))),
                planted(new OutcomesAreTrue(), "an award at the deadline", history -> {
                    long deadlineMillis =
                            find(history, PacketEvent.Opened.class).deadlineMillis();
                    change(history, "bert", 0, award -> at(award, deadlineMillis));
                }),
                planted(new OutcomesAreTrue(), "expired before the deadline", history -> {
                    long deadlineMillis =
                            find(history, PacketEvent.Opened.class).deadlineMillis();
                    change(history, "bert", 1, award -> at(award, deadlineMillis - 1));
                }),
                planted(
                        new OutcomesAreTrue(),
                        "sold out with a share left",
                        history -> change(history, "bert", 0, award -> told(award, Outcome.SOLD_OUT))),
                planted(
                        new OutcomesAreTrue(),
                        "denied though it was known",
                        history -> change(history, "cleo", 0, award -> told(award, Outcome.UNKNOWN_PACKET))),
                planted(new SeedsAreKept(), "shares exchanged", history -> {
                    // The sum of the two shares stays right, but each one is wrong.
                    change(
                            history,
                            "anna",
                            0,
                            award -> withCents(award, award.share().cents() + 1));
                    change(
                            history,
                            "bert",
                            0,
                            award -> withCents(award, award.share().cents() - 1));
                }),
                planted(new SeedsAreKept(), "another seed", history -> {
                    PacketEvent.Expired right = find(history, PacketEvent.Expired.class);
                    String another = find(history, PacketEvent.SoldOut.class).seed();
                    history.packetEvents.set(history.packetEvents.indexOf(right), revealing(right, another));
                }),
                planted(new BadRecordsArePutAway(), "a lost dead letter", history -> history.deadLetters.remove(0)),
                planted(
                        new BadRecordsArePutAway(),
                        "a second dead letter",
                        history -> history.deadLetters.add(history.deadLetters.get(0))),
                planted(
                        new BadRecordsArePutAway(),
                        "a dead letter of a good record",
                        history -> history.deadLetters.set(0, HistoryInMemory.letter(Topic.GRABS, 0, 0))),
                planted(new CountersAreExact(), "a grab not counted", history -> {
                    WindowStats last = history.windows.get(history.windows.size() - 1);
                    history.windows.set(history.windows.size() - 1, with(last, Counters.NONE));
                }),
                planted(
                        new CountersAreExact(),
                        "a scope without windows",
                        history -> history.windows.removeIf(
                                window -> window.scope().equals(WindowStats.ALL) && window.revision() == 2)),
                planted(
                        new SinkAgrees(),
                        "a ledger that lacks an award",
                        history -> history.sink = new SinkSums(300, 100, 2, 150, 3, 200)),
                planted(
                        new SinkAgrees(),
                        "a refund with a cent more",
                        history -> history.sink = new SinkSums(300, 101, 3, 200, 3, 200)),
                planted(
                        new SinkAgrees(),
                        "a read model with an award too many",
                        history -> history.sink = new SinkSums(300, 100, 3, 200, 4, 250)));
    }

    private static Arguments planted(Guarantee guarantee, String what, Consumer<HistoryInMemory> plant) {
        return Arguments.of(guarantee, what, plant);
    }

    /** Changes a user's answers, which are counted over both packets. */
    private static void change(HistoryInMemory history, String user, int which, UnaryOperator<AwardResult> change) {
        AwardResult told = history.awards.stream()
                .filter(award -> award.userId().equals(user))
                .skip(which)
                .findFirst()
                .orElseThrow();
        history.awards.set(history.awards.indexOf(told), change.apply(told));
    }

    private static <E extends PacketEvent> E find(HistoryInMemory history, Class<E> kind) {
        return history.packetEvents.stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .findFirst()
                .orElseThrow();
    }

    private static AwardResult withShare(AwardResult award, String user, int index) {
        return copy(award, user, award.outcome(), new Share(index, award.share().cents()), award.grabbedAtMillis());
    }

    private static AwardResult withCents(AwardResult award, long cents) {
        Share share = new Share(award.share().index(), cents);
        return copy(award, award.userId(), award.outcome(), share, award.grabbedAtMillis());
    }

    private static AwardResult at(AwardResult award, long atMillis) {
        return copy(award, award.userId(), award.outcome(), award.share(), atMillis);
    }

    private static AwardResult told(AwardResult award, Outcome outcome) {
        return copy(award, award.userId(), outcome, null, award.grabbedAtMillis());
    }

    private static AwardResult copy(AwardResult award, String user, Outcome outcome, Share share, long atMillis) {
        return new AwardResult(
                award.packetId(),
                award.grabId(),
                user,
                outcome == Outcome.UNKNOWN_PACKET ? null : award.campaign(),
                outcome,
                share,
                award.repeat(),
                atMillis,
                award.grabOffset());
    }

    private static PacketEvent.Expired refunding(PacketEvent.Expired event, long cents) {
        return new PacketEvent.Expired(
                event.packetId(),
                event.campaign(),
                event.awardedShares(),
                event.awardedCents(),
                cents,
                event.closedAtMillis(),
                event.luckiest(),
                event.seed());
    }

    private static PacketEvent.Expired revealing(PacketEvent.Expired event, String seed) {
        return new PacketEvent.Expired(
                event.packetId(),
                event.campaign(),
                event.awardedShares(),
                event.awardedCents(),
                event.refundedCents(),
                event.closedAtMillis(),
                event.luckiest(),
                seed);
    }

    private static WindowStats with(WindowStats window, Counters counters) {
        return new WindowStats(
                window.scope(),
                window.windowStartMillis(),
                window.windowMillis(),
                window.revision(),
                window.closed(),
                counters);
    }

    @Test
    void shouldListEveryGuaranteeAndTheNumberOfFaultsInThePage() throws Exception {
        String page = Files.readString(PAGE);

        assertThat(Guarantees.ALL).allSatisfy(guarantee -> assertThat(page).contains("| `" + guarantee + "` |"));
        assertThat(page).contains(Fault.values().length + " kinds of fault");
    }
}
