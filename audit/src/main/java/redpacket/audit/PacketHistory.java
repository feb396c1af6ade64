package redpacket.audit;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import redpacket.audit.Inputs.Input;
import redpacket.audit.Violation.Kind;
import redpacket.events.AwardResult;
import redpacket.events.CancelPacket;
import redpacket.events.Grab;
import redpacket.events.Outcome;
import redpacket.events.PacketEvent;
import redpacket.events.PacketEvent.Luckiest;
import redpacket.events.Share;
import redpacket.events.Topic;

/**
 * All records about one packet, and whether they are right.
 *
 * <p>Expectations follow from committed results, not from the results that would have been right. One wrong result is
 * therefore one violation, and does not cause a violation for every later record.
 */
final class PacketHistory {

    /** A share that was awarded. */
    private record Win(String userId, String grabId, Share share, long offset) {
        boolean is(Share other) {
            return share.equals(other);
        }

        int index() {
            return share.index();
        }

        long cents() {
            return share.cents();
        }

        @Override
        public String toString() {
            return "share " + share.index() + " of " + share.cents() + " cents";
        }
    }

    /** A result that denied that the packet exists. */
    private record Denial(long grabbedAtMillis, long logMillis, long grabOffset, long offset) {}

    private final String packetId;
    private final int partition;
    private final Findings findings;

    private PacketEvent.Opened opened;
    private long openedAppendedAtMillis;
    private long openedOffset;
    private PacketEvent.Closed closed;
    private long closedOffset;
    private long closedAppendedAtMillis;

    /** The first win of each user. */
    private final Map<String, Win> winners = new HashMap<>();

    /** Wrong wins of users who already held a share. */
    private final List<Win> secondWins = new ArrayList<>(0);

    private final List<Denial> denials = new ArrayList<>(0);
    private List<String> onlyUsers;

    /** Offsets of the grabs whose answers say that the packet is cancelled, or is not; -1 if there are none. */
    private long firstCancelledGrab = -1;

    private long lastUncancelledGrab = -1;
    private BitSet handedOut;
    private int nextIndex;
    private int awardedShares;
    private long awardedCents;
    private Win luckiest;
    private long seedChecked;
    private long lastWonAtMillis;
    private long lastWinningGrab = -1;
    private long firstKnownGrab = Long.MAX_VALUE;

    PacketHistory(String packetId, int partition, Findings findings) {
        this.packetId = packetId;
        this.partition = partition;
        this.findings = findings;
    }

    PacketEvent.Opened opened() {
        return opened;
    }

    PacketEvent.Closed closed() {
        return closed;
    }

    long awardedCents() {
        return awardedCents;
    }

    /** The number of awards that were compared with the share that the seed fixed. */
    long seedChecked() {
        return seedChecked;
    }

    /** The largest share, or null without a winner. */
    Luckiest luckiest() {
        return luckiest == null ? null : new Luckiest(luckiest.userId(), luckiest.share());
    }

    /** Adds an opened event. Returns whether it is the packet's first. */
    boolean opened(ConsumerRecord<byte[], byte[]> by, PacketEvent.Opened event) {
        if (opened == null) {
            opened = event;
            openedAppendedAtMillis = by.timestamp();
            openedOffset = by.offset();
            return true;
        }
        if (!sameButForOffset(opened, event)) {
            findings.add(
                    Kind.OPENED_TWICE,
                    by,
                    packetId,
                    "The packet was opened before, and not as this event says: " + event);
        }
        return false;
    }

    /** Whether the packet was opened before with the terms of this event. */
    boolean isOpenedAs(PacketEvent.Opened event) {
        return opened != null && sameButForOffset(opened, event);
    }

    /** Whether a user holds this share; true if there is none. */
    boolean holds(String userId, Share shareOrNull) {
        Win held = winners.get(userId);
        return shareOrNull == null || (held != null && held.is(shareOrNull));
    }

