package redpacket.events;

import java.util.Optional;

/**
 * Why no packet can have the terms of a command. The first of several reasons counts, in the order of {@link
 * PacketEvent.Reason}.
 *
 * @param detail what is wrong and what is allowed, as a sentence for people
 */
public record ImpossibleTerms(PacketEvent.Reason reason, String detail) {

    /** Empty if a packet can have these terms. */
    public static Optional<ImpossibleTerms> of(OpenPacket command) {
        int shares = command.shares();
        long totalCents = command.totalCents();
        long openForMillis = command.openForMillis();
        if (shares < 1) {
            return refused(
                    PacketEvent.Reason.NO_SHARES,
                    "A packet of " + shares + " shares has nothing to grab; the least is 1.");
        }
        if (shares > Limits.MAX_SHARES) {
            return refused(
                    PacketEvent.Reason.TOO_MANY_SHARES,
                    shares + " shares are too many; at most " + Limits.MAX_SHARES + " are allowed.");
        }
        if (totalCents < shares) {
            return refused(
                    PacketEvent.Reason.FEWER_CENTS_THAN_SHARES,
                    totalCents + " cents do not make " + shares + " shares; each needs at least 1 cent.");
        }
        if (totalCents > Limits.MAX_TOTAL_CENTS) {
            return refused(
                    PacketEvent.Reason.TOO_MANY_CENTS,
                    totalCents + " cents are too many; at most " + Limits.MAX_TOTAL_CENTS + " are allowed.");
        }
        if (openForMillis < 1 || openForMillis > Limits.MAX_OPEN_FOR_MILLIS) {
            return refused(
                    PacketEvent.Reason.IMPOSSIBLE_DURATION,
                    "A packet cannot be open for " + openForMillis + " ms; 1 to " + Limits.MAX_OPEN_FOR_MILLIS
                            + " ms (31 days) are allowed.");
        }
        return Optional.empty();
    }

    private static Optional<ImpossibleTerms> refused(PacketEvent.Reason reason, String detail) {
        return Optional.of(new ImpossibleTerms(reason, detail));
    }
}
