package redpacket.application;

import java.time.Instant;
import java.util.Locale;
import redpacket.events.AwardResult;
import redpacket.events.Counters;
import redpacket.events.PacketEvent;
import redpacket.events.Share;
import redpacket.events.WindowStats;

/** Formats results as one line for people. */
final class Sentences {
    private Sentences() {}

    static String of(AwardResult award) {
        String user = award.userId();
        String packet = award.packetId();
        return switch (award.outcome()) {
            case AWARDED ->
                user + " won " + award.share().cents() + " cents" + prize(award.share()) + " of " + packet + " (share "
                        + award.share().index() + (award.repeat() ? ", announced before)" : ")");
            case ALREADY_GRABBED ->
                user + " already holds " + award.share().cents() + " cents" + prize(award.share()) + " of " + packet
                        + " (share " + award.share().index() + ")";
            case SOLD_OUT -> user + " came too late for " + packet + ": it is sold out";
            case EXPIRED -> user + " came too late for " + packet + ": it has expired";
            case NOT_STARTED -> user + " came too early for " + packet + ": it has not started";
            case NOT_ELIGIBLE -> user + " cannot grab from " + packet + ": it is for others";
            case CANCELLED -> user + " came too late for " + packet + ": it is cancelled";
            case UNKNOWN_PACKET -> user + " grabbed from " + packet + ", which does not exist";
        };
    }

    static String of(PacketEvent event) {
        return event.packetId() + " "
                + event.match(Sentences::opened, Sentences::closed, Sentences::rejected, Sentences::cancelAnswered);
    }

    private static String opened(PacketEvent.Opened opened) {
        String kind = opened.prizes() == null
                ? opened.split().name().toLowerCase(Locale.ROOT) + " shares"
                : opened.prizes().size() + " kinds of prizes";
        String start = opened.startMillis() == opened.openedAtMillis()
                ? ""
                : ", from " + Instant.ofEpochMilli(opened.startMillis());
        String users =
                opened.onlyUsers() == null ? "" : ", for " + opened.onlyUsers().count() + " users";
        String title = opened.title() == null ? "" : ", \"" + opened.title() + "\"";
        return "opened by " + opened.senderId() + ": " + opened.totalCents() + " cents" + of(opened.currency()) + " in "
                + (opened.prizes() == null ? opened.shares() + " " + kind : opened.shares() + " shares of " + kind)
                + start + ", until " + Instant.ofEpochMilli(opened.deadlineMillis()) + users + title + ", commitment "
                + opened.commitment();
    }

    private static String of(String currencyOrNull) {
        return currencyOrNull == null ? "" : " of " + currencyOrNull;
    }

    private static String prize(Share share) {
        return share.prize() == null ? "" : " (" + share.prize() + ")";
    }

    private static String closed(PacketEvent.Closed closed) {
        return closed.match(
                soldOut -> String.format(Locale.ROOT, "sold out after %.3f s: ", soldOut.elapsedMillis() / 1_000.0)
                        + awarded(soldOut),
                expired -> "expired: " + awarded(expired) + ", refunded " + expired.refundedCents() + " cents",
                cancelled -> "cancelled (" + cancelled.reason() + "): " + awarded(cancelled) + ", refunded "
                        + cancelled.refundedCents() + " cents");
    }

    private static String cancelAnswered(PacketEvent.CancelAnswered answer) {
        return switch (answer.outcome()) {
            case CANCELLED -> "is cancelled: " + of(answer.sums());
            case SOLD_OUT -> "cannot be cancelled, because it is sold out: " + of(answer.sums());
            case EXPIRED -> "cannot be cancelled, because it has expired: " + of(answer.sums());
            case OTHER_SENDER -> "cannot be cancelled, because another user sent it";
            case UNKNOWN_PACKET -> "cannot be cancelled, because it does not exist";
        };
    }

    private static String of(PacketEvent.Sums sums) {
        return sums.awardedShares() + " shares of " + sums.awardedCents() + " cents, refunded " + sums.refundedCents()
                + " cents";
    }

    private static String rejected(PacketEvent.Rejected rejected) {
        return "rejected: " + rejected.reason() + ", " + rejected.detail();
    }

    static String of(WindowStats window) {
        Counters counters = window.counters();
        StringBuilder text = new StringBuilder()
                .append(Instant.ofEpochMilli(window.windowStartMillis()))
                .append(' ')
                .append(window.scope())
                .append(": ")
                .append(counters.grabs())
                .append(" grabs");
        if (counters.awarded() > 0) {
            text.append(", ")
                    .append(counters.awarded())
                    .append(" won ")
                    .append(counters.awardedCents())
                    .append(" cents");
        }
        append(text, counters.alreadyGrabbed(), "already held a share");
        append(text, counters.soldOut(), "came after the last share");
        append(text, counters.expired(), "came after the deadline");
        append(text, counters.notStarted(), "came before the start");
        append(text, counters.notEligible(), "of users for whom the packet is not");
        append(text, counters.cancelled(), "came after the packet was cancelled");
        append(text, counters.unknownPacket(), "of an unknown packet");
        append(text, counters.repeats(), "repeated");
        append(text, counters.packetsOpened(), "packets opened");
        append(text, counters.packetsSoldOut(), "packets sold out");
        append(text, counters.packetsExpired(), "packets expired");
        append(text, counters.packetsCancelled(), "packets cancelled");
        append(text, counters.refundedCents(), "cents refunded");
        return text.toString();
    }

    private static void append(StringBuilder text, long count, String what) {
        if (count > 0) {
            text.append(", ").append(count).append(' ').append(what);
        }
    }

    private static String awarded(PacketEvent.Closed closed) {
        String luckiest = closed.luckiest() == null
                ? ""
                : ", luckiest " + closed.luckiest().userId() + " with "
                        + closed.luckiest().share().cents() + " cents";
        return closed.awardedShares() + " shares of " + closed.awardedCents() + " cents" + luckiest;
    }
}