    private static boolean sameButForOffset(PacketEvent.Opened a, PacketEvent.Opened b) {
        return a.packetId().equals(b.packetId())
                && a.senderId().equals(b.senderId())
                && a.totalCents() == b.totalCents()
                && a.shares() == b.shares()
                && a.split() == b.split()
                && Objects.equals(a.campaign(), b.campaign())
                && a.openedAtMillis() == b.openedAtMillis()
                && a.deadlineMillis() == b.deadlineMillis()
                && a.commitment().equals(b.commitment())
                && Objects.equals(a.startsAtMillis(), b.startsAtMillis())
                && Objects.equals(a.minCents(), b.minCents())
                && Objects.equals(a.maxCents(), b.maxCents())
                && Objects.equals(a.prizes(), b.prizes())
                && Objects.equals(a.onlyUsers(), b.onlyUsers())
                && Objects.equals(a.currency(), b.currency())
                && Objects.equals(a.title(), b.title());
    }

    /** Adds the users for whom the packet is; null for everybody. Only the command names them. */
    void isOpenedFor(List<String> usersOrNull) {
        onlyUsers = usersOrNull;
    }

    /** Whether the answer to a command to cancel is right, by what is known when it is read. */
    boolean isRightAnswerTo(CancelPacket command, PacketEvent.CancelAnswered answer) {
        PacketEvent.Sums sums = closed == null
                ? null
                : new PacketEvent.Sums(
                        closed.awardedShares(), closed.awardedCents(), opened.totalCents() - closed.awardedCents());
        return switch (answer.outcome()) {
            // A packet is forgotten some time after it has closed.
            case UNKNOWN_PACKET -> closed != null;
            case OTHER_SENDER -> !command.senderId().equals(opened.senderId());
            case CANCELLED ->
                command.senderId().equals(opened.senderId())
                        && closed instanceof PacketEvent.Cancelled
                        && answer.sums().equals(sums);
            case SOLD_OUT ->
                command.senderId().equals(opened.senderId())
                        && closed instanceof PacketEvent.SoldOut
                        && answer.sums().equals(sums);
            case EXPIRED ->
                command.senderId().equals(opened.senderId())
                        && closed instanceof PacketEvent.Expired
                        && answer.sums().equals(sums);
        };
    }

    /** Adds a closing event. Returns whether it is the packet's first. */
    boolean closed(ConsumerRecord<byte[], byte[]> by, PacketEvent.Closed event) {
        if (closed == null) {
            closed = event;
            closedOffset = by.offset();
            closedAppendedAtMillis = by.timestamp();
            return true;
        }
        findings.add(Kind.CLOSED_TWICE, by, packetId, "The packet was closed before, at offset " + closedOffset + ".");
        return false;
    }

    /** Adds the answer to a grab. Call it in the order of the answers. */
    void answered(ConsumerRecord<byte[], byte[]> by, Input<Grab> grab, AwardResult result) {
        if (result.outcome() == Outcome.UNKNOWN_PACKET) {
            denials.add(new Denial(grab.appendedAtMillis(), grab.latestMillis(), grab.offset(), by.offset()));
            return;
        }
        firstKnownGrab = Math.min(firstKnownGrab, grab.offset());
        if (opened == null) {
            Kind kind = result.movesMoney() ? Kind.AWARDED_UNOPENED : Kind.WRONG_OUTCOME;
            findings.add(kind, by, packetId, result.outcome() + ", but the packet was never opened.");
        } else if (!Objects.equals(opened.campaign(), result.campaign())) {
            findings.add(
                    Kind.ANSWER_TO_ANOTHER,
                    by,
                    packetId,
                    "The campaign is " + opened.campaign() + ", not " + result.campaign() + ".");
        }
        if (opened != null && !Objects.equals(opened.currency(), result.currency())) {
            findings.add(
                    Kind.ANSWER_TO_ANOTHER,
                    by,
                    packetId,
                    "The currency is " + opened.currency() + ", not " + result.currency() + ".");
        }
        Win held = winners.get(result.userId());
        if (held != null) {
            answeredWinner(by, held, result);
        } else {
            answeredNewcomer(by, grab, result);
        }
        if (result.movesMoney()) {
            award(by, grab, result, held);
        }
    }

