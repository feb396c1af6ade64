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
    private record Win(String userId, String grabId, int index, long cents, long offset) {
        boolean is(Share share) {
            return share.index() == index && share.cents() == cents;
        }

        @Override
        public String toString() {
            return "share " + index + " of " + cents + " cents";
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
        return luckiest == null ? null : new Luckiest(luckiest.userId(), new Share(luckiest.index(), luckiest.cents()));
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
                && a.commitment().equals(b.commitment());
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
        switch (result.outcome()) {
            case AWARDED -> {
                if (result.repeat()) {
                    findings.add(
                            Kind.DIFFERENT_REPEAT, by, packetId, user + " never won the share that this repeat names.");
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
                if (opened != null && grab.appendedAtMillis() >= opened.startMillis()) {
                    findings.add(Kind.WRONG_OUTCOME, by, packetId, "NOT_STARTED, but the packet had started.");
                }
            }
            case NOT_ELIGIBLE -> {
                if (opened != null && opened.onlyUsers() == null) {
                    findings.add(Kind.WRONG_OUTCOME, by, packetId, "NOT_ELIGIBLE, but the packet is for everybody.");
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
            case UNKNOWN_PACKET -> throw new AssertionError("denials are judged at the end");
        }
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

        Win win = new Win(result.userId(), result.grabId(), share.index(), share.cents(), by.offset());
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
                PacketEvent.Cancelled::refundedCents);
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
        tally(
                "elapsedMillis",
                Math.max(0, soldOut.closedAtMillis() - opened.openedAtMillis()),
                soldOut.elapsedMillis());
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
        long[] cut = RevealedCut.of(opened, seed);
        winners.values().forEach(win -> judgeCents(win, cut));
        secondWins.forEach(win -> judgeCents(win, cut));
    }

    private void judgeCents(Win win, long[] cut) {
        seedChecked++;
        if (win.index() < cut.length && win.cents() != cut[win.index()]) {
            atAward(
                    Kind.WRONG_CENTS,
                    win.offset(),
                    "The seed makes share " + win.index() + " " + cut[win.index()] + " cents, but " + win.cents()
                            + " were awarded.");
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
