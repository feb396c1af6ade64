package redpacket.application;

import java.time.Instant;
import java.util.Locale;
import redpacket.events.AwardResult;
import redpacket.events.Counters;
import redpacket.events.PacketEvent;
import redpacket.events.WindowStats;

/** Formats results as one line for people. */
final class Sentences {
    private Sentences() {}

    static String of(AwardResult award) {
        String user = award.userId();
        String packet = award.packetId();
        return switch (award.outcome()) {
            case AWARDED ->
                user + " won " + award.share().cents() + " cents of " + packet + " (share "
                        + award.share().index() + (award.repeat() ? ", announced before)" : ")");
            case ALREADY_GRABBED ->
                user + " already holds " + award.share().cents() + " cents of " + packet + " (share "
                        + award.share().index() + ")";
            case SOLD_OUT -> user + " came too late for " + packet + ": it is sold out";
            case EXPIRED -> user + " came too late for " + packet + ": it has expired";
            case UNKNOWN_PACKET -> user + " grabbed from " + packet + ", which does not exist";
        };
    }

    static String of(PacketEvent event) {
        return event.packetId() + " " + event.match(Sentences::opened, Sentences::closed, Sentences::rejected);
    }

    private static String opened(PacketEvent.Opened opened) {
        return "opened by " + opened.senderId() + ": " + opened.totalCents() + " cents in " + opened.shares() + " "
                + opened.split().name().toLowerCase(Locale.ROOT) + " shares, until "
                + Instant.ofEpochMilli(opened.deadlineMillis()) + ", commitment " + opened.commitment();
    }

    private static String closed(PacketEvent.Closed closed) {
        return closed.match(
                soldOut -> String.format(Locale.ROOT, "sold out after %.3f s: ", soldOut.elapsedMillis() / 1_000.0)
                        + awarded(soldOut),
                expired -> "expired: " + awarded(expired) + ", refunded " + expired.refundedCents() + " cents");
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
        append(text, counters.unknownPacket(), "of an unknown packet");
        append(text, counters.repeats(), "repeated");
        append(text, counters.packetsOpened(), "packets opened");
        append(text, counters.packetsSoldOut(), "packets sold out");
        append(text, counters.packetsExpired(), "packets expired");
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