    private void answeredWinner(ConsumerRecord<?, ?> by, Win held, AwardResult result) {
        boolean sameGrab = held.grabId().equals(result.grabId());
        String holds = "User " + result.userId() + " holds " + held + " by grab " + held.grabId();
        switch (result.outcome()) {
            case AWARDED -> {
                if (!result.repeat()) {
                    findings.add(
                            Kind.SECOND_SHARE,
                            by,
                            packetId,
                            holds + ", but is also awarded share " + result.share() + ".");
                } else if (!sameGrab || !held.is(result.share())) {
                    findings.add(Kind.DIFFERENT_REPEAT, by, packetId, holds + "; the repeat says " + result + ".");
                }
            }
            case ALREADY_GRABBED -> {
                if (!held.is(result.share())) {
                    findings.add(Kind.WRONG_SHARE_HELD, by, packetId, holds + ", not " + result.share() + ".");
                } else if (sameGrab) {
                    findings.add(Kind.DIFFERENT_REPEAT, by, packetId, holds + ": this same grab was AWARDED before.");
                }
            }
            default -> {
                Kind kind = sameGrab ? Kind.DIFFERENT_REPEAT : Kind.WRONG_OUTCOME;
                findings.add(kind, by, packetId, holds + ", but the result is " + result.outcome() + ".");
            }
        }
    }

    private void answeredNewcomer(ConsumerRecord<?, ?> by, Input<Grab> grab, AwardResult result) {
        String user = "User " + result.userId();
        boolean isForUser = onlyUsers == null || onlyUsers.contains(result.userId());
        if (isForUser == (result.outcome() == Outcome.NOT_ELIGIBLE)) {
            Kind kind = result.movesMoney() ? Kind.AWARDED_TO_OTHERS : Kind.WRONG_OUTCOME;
            findings.add(
                    kind,
                    by,
                    packetId,
                    "The packet is " + (isForUser ? "" : "not ") + "for user " + result.userId()
                            + ", but the result is " + result.outcome() + ".");
        }
        if (result.outcome() == Outcome.CANCELLED) {
            firstCancelledGrab = firstCancelledGrab < 0 ? grab.offset() : Math.min(firstCancelledGrab, grab.offset());
        } else if (result.movesMoney()
                || result.outcome() == Outcome.EXPIRED
                || result.outcome() == Outcome.NOT_STARTED) {
            lastUncancelledGrab = Math.max(lastUncancelledGrab, grab.offset());
        }
        switch (result.outcome()) {
            case AWARDED -> {
                if (result.repeat()) {
                    findings.add(
                            Kind.DIFFERENT_REPEAT, by, packetId, user + " never won the share that this repeat names.");
                } else if (opened != null && isBeforeStart(grab)) {
                    findings.add(
                            Kind.AWARDED_TOO_EARLY,
                            by,
                            packetId,
                            "Grabbed " + (opened.startsAtMillis() - grab.appendedAtMillis()) + " ms before the start.");
                } else if (opened != null && grab.appendedAtMillis() >= opened.deadlineMillis()) {
                    findings.add(
                            Kind.AWARDED_TOO_LATE,
                            by,
                            packetId,
                            "Grabbed " + (grab.appendedAtMillis() - opened.deadlineMillis())
                                    + " ms after the deadline.");
                }
            }
            case ALREADY_GRABBED ->
                findings.add(
                        Kind.WRONG_SHARE_HELD,
                        by,
                        packetId,
                        user + " holds no share, but the result names share " + result.share() + ".");
            case SOLD_OUT -> {
                if (opened != null && !isHandedOut()) {
                    findings.add(
                            Kind.SOLD_OUT_TOO_EARLY,
                            by,
                            packetId,
                            (opened.shares() - nextIndex) + " of " + opened.shares() + " shares were left.");
                }
            }
            case EXPIRED -> {
                if (opened != null && isHandedOut()) {
                    findings.add(
                            Kind.WRONG_OUTCOME, by, packetId, "EXPIRED, but every share was awarded before: SOLD_OUT.");
                } else if (opened != null && grab.latestMillis() < opened.deadlineMillis()) {
                    // Not the time of the grab: when a broker's clock steps back, the packet may already be closed.
                    findings.add(
                            Kind.EXPIRED_TOO_EARLY,
                            by,
                            packetId,
                            "Grabbed " + (opened.deadlineMillis() - grab.appendedAtMillis())
                                    + " ms before the deadline.");
                }
            }
            case NOT_STARTED -> {
                if (opened != null && (isHandedOut() || !isBeforeStart(grab))) {
                    findings.add(
                            Kind.WRONG_OUTCOME,
                            by,
                            packetId,
                            "NOT_STARTED, but the packet " + (isHandedOut() ? "was sold out." : "had started."));
                }
            }
            case CANCELLED -> {
                if (opened != null && isHandedOut()) {
                    findings.add(
                            Kind.WRONG_OUTCOME,
                            by,
                            packetId,
                            "CANCELLED, but every share was awarded before: SOLD_OUT.");
                }
            }
            // Judged above.
            case NOT_ELIGIBLE -> {}
            case UNKNOWN_PACKET -> throw new AssertionError("denials are judged at the end");
        }
    }

