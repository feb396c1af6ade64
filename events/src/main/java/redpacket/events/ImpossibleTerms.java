package redpacket.events;

import java.math.BigInteger;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * Why no packet can have the terms of a command. The first of several reasons counts, in the order of {@link
 * PacketEvent.Reason}.
 *
 * @param detail what is wrong and what is allowed, as a sentence for people
 */
public record ImpossibleTerms(PacketEvent.Reason reason, String detail) {

    /** Empty if a packet can have these terms, whenever the broker appends the command. */
    public static Optional<ImpossibleTerms> of(OpenPacket command) {
        return of(command, Long.MAX_VALUE);
    }

    /** Empty if a packet can have these terms when the broker appends the command at this time. */
    public static Optional<ImpossibleTerms> of(OpenPacket command, long appendedAtMillis) {
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
        if (totalCents < shares && command.prizes() == null) {
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
        return ofStart(command, appendedAtMillis)
                .or(() -> ofBounds(command))
                .or(() -> ofPrizes(command))
                .or(() -> ofUsers(command));
    }

    private static Optional<ImpossibleTerms> ofStart(OpenPacket command, long appendedAtMillis) {
        Long startsAtMillis = command.startsAtMillis();
        if (startsAtMillis == null) {
            return Optional.empty();
        }
        if (startsAtMillis < 0 || startsAtMillis > Limits.MAX_TIME_MILLIS) {
            return refused(
                    PacketEvent.Reason.IMPOSSIBLE_START,
                    "startsAtMillis is " + startsAtMillis + "; 0 to " + Limits.MAX_TIME_MILLIS + " are allowed.");
        }
        long startsInMillis = startsAtMillis - appendedAtMillis;
        if (startsInMillis > Limits.MAX_OPEN_FOR_MILLIS - command.openForMillis()) {
            return refused(
                    PacketEvent.Reason.IMPOSSIBLE_START,
                    "A packet that starts " + startsInMillis + " ms after it opens cannot be open for "
                            + command.openForMillis() + " ms; both together may take " + Limits.MAX_OPEN_FOR_MILLIS
                            + " ms (31 days).");
        }
        return Optional.empty();
    }

    private static Optional<ImpossibleTerms> ofBounds(OpenPacket command) {
        if (command.minCents() == null && command.maxCents() == null) {
            return Optional.empty();
        }
        if (command.split() != Split.RANDOM) {
            return refused(
                    PacketEvent.Reason.IMPOSSIBLE_BOUNDS,
                    "Only shares of a RANDOM split have bounds, but the split is " + command.split() + ".");
        }
        long total = command.totalCents();
        int shares = command.shares();
        long min = command.minCents() == null ? 1 : command.minCents();
        long max = command.maxCents() == null ? total : command.maxCents();
        if (min < 1) {
            return impossibleBounds("minCents is " + min + "; the minimum is 1.");
        }
        if (min > max) {
            return impossibleBounds("minCents is " + min + ", but maxCents is only " + max + ".");
        }
        if (min > total / shares) {
            return impossibleBounds(
                    total + " cents are too few for " + shares + " shares of at least " + min + " cents.");
        }
        // Rounded up, without an overflow.
        if (max < (total - 1) / shares + 1) {
            return impossibleBounds(
                    total + " cents are too many for " + shares + " shares of at most " + max + " cents.");
        }
        return Optional.empty();
    }

    private static Optional<ImpossibleTerms> impossibleBounds(String detail) {
        return refused(PacketEvent.Reason.IMPOSSIBLE_BOUNDS, detail);
    }

    private static Optional<ImpossibleTerms> ofPrizes(OpenPacket command) {
        List<Prize> prizes = command.prizes();
        if ((prizes != null) != (command.split() == Split.PRIZES)) {
            return impossiblePrizes(
                    prizes == null
                            ? "The split is PRIZES, but there are no prizes."
                            : "There are prizes, but the split is " + command.split() + ".");
        }
        if (prizes == null) {
            return Optional.empty();
        }
        if (prizes.isEmpty() || prizes.size() > Limits.MAX_PRIZES) {
            return impossiblePrizes(
                    "There are " + prizes.size() + " prizes; 1 to " + Limits.MAX_PRIZES + " are allowed.");
        }
        for (Prize prize : prizes) {
            if (prize.cents() < 0 || prize.count() < 1) {
                return impossiblePrizes("A prize of " + prize.cents() + " cents, " + prize.count()
                        + " times, is impossible; at least 0 cents and at least 1 time are allowed.");
            }
        }
        return ofSums(command, OpenPacket.centsOf(prizes), OpenPacket.sharesOf(prizes));
    }

    private static Optional<ImpossibleTerms> ofSums(OpenPacket command, BigInteger cents, BigInteger shares) {
        if (!cents.equals(BigInteger.valueOf(command.totalCents()))) {
            return impossiblePrizes(
                    "totalCents is " + command.totalCents() + ", but the prizes add up to " + cents + " cents.");
        }
        if (!shares.equals(BigInteger.valueOf(command.shares()))) {
            return impossiblePrizes("shares is " + command.shares() + ", but there are " + shares + " prizes in all.");
        }
        if (command.totalCents() < 1) {
            return impossiblePrizes("All prizes are blanks; at least one needs 1 cent.");
        }
        return Optional.empty();
    }

    private static Optional<ImpossibleTerms> impossiblePrizes(String detail) {
        return refused(PacketEvent.Reason.IMPOSSIBLE_PRIZES, detail);
    }

    private static Optional<ImpossibleTerms> ofUsers(OpenPacket command) {
        List<String> users = command.onlyUsers();
        if (users == null) {
            return Optional.empty();
        }
        if (users.isEmpty() || users.size() > Limits.MAX_ONLY_USERS) {
            return impossibleUsers(
                    "onlyUsers has " + users.size() + " users; 1 to " + Limits.MAX_ONLY_USERS + " are allowed.");
        }
        int different = new HashSet<>(users).size();
        return different == users.size()
                ? Optional.empty()
                : impossibleUsers("onlyUsers has " + users.size() + " users, of which only " + different
                        + " are different; each may be there once.");
    }

    private static Optional<ImpossibleTerms> impossibleUsers(String detail) {
        return refused(PacketEvent.Reason.IMPOSSIBLE_USERS, detail);
    }

    private static Optional<ImpossibleTerms> refused(PacketEvent.Reason reason, String detail) {
        return Optional.of(new ImpossibleTerms(reason, detail));
    }
}
