package redpacket.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static redpacket.audit.HistoryWriter.DEADLINE;
import static redpacket.audit.HistoryWriter.KNOWN;
import static redpacket.audit.HistoryWriter.OPENED;
import static redpacket.audit.HistoryWriter.bytes;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redpacket.events.AwardResult;
import redpacket.events.Grab;
import redpacket.events.Json;
import redpacket.events.OpenPacket;
import redpacket.events.Outcome;
import redpacket.events.PacketEvent;
import redpacket.events.PacketEvent.Luckiest;
import redpacket.events.PacketEvent.Reason;
import redpacket.events.Share;
import redpacket.events.Split;
import redpacket.events.Topic;
import redpacket.parts.LocalKafka;

/**
 * Plants one fault in a correct history, and expects the audit to find exactly this fault.
 *
 * <p>Each test writes into a partition of its own. The topics take the time from the producer, so that the tests decide
 * when a grab was appended.
 */
class AuditIT {
    private static final int PARTITIONS = 60;
    private static final AuditOptions AT_ONCE =
            Lenient.withExamplesPerKind(AuditOptions.STRICT.withPatience(Duration.ZERO), 1_000);

    private static LocalKafka kafka;
    private static int nextPartition;

    private int partition;
    private HistoryWriter history;

    @BeforeAll
    static void start() throws Exception {
        kafka = LocalKafka.start();
        HistoryWriter.layOut(kafka.address(), PARTITIONS);
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    @BeforeEach
    void takePartition() {
        partition = nextPartition++;
        history = new HistoryWriter(kafka.address(), partition, PARTITIONS, "spring").withPacket();
    }

    @AfterEach
    void close() {
        history.close();
    }

    private List<String> audit(AuditOptions options) {
        return Audit.run(kafka.address(), options).violations().stream()
                .filter(violation -> violation.partition() == partition)
                .map(violation ->
                        violation.kind() + " " + violation.topic().replace("redpacket.", "") + "@" + violation.offset())
                .toList();
    }

    private Report audited() {
        return Audit.run(kafka.address(), AT_ONCE);
    }

    private List<String> audit() {
        return audit(AT_ONCE);
    }

    // Correct histories.

    @Test
    void shouldFindNothingWhenAPacketSellsOut() {
        history.withWinners();
        history.result(history.answer(history.grab("anna", KNOWN + 5), Outcome.AWARDED, history.cut.get(0), true));
        history.result(history.answer(
                history.grab("again", "anna", KNOWN + 6), Outcome.ALREADY_GRABBED, history.cut.get(0), false));
        history.lose(history.grab("dora", KNOWN + 7), Outcome.SOLD_OUT);
        history.lose(history.grab("emil", DEADLINE + 7), Outcome.SOLD_OUT);
        history.soldOut();
        assertThat(audit()).isEmpty();
        assertThat(audit(AT_ONCE.withSecret(HistoryWriter.SECRET))).isEmpty();
    }

    @Test
    void shouldFindNothingWhenAPacketExpires() {
        history.lose(history.grab("early", OPENED - 1), Outcome.UNKNOWN_PACKET);
        history.lose(history.grab("anna", KNOWN), Outcome.UNKNOWN_PACKET);
        history.win("anna", 0, KNOWN + 1);
        history.lose(history.grab("bert", DEADLINE), Outcome.EXPIRED);
        history.tick(DEADLINE + 5_000);
        history.expired("anna");
        history.lose(history.grab("steppedBack", DEADLINE - 1), Outcome.EXPIRED);
        history.tick(DEADLINE + Duration.ofDays(8).toMillis());
        history.lose(history.grab("purged", DEADLINE + Duration.ofDays(8).toMillis()), Outcome.UNKNOWN_PACKET);
        assertThat(audit()).isEmpty();
    }

    @Test
    void shouldFindNothingWhenCommandsAreRepeatedAndRejected() {
        history.event(history.opened(history.open(history.terms, KNOWN)), KNOWN + 1);
        reject(new OpenPacket(history.packetId, "sender", 100, 4, Split.RANDOM, null, 1_000), Reason.OTHER_TERMS);
        reject(new OpenPacket(history.idHere("none"), "sender", 100, 0, Split.RANDOM, null, 1_000), Reason.NO_SHARES);
        reject(
                new OpenPacket(history.idHere("many"), "sender", 2_000_000, 1_000_001, Split.EQUAL, null, 1),
                Reason.TOO_MANY_SHARES);
        reject(
                new OpenPacket(history.idHere("few"), "sender", 2, 3, Split.EQUAL, null, 1),
                Reason.FEWER_CENTS_THAN_SHARES);
        reject(
                new OpenPacket(history.idHere("rich"), "sender", 1L << 53, 3, Split.EQUAL, null, 1),
                Reason.TOO_MANY_CENTS);
        reject(
                new OpenPacket(history.idHere("brief"), "sender", 3, 3, Split.EQUAL, null, 0),
                Reason.IMPOSSIBLE_DURATION);
        assertThat(audit()).isEmpty();
    }

    private long reject(OpenPacket command, Reason reason) {
        long openOffset = history.open(command, KNOWN);
        return history.event(new PacketEvent.Rejected(command.packetId(), reason, "No.", openOffset), KNOWN);
    }

    // One answer for each input.

    @Test
    void shouldFindAGrabWithoutResult() {
        long grab = history.grab("anna", KNOWN + 1);
        assertThat(audit()).containsExactly("UNANSWERED grabs@" + grab);
        Report lenient = Audit.run(kafka.address(), Lenient.allowingOpen(AT_ONCE));
        assertThat(lenient.violations()).noneMatch(violation -> violation.partition() == partition);
        assertThat(lenient.unanswered()).isPositive();
    }

    @Test
    void shouldFindASkippedGrabWhenThePipelineMayLag() {
        long passedOver = history.grab("anna", KNOWN + 1);
        history.win("bert", 0, KNOWN + 2);
        assertThat(audit(Lenient.allowingOpen(AT_ONCE))).containsExactly("UNANSWERED grabs@" + passedOver);
    }

    @Test
    void shouldFindACommandWithoutEvent() {
        long open = history.open(history.terms, KNOWN);
        assertThat(audit()).containsExactly("UNANSWERED opens@" + open);
    }

    @Test
    void shouldFindAGrabAnsweredTwice() {
        long grab = history.grab("anna", KNOWN + 1);
        history.award(grab, history.cut.get(0));
        long second = history.award(grab, history.cut.get(0));
        assertThat(audit()).containsExactly("ANSWERED_TWICE awards@" + second);
    }

    @Test
    void shouldFindAGrabAnsweredTwiceInAnotherWay() {
        long grab = history.grab("anna", KNOWN);
        history.lose(grab, Outcome.UNKNOWN_PACKET);
        long second = history.lose(grab, Outcome.EXPIRED);
        assertThat(audit()).containsExactly("ANSWERED_TWICE awards@" + second);
    }

    @Test
    void shouldFindACommandAnsweredTwiceInAnotherWay() {
        long second = history.event(new PacketEvent.Rejected(history.packetId, Reason.OTHER_TERMS, "No.", 0), KNOWN);
        assertThat(audit()).containsExactly("ANSWERED_TWICE packets@" + second);
    }

    /** Committed offsets were lost while the packet is known. */
    @Test
    void shouldFindNoViolationWhenTheSameAnswerIsRepeated() {
        long again = audited().grabs().answeredAgain();
        long early = history.grab("early", KNOWN);
        history.lose(early, Outcome.UNKNOWN_PACKET);
        long anna = history.grab("anna", KNOWN + 1);
        history.award(anna, history.cut.get(0));
        long rejected =
                history.open(new OpenPacket(history.packetId, "sender", 9, 4, Split.RANDOM, null, 1_000), KNOWN);
        history.event(new PacketEvent.Rejected(history.packetId, Reason.OTHER_TERMS, "No.", rejected), KNOWN);

        history.event(history.opened(0), KNOWN);
        history.lose(early, Outcome.UNKNOWN_PACKET);
        history.result(history.answer(anna, Outcome.AWARDED, history.cut.get(0), true));
        history.event(new PacketEvent.Rejected(history.packetId, Reason.OTHER_TERMS, "No.", rejected), KNOWN);

        assertThat(audit()).isEmpty();
        assertThat(audited().grabs().answeredAgain()).isEqualTo(again + 4);
    }

    /** Committed offsets were lost after the packet was forgotten. */
    @Test
    void shouldCountTheCentsThatWerePaidAndRefundedAgain() {
        Report.Cents before = audited().cents();
        long anna = history.grab("anna", KNOWN + 1);
        history.award(anna, history.cut.get(0));
        history.tick(DEADLINE + 5_000);
        long refunded = history.rightExpired("anna").refundedCents();
        history.expired("anna");

        history.event(history.opened(0), KNOWN);
        long second = history.award(anna, history.cut.get(0));
        long closedAgain = history.expired("anna");

        assertThat(audit())
                .containsExactlyInAnyOrder("ANSWERED_TWICE awards@" + second, "CLOSED_TWICE packets@" + closedAgain);
        Report.Cents cents = audited().cents();
        assertThat(cents.awarded() - before.awarded())
                .isEqualTo(history.cut.get(0).cents());
        assertThat(cents.awardedAgain() - before.awardedAgain())
                .isEqualTo(history.cut.get(0).cents());
        assertThat(cents.refundedAgain() - before.refundedAgain()).isEqualTo(refunded);
    }

    @Test
    void shouldFindAResultWithoutGrab() {
        AwardResult right = history.answer(history.grab("anna", KNOWN + 1), Outcome.AWARDED, history.cut.get(0), false);
        history.result(right);
        long stray = history.result(new AwardResult(
                history.packetId, "g", "bert", "spring", Outcome.AWARDED, history.cut.get(1), false, KNOWN, 77));
        assertThat(audit()).containsExactly("ANSWER_WITHOUT_INPUT awards@" + stray);
    }

    @Test
    void shouldFindAResultForATick() {
        history.grab("anna", KNOWN + 1);
        history.tick(KNOWN + 2);
        history.win("bert", 0, KNOWN + 3);
        long toTick = history.result(new AwardResult(
                history.packetId,
                "g-anna",
                "anna",
                "spring",
                Outcome.AWARDED,
                history.cut.get(1),
                false,
                KNOWN + 2,
                1));
        assertThat(audit()).containsExactlyInAnyOrder("ANSWER_WITHOUT_INPUT awards@" + toTick, "UNANSWERED grabs@0");
    }

    @Test
    void shouldFindAResultThatSaysAnotherTimeThanItsGrab() {
        long grab = history.grab("anna", KNOWN + 1);
        long result = history.result(new AwardResult(
                history.packetId, "g-anna", "anna", "spring", Outcome.SOLD_OUT, null, false, KNOWN + 2, grab));
        assertThat(audit()).containsExactly("ANSWER_TO_ANOTHER awards@" + result);
    }

    @Test
    void shouldFindAResultForAnotherUser() {
        long grab = history.grab("anna", KNOWN + 1);
        long result = history.result(new AwardResult(
                history.packetId, "g-anna", "bert", "spring", Outcome.SOLD_OUT, null, false, KNOWN + 1, grab));
        assertThat(audit()).containsExactly("ANSWER_TO_ANOTHER awards@" + result);
    }

    @Test
    void shouldFindAResultOfAnotherCampaign() {
        long grab = history.grab("anna", KNOWN + 1);
        long result = history.result(new AwardResult(
                history.packetId, "g-anna", "anna", null, Outcome.AWARDED, history.cut.get(0), false, KNOWN + 1, grab));
        assertThat(audit()).containsExactly("ANSWER_TO_ANOTHER awards@" + result);
    }

    @Test
    void shouldFindAResultThatCannotBeRead() {
        long result = history.write(Topic.AWARDS, history.packetId, bytes("{}"), KNOWN);
        assertThat(audit()).containsExactly("UNREADABLE_ANSWER awards@" + result);
    }

    @Test
    void shouldFindAnEventUnderAnotherKey() {
        long event = history.write(Topic.PACKETS, "other", Json.write(history.rightExpired()), DEADLINE + 1);
        assertThat(audit()).containsExactly("UNREADABLE_ANSWER packets@" + event);
    }

    // Dead letters.

    @Test
    void shouldFindNothingWhenUnreadableRecordsHaveTheirDeadLetters() {
        poison(Topic.GRABS, history.packetId, bytes("poison"));
        poison(Topic.GRABS, history.packetId, null);
        poison(Topic.OPENS, "other", Json.write(history.terms));
        assertThat(audit()).isEmpty();
    }

    private void poison(Topic topic, String key, byte[] value) {
        long offset = history.write(topic, key, value, KNOWN);
        history.deadLetter(topic, String.valueOf(offset), key, value);
    }

    @Test
    void shouldFindAnUnreadableRecordWithoutDeadLetter() {
        long grab = history.write(Topic.GRABS, "other", bytes("poison"), KNOWN);
        assertThat(audit()).containsExactly("MISSING_DEAD_LETTER grabs@" + grab);
    }

    @Test
    void shouldFindASecondDeadLetter() {
        poison(Topic.OPENS, "k", bytes("poison"));
        long second = history.deadLetter(Topic.OPENS, "1", "k", bytes("poison"));
        assertThat(audit()).containsExactly("REPEATED_DEAD_LETTER dead-letters@" + second);
    }

    @Test
    void shouldFindADeadLetterOfAReadableRecord() {
        long letter = history.deadLetter(Topic.OPENS, "0", history.packetId, Json.write(history.terms));
        assertThat(audit()).containsExactly("FALSE_DEAD_LETTER dead-letters@" + letter);
    }

    @Test
    void shouldFindADeadLetterOfNoRecord() {
        long letter = history.deadLetter(Topic.GRABS, "5", "k", bytes("poison"));
        assertThat(audit()).containsExactly("FALSE_DEAD_LETTER dead-letters@" + letter);
    }

    @Test
    void shouldFindAnAlteredDeadLetter() {
        long grab = history.write(Topic.GRABS, "k", bytes("poison"), KNOWN);
        long letter = history.deadLetter(Topic.GRABS, String.valueOf(grab), "k", bytes("poisoned"));
        assertThat(audit()).containsExactly("ALTERED_DEAD_LETTER dead-letters@" + letter);
    }

    @Test
    void shouldFindNothingWhenADeadLetterIsMarkedAsCut() {
        long grab = history.write(Topic.GRABS, "k", bytes("a lot of poison"), KNOWN);
        history.cutDeadLetter(Topic.GRABS, String.valueOf(grab), "k", bytes("a lot"));
        assertThat(audit()).isEmpty();
    }

    @Test
    void shouldFindNothingWhenDeadLettersSayThatThePipelineFailed() {
        long open = history.open(history.terms, KNOWN);
        history.failureLetter(Topic.OPENS, String.valueOf(open), history.packetId, Json.write(history.terms));
        long grab = history.grab("anna", KNOWN + 1);
        history.failureLetter(Topic.GRABS, String.valueOf(grab), history.packetId, bytes("the grab"));
        assertThat(audit()).isEmpty();
    }

    @Test
    void shouldFindALetterOfFailureWhenTheGrabWasAnswered() {
        history.win("anna", 0, KNOWN + 1);
        long letter = history.failureLetter(Topic.GRABS, "0", history.packetId, bytes("the grab"));
        assertThat(audit()).containsExactly("FALSE_DEAD_LETTER dead-letters@" + letter);
    }

    @Test
    void shouldFindNothingWhenADeadLetterWasSentBack() {
        long grab = history.write(Topic.GRABS, "k", bytes("poison"), KNOWN);
        history.sentBack(history.deadLetter(Topic.GRABS, String.valueOf(grab), "k", bytes("poison")));
        assertThat(audit()).isEmpty();
    }

    @Test
    void shouldFindADeadLetterWithoutARecord() {
        long garbled = history.deadLetter(Topic.GRABS, "five", "k", bytes("poison"));
        long notAnInput = history.deadLetter(Topic.AWARDS, "5", "k", bytes("poison"));
        assertThat(audit())
                .containsExactlyInAnyOrder(
                        "LOST_DEAD_LETTER dead-letters@" + garbled, "LOST_DEAD_LETTER dead-letters@" + notAnInput);
    }

    // Opening.

    @Test
    void shouldFindAnOpenedEventWithOtherTermsThanItsCommand() {
        long open =
                history.open(new OpenPacket(history.idHere("p"), "sender", 100, 3, Split.RANDOM, null, 1_000), KNOWN);
        long opened = history.event(
                new PacketEvent.Opened(
                        history.idHere("p"),
                        "sender",
                        101,
                        3,
                        Split.RANDOM,
                        null,
                        KNOWN,
                        KNOWN + 1_000,
                        commitment(),
                        open),
                KNOWN);
        assertThat(audit()).containsExactly("WRONG_OPENING packets@" + opened);
    }

    @Test
    void shouldFindAPacketOpenedTwice() {
        long open = history.open(history.terms, KNOWN);
        long opened = history.event(
                new PacketEvent.Opened(
                        history.packetId,
                        "sender",
                        100,
                        3,
                        Split.RANDOM,
                        "spring",
                        KNOWN,
                        KNOWN + DEADLINE - OPENED,
                        commitment(),
                        open),
                KNOWN);
        assertThat(audit()).containsExactly("OPENED_TWICE packets@" + opened);
    }

    @Test
    void shouldFindARejectionWithoutReason() {
        long same = reject(history.terms, Reason.OTHER_TERMS);
        long possible = reject(
                new OpenPacket(history.idHere("p"), "sender", 100, 3, Split.RANDOM, null, 1_000), Reason.NO_SHARES);
        assertThat(audit()).containsExactly("WRONG_REJECTION packets@" + same, "WRONG_REJECTION packets@" + possible);
    }

    @Test
    void shouldFindAnAcceptedCommandThatShouldHaveBeenRejected() {
        long otherTerms = history.event(
                history.opened(history.open(
                        new OpenPacket(history.packetId, "sender", 100, 4, Split.RANDOM, "spring", 1_000), KNOWN)),
                KNOWN);
        long open = history.open(new OpenPacket(history.idHere("p"), "sender", 1, 3, Split.RANDOM, null, 1_000), KNOWN);
        long impossible = history.event(
                new PacketEvent.Opened(
                        history.idHere("p"),
                        "sender",
                        3,
                        3,
                        Split.RANDOM,
                        null,
                        KNOWN,
                        KNOWN + 1_000,
                        commitment(),
                        open),
                KNOWN);
        assertThat(audit())
                .containsExactly("WRONG_ACCEPTANCE packets@" + otherTerms, "WRONG_ACCEPTANCE packets@" + impossible);
    }

    private String commitment() {
        return history.opened(0).commitment();
    }

    // Awards.

    @Test
    void shouldFindAnAwardOfAPacketThatWasNeverOpened() {
        String never = history.idHere("never");
        long grab = history.write(Topic.GRABS, never, Json.write(new Grab("g", never, "anna")), KNOWN);
        long award = history.result(
                new AwardResult(never, "g", "anna", null, Outcome.AWARDED, new Share(0, 5), false, KNOWN, grab));
        assertThat(audit()).containsExactly("AWARDED_UNOPENED awards@" + award);
    }

    @Test
    void shouldFindAUserWithTwoShares() {
        history.win("anna", 0, KNOWN + 1);
        long second = history.award(history.grab("other", "anna", KNOWN + 2), history.cut.get(1));
        assertThat(audit()).containsExactly("SECOND_SHARE awards@" + second);
    }

    @Test
    void shouldFindAShareHandedOutTwice() {
        history.win("anna", 0, KNOWN + 1);
        long second = history.win("bert", 0, KNOWN + 2);
        history.win("cleo", 1, KNOWN + 3);
        assertThat(audit()).containsExactly("SHARE_TWICE awards@" + second);
    }

    @Test
    void shouldFindAShareThatWasSkipped() {
        long early = history.win("anna", 1, KNOWN + 1);
        long late = history.win("bert", 0, KNOWN + 2);
        assertThat(audit()).containsExactly("SHARE_OUT_OF_TURN awards@" + early, "SHARE_OUT_OF_TURN awards@" + late);
    }

    @Test
    void shouldFindARepeatThatDiffers() {
        history.win("anna", 0, KNOWN + 1);
        long wrong = history.result(
                history.answer(history.grab("anna", KNOWN + 2), Outcome.AWARDED, history.cut.get(1), true));
        long refused = history.result(
                history.answer(history.grab("anna", KNOWN + 3), Outcome.ALREADY_GRABBED, history.cut.get(0), false));
        long never = history.result(
                history.answer(history.grab("bert", KNOWN + 4), Outcome.AWARDED, history.cut.get(0), true));
        assertThat(audit())
                .containsExactly(
                        "DIFFERENT_REPEAT awards@" + wrong,
                        "DIFFERENT_REPEAT awards@" + refused,
                        "DIFFERENT_REPEAT awards@" + never);
    }

    @Test
    void shouldFindAUserToldOfAnotherUsersShare() {
        history.win("anna", 0, KNOWN + 1);
        long wrong = history.result(history.answer(
                history.grab("other", "anna", KNOWN + 2), Outcome.ALREADY_GRABBED, history.cut.get(1), false));
        long none = history.result(
                history.answer(history.grab("bert", KNOWN + 3), Outcome.ALREADY_GRABBED, history.cut.get(0), false));
        assertThat(audit()).containsExactly("WRONG_SHARE_HELD awards@" + wrong, "WRONG_SHARE_HELD awards@" + none);
    }

    @Test
    void shouldFindAnAwardAtTheDeadline() {
        long late = history.win("anna", 0, DEADLINE);
        assertThat(audit()).containsExactly("AWARDED_TOO_LATE awards@" + late);
    }

    @Test
    void shouldFindSoldOutWhileSharesWereLeft() {
        history.win("anna", 0, KNOWN + 1);
        history.win("bert", 1, KNOWN + 2);
        long wrong = history.lose(history.grab("cleo", KNOWN + 3), Outcome.SOLD_OUT);
        assertThat(audit()).containsExactly("SOLD_OUT_TOO_EARLY awards@" + wrong);
    }

    @Test
    void shouldFindExpiredBeforeTheDeadline() {
        long wrong = history.lose(history.grab("anna", DEADLINE - 1), Outcome.EXPIRED);
        assertThat(audit()).containsExactly("EXPIRED_TOO_EARLY awards@" + wrong);
    }

    @Test
    void shouldFindAnOpenPacketDenied() {
        long wrong = history.lose(history.grab("anna", KNOWN + 1), Outcome.UNKNOWN_PACKET);
        assertThat(audit()).containsExactly("UNKNOWN_THOUGH_OPENED awards@" + wrong);
    }

    @Test
    void shouldFindAPacketDeniedAfterItWasKnown() {
        history.win("anna", 0, OPENED);
        long wrong = history.lose(history.grab("bert", OPENED), Outcome.UNKNOWN_PACKET);
        assertThat(audit()).containsExactly("UNKNOWN_THOUGH_OPENED awards@" + wrong);
    }

    @Test
    void shouldFindAWinnerToldSoldOutAndALoserToldExpiredOfASoldOutPacket() {
        history.withWinners();
        history.soldOut();
        long winner = history.lose(history.grab("other", "anna", KNOWN + 5), Outcome.SOLD_OUT);
        long loser = history.lose(history.grab("dora", DEADLINE), Outcome.EXPIRED);
        assertThat(audit()).containsExactly("WRONG_OUTCOME awards@" + winner, "WRONG_OUTCOME awards@" + loser);
    }

    // Money.

    @Test
    void shouldFindASeedThatDoesNotFitItsCommitment() {
        history.withWinners();
        PacketEvent.SoldOut right = history.rightSoldOut();
        long wrong = history.event(
                new PacketEvent.SoldOut(
                        right.packetId(),
                        right.campaign(),
                        right.awardedShares(),
                        right.awardedCents(),
                        right.closedAtMillis(),
                        right.elapsedMillis(),
                        right.luckiest(),
                        RevealedCut.seedOf("another secret", history.packetId)),
                KNOWN + 4);
        assertThat(audit()).containsExactly("WRONG_SEED packets@" + wrong);
    }

    @Test
    void shouldFindASeedThatIsNotOfTheSecret() {
        assertThat(audit(AT_ONCE.withSecret("another secret"))).containsExactly("WRONG_SEED packets@0");
    }

    @Test
    void shouldFindAnAwardThatIsNotTheShareOfTheSeed() {
        long first = history.award(
                history.grab("anna", KNOWN + 1), new Share(0, history.cut.get(1).cents() + 1));
        assertThat(audit()).isEmpty();
        assertThat(audit(AT_ONCE.withSecret(HistoryWriter.SECRET))).containsExactly("WRONG_CENTS awards@" + first);
    }

    @Test
    void shouldFindMoreAwardedThanFunded() {
        history.award(history.grab("anna", KNOWN + 1), new Share(0, 101));
        assertThat(audit()).containsExactly("OVERSPENT packets@0");
    }

    @Test
    void shouldFindARefundThatDoesNotBalance() {
        history.win("anna", 0, KNOWN + 1);
        history.tick(DEADLINE + 5_000);
        PacketEvent.Expired right = history.rightExpired("anna");
        long wrong = history.event(
                new PacketEvent.Expired(
                        right.packetId(),
                        right.campaign(),
                        right.awardedShares(),
                        right.awardedCents(),
                        right.refundedCents() + 1,
                        right.closedAtMillis(),
                        right.luckiest(),
                        right.seed()),
                DEADLINE + 5_000);
        assertThat(audit()).containsExactly("UNBALANCED packets@" + wrong);
    }

    // Closing.

    @Test
    void shouldFindASoldOutPacketWithoutItsEvent() {
        history.withWinners();
        assertThat(audit()).containsExactly("NOT_CLOSED packets@0");
    }

    @Test
    void shouldFindAPacketThatWasNotClosedLongAfterItsDeadline() {
        history.tick(DEADLINE + 60_000);
        assertThat(audit()).containsExactly("NOT_CLOSED packets@0");
        assertThat(audit(AT_ONCE.withClosingSlack(Duration.ofSeconds(61)))).isEmpty();
    }

    @Test
    void shouldFindASecondClosingEvent() {
        history.withWinners();
        history.soldOut();
        long second = history.soldOut();
        assertThat(audit()).containsExactly("CLOSED_TWICE packets@" + second);
    }

    @Test
    void shouldFindAPacketClosedBeforeItsDeadline() {
        history.tick(DEADLINE - 1);
        long early = history.expired();
        assertThat(audit()).containsExactly("WRONG_CLOSING packets@" + early);
    }

    @Test
    void shouldFindAPacketClosedBeforeItsDeadlineWhenALaterRecordHasPassedIt() {
        long early = history.event(history.rightExpired(), DEADLINE - 60_001);
        history.tick(DEADLINE + 5_000);
        assertThat(audit()).containsExactly("WRONG_CLOSING packets@" + early);
    }

    @Test
    void shouldFindNothingWhenARecordIsDatedInTheFutureAndThePacketStaysOpen() {
        history.lose(history.grab("anna", DEADLINE + 3_600_000), Outcome.EXPIRED);
        history.win("bert", 0, DEADLINE - 1_000);
        assertThat(audit()).isEmpty();
        assertThat(audit(Lenient.allowingOpen(AT_ONCE))).isEmpty();
    }

    @Test
    void shouldFindAClosingEventThatMiscounts() {
        history.withWinners();
        PacketEvent.SoldOut right = history.rightSoldOut();
        long wrong = history.event(
                new PacketEvent.SoldOut(
                        right.packetId(),
                        right.campaign(),
                        right.awardedShares() - 1,
                        right.awardedCents(),
                        right.closedAtMillis(),
                        right.elapsedMillis() + 1,
                        right.luckiest(),
                        right.seed()),
                KNOWN + 4);
        assertThat(audit()).containsExactly("WRONG_TALLY packets@" + wrong, "WRONG_TALLY packets@" + wrong);
    }

    @Test
    void shouldFindTheWrongLuckiest() {
        history.withWinners();
        PacketEvent.SoldOut right = history.rightSoldOut();
        long wrong = history.event(
                new PacketEvent.SoldOut(
                        right.packetId(),
                        right.campaign(),
                        right.awardedShares(),
                        right.awardedCents(),
                        right.closedAtMillis(),
                        right.elapsedMillis(),
                        new Luckiest("dora", right.luckiest().share()),
                        right.seed()),
                KNOWN + 4);
        assertThat(audit()).containsExactly("WRONG_LUCKIEST packets@" + wrong);
    }

    // Retention removed the beginning.

    @Test
    void shouldJudgeOnlyWholePacketsWhenRetentionRemovedTheBeginning() throws Exception {
        try (LocalKafka own = LocalKafka.start();
                Admin admin = Admin.create(own.address().clientSettings())) {
            HistoryWriter.layOut(own.address(), 1);
            try (HistoryWriter old = new HistoryWriter(own.address(), 0, 1, null).withPacket()) {
                old.withWinners();
                old.soldOut();
                old.lose(old.grab("dora", KNOWN + 10), Outcome.SOLD_OUT);
                long open = old.open(new OpenPacket("later", "sender", 5, 5, Split.EQUAL, null, 1_000), KNOWN + 20);
                old.event(
                        new PacketEvent.Opened(
                                "later",
                                "sender",
                                5,
                                5,
                                Split.EQUAL,
                                null,
                                KNOWN + 20,
                                KNOWN + 1_020,
                                RevealedCut.commitmentTo(RevealedCut.seedOf(HistoryWriter.SECRET, "later")),
                                open),
                        KNOWN + 21);
                TopicPartition grabs = new TopicPartition(Topic.GRABS.topicName(), 0);
                admin.deleteRecords(Map.of(grabs, RecordsToDelete.beforeOffset(2)))
                        .all()
                        .get();

                assertThatThrownBy(() -> Audit.run(own.address(), AT_ONCE))
                        .isInstanceOf(HistoryUnreadableException.class)
                        .hasMessageContaining("redpacket.grabs-0");
                Report report = Audit.run(own.address(), Lenient.allowingPartial(AT_ONCE));
                assertThat(report.violations()).isEmpty();
                assertThat(report.coveredFromMillis()).isEqualTo(KNOWN + 4);
                assertThat(report.packets()).isEqualTo(new Report.Packets(1, 0, 0, 1, 0));
            }
        }
    }
}