    private boolean isBeforeStart(Input<Grab> grab) {
        return opened.startsAtMillis() != null && grab.appendedAtMillis() < opened.startsAtMillis();
    }

    private void award(ConsumerRecord<?, ?> by, Input<Grab> grab, AwardResult result, Win held) {
        Share share = result.share();
        if (handedOut == null) {
            handedOut = new BitSet();
        }
        if (opened != null && share.index() >= opened.shares()) {
            findings.add(
                    Kind.SHARE_OUT_OF_TURN,
                    by,
                    packetId,
                    "There is no share " + share.index() + " in a packet of " + opened.shares() + ".");
        } else if (handedOut.get(share.index())) {
            findings.add(Kind.SHARE_TWICE, by, packetId, "Share " + share.index() + " was awarded before.");
        } else if (share.index() != nextIndex || grab.offset() < lastWinningGrab) {
            findings.add(
                    Kind.SHARE_OUT_OF_TURN,
                    by,
                    packetId,
                    "Share " + share.index() + " was awarded, but share " + nextIndex + " is next.");
        }
        handedOut.set(share.index());
        nextIndex = Math.max(nextIndex, share.index() + 1);
        lastWinningGrab = Math.max(lastWinningGrab, grab.offset());

        Win win = new Win(result.userId(), result.grabId(), share, by.offset());
        if (held == null) {
            winners.put(win.userId(), win);
        } else {
            secondWins.add(win);
        }
        awardedShares++;
        awardedCents += share.cents();
        lastWonAtMillis = grab.appendedAtMillis();
        if (luckiest == null || win.cents() > luckiest.cents()) {
            luckiest = win;
        }
    }

    /** Does not use the number of awards: if a share is awarded twice, another one is left. */
    private boolean isHandedOut() {
        return nextIndex >= opened.shares();
    }

    /** Whether the closing event may still come: the packet is sold out, or should have been closed by this time. */
    boolean lacksClosing(long logMillis, long slackMillis) {
        return opened != null
                && closed == null
                && (isHandedOut() || logMillis >= opened.deadlineMillis() + slackMillis);
    }

    /** Whether the packet was closed by a grab after the audited ones. */
    boolean closedAfter(long logMillis) {
        return opened != null && closed != null && !isHandedOut() && closed.closedAtMillis() >= logMillis;
    }

    /** Forgets a closing event that is later than the audited range. */
    void ignoreClosing() {
        closed = null;
    }

    /**
     * Notes violations that only the whole history shows. Call it after all records were added.
     *
     * @param dueMillis the time in the log by which events must exist
     * @param logMillis the latest time in the log
     */
    void judge(long dueMillis, long logMillis, AuditOptions options) {
        judgeDenials(options.retention().toMillis());
        if (opened == null) {
            if (closed != null) {
                atClosing(Kind.WRONG_CLOSING, "Closed, but never opened.");
            }
            return;
        }
        if (awardedCents > opened.totalCents()) {
            atOpening(Kind.OVERSPENT, "Funded with " + opened.totalCents() + " cents, awarded " + awardedCents + ".");
        }
        if (firstCancelledGrab >= 0 && !(closed instanceof PacketEvent.Cancelled)) {
            atOpening(
                    Kind.WRONG_OUTCOME,
                    "The grab at " + firstCancelledGrab
                            + " was answered with CANCELLED, but the packet is not cancelled.");
        }
        if (closed != null) {
            judgeClosing(logMillis);
        } else if (lacksClosing(dueMillis, options.closingSlack().toMillis())) {
            atOpening(
                    Kind.NOT_CLOSED,
                    isHandedOut()
                            ? "Every share was awarded, but there is no sold-out event."
                            : "The deadline passed " + (dueMillis - opened.deadlineMillis())
                                    + " ms ago, but there is no closing event.");
        }
        judgeShares(options.secret());
    }

    private void judgeDenials(long retentionMillis) {
        for (Denial denial : denials) {
            boolean known = opened != null
                    && (denial.grabbedAtMillis() > openedAppendedAtMillis || denial.grabOffset() > firstKnownGrab);
            boolean purged = opened != null && denial.logMillis() >= opened.deadlineMillis() + retentionMillis;
            if (known && !purged) {
                atAward(
                        Kind.UNKNOWN_THOUGH_OPENED,
                        denial.offset(),
                        "Grabbed " + (denial.grabbedAtMillis() - openedAppendedAtMillis)
                                + " ms after the packet's opened event.");
            }
        }
    }

    private void judgeClosing(long logMillis) {
        long refundedCents = closed.match(
                soldOut -> {
                    judgeSoldOut(soldOut);
                    return 0L;
                },
                expired -> {
                    judgeExpired(expired, logMillis);
                    return expired.refundedCents();
                },
                cancelled -> {
                    judgeCancelled(cancelled);
                    return cancelled.refundedCents();
                });
        if (awardedCents + refundedCents != opened.totalCents()) {
            atClosing(
                    Kind.UNBALANCED,
                    "Funded with " + opened.totalCents() + " cents, but awarded " + awardedCents + " and refunded "
                            + refundedCents + ".");
        }
        tally("awardedShares", awardedShares, closed.awardedShares());
        tally("awardedCents", awardedCents, closed.awardedCents());
        if (!Objects.equals(opened.campaign(), closed.campaign())) {
            atClosing(Kind.WRONG_TALLY, "The campaign is " + opened.campaign() + ".");
        }
        if (!Objects.equals(opened.currency(), closed.currency())) {
            atClosing(Kind.WRONG_TALLY, "The currency is " + opened.currency() + ".");
        }
        if (!Objects.equals(luckiest(), closed.luckiest())) {
            atClosing(Kind.WRONG_LUCKIEST, "The luckiest is " + luckiest() + ", not " + closed.luckiest() + ".");
        }
    }

    private void judgeSoldOut(PacketEvent.SoldOut soldOut) {
        if (!isHandedOut()) {
            atClosing(
                    Kind.WRONG_CLOSING,
                    "Sold out with " + awardedShares + " of " + opened.shares() + " shares awarded.");
        } else {
            tally("closedAtMillis", lastWonAtMillis, soldOut.closedAtMillis());
        }
        // Broker clocks may differ, but the elapsed time is never negative.
        tally("elapsedMillis", Math.max(0, soldOut.closedAtMillis() - opened.startMillis()), soldOut.elapsedMillis());
    }

    private void judgeExpired(PacketEvent.Expired expired, long logMillis) {
        if (isHandedOut()) {
            atClosing(Kind.WRONG_CLOSING, "Expired, but every share was awarded.");
        }
        // The event's own time may come from another broker.
        long passedMillis = Math.min(logMillis, closedAppendedAtMillis + Inputs.CLOCK_ERROR_MILLIS);
        if (!isHandedOut() && passedMillis < opened.deadlineMillis()) {
            atClosing(
                    Kind.WRONG_CLOSING,
                    "Expired " + (opened.deadlineMillis() - passedMillis) + " ms before the deadline.");
        }
        tally("closedAtMillis", opened.deadlineMillis(), expired.closedAtMillis());
    }

    /** The event says from which grab on it held. Each grab around it must have been answered accordingly. */
    private void judgeCancelled(PacketEvent.Cancelled cancelled) {
        if (isHandedOut()) {
            atClosing(Kind.WRONG_CLOSING, "Cancelled, but every share was awarded.");
        }
        if (lastUncancelledGrab >= cancelled.fromGrabOffset()) {
            atClosing(
                    Kind.WRONG_OUTCOME,
                    "Cancelled from grab " + cancelled.fromGrabOffset() + " on, but the grab at " + lastUncancelledGrab
                            + " was answered otherwise.");
        }
        if (firstCancelledGrab >= 0 && firstCancelledGrab < cancelled.fromGrabOffset()) {
            atClosing(
                    Kind.WRONG_OUTCOME,
                    "Cancelled from grab " + cancelled.fromGrabOffset() + " on, but the grab at " + firstCancelledGrab
                            + " was answered with CANCELLED.");
        }
    }

    private void tally(String field, long right, long said) {
        if (right != said) {
            atClosing(Kind.WRONG_TALLY, field + " is " + right + ", not " + said + ".");
        }
    }

    /** Compares every award with the share that the seed fixed before the first grab. */
    private void judgeShares(String secret) {
        String fromSecret = secret == null ? null : RevealedCut.seedOf(secret, packetId);
        String seed = closed == null ? fromSecret : closed.seed();
        if (seed == null) {
            return;
        }
        if (!RevealedCut.commitmentTo(seed).equals(opened.commitment())) {
            atSeed("The seed " + seed + " does not fit the commitment " + opened.commitment() + ".");
            return;
        }
        if (fromSecret != null && !fromSecret.equals(seed)) {
            atSeed("The seed is not the one that the secret gives.");
        }
        if (!Terms.canBeCut(opened)) {
            // Noted as a wrong acceptance.
            return;
        }
        if (onlyUsers != null
                && !RevealedCut.hashOf(onlyUsers, seed)
                        .equals(opened.onlyUsers().hash())) {
            atOpening(Kind.WRONG_OPENING, "The hash of the users is not that of the seed and the command.");
        }
        RevealedCut.Shares cut = RevealedCut.sharesOf(opened, seed);
        winners.values().forEach(win -> judgeCents(win, cut));
        secondWins.forEach(win -> judgeCents(win, cut));
    }

    private void judgeCents(Win win, RevealedCut.Shares cut) {
        seedChecked++;
        if (win.index() >= cut.length()) {
            return;
        }
        Share right = new Share(win.index(), cut.cents(win.index()), cut.prize(win.index()));
        if (right.cents() != win.cents()) {
            atAward(
                    Kind.WRONG_CENTS,
                    win.offset(),
                    "The seed makes share " + win.index() + " " + right.cents() + " cents, but " + win.cents()
                            + " were awarded.");
        } else if (!win.is(right)) {
            atAward(
                    Kind.WRONG_CENTS,
                    win.offset(),
                    "The prize of share " + win.index() + " is " + right.prize() + ", but "
                            + win.share().prize() + " was awarded.");
        }
    }

    private void atSeed(String sentence) {
        if (closed == null) {
            atOpening(Kind.WRONG_SEED, sentence);
        } else {
            atClosing(Kind.WRONG_SEED, sentence);
        }
    }

    private void atOpening(Kind kind, String sentence) {
        findings.add(kind, Topic.PACKETS.topicName(), partition, openedOffset, packetId, sentence);
    }

    private void atClosing(Kind kind, String sentence) {
        findings.add(kind, Topic.PACKETS.topicName(), partition, closedOffset, packetId, sentence);
    }

    private void atAward(Kind kind, long offset, String sentence) {
        findings.add(kind, Topic.AWARDS.topicName(), partition, offset, packetId, sentence);
    }
}
