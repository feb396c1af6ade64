package redpacket.audit;

import java.math.BigInteger;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import redpacket.events.Limits;
import redpacket.events.OpenPacket;
import redpacket.events.PacketEvent;
import redpacket.events.PacketEvent.Reason;
import redpacket.events.Prize;
import redpacket.events.Split;

/** Checks the terms of a packet. */
final class Terms {
    private Terms() {}

    /** Every reason to reject a command, regardless of packets opened before. */
    static Set<Reason> faults(OpenPacket command, long appendedAtMillis) {
        Set<Reason> faults = EnumSet.allOf(Reason.class);
        faults.removeIf(reason -> !applies(reason, command, appendedAtMillis));
        return faults;
    }

    private static boolean applies(Reason reason, OpenPacket command, long appendedAtMillis) {
        return switch (reason) {
            case NO_SHARES -> command.shares() < 1;
            case TOO_MANY_SHARES -> command.shares() > Limits.MAX_SHARES;
            case FEWER_CENTS_THAN_SHARES -> command.prizes() == null && command.totalCents() < command.shares();
            case TOO_MANY_CENTS -> command.totalCents() > Limits.MAX_TOTAL_CENTS;
            case IMPOSSIBLE_DURATION ->
                command.openForMillis() < 1 || command.openForMillis() > Limits.MAX_OPEN_FOR_MILLIS;
            case IMPOSSIBLE_START -> hasImpossibleStart(command, appendedAtMillis);
            case IMPOSSIBLE_BOUNDS -> hasImpossibleBounds(command);
            case IMPOSSIBLE_PRIZES -> hasImpossiblePrizes(command);
            case IMPOSSIBLE_USERS ->
                command.onlyUsers() != null
                        && (command.onlyUsers().isEmpty()
                                || command.onlyUsers().size() > Limits.MAX_ONLY_USERS
                                || command.onlyUsers().stream().distinct().count()
                                        < command.onlyUsers().size());
            // Depends on the packet that was opened before.
            case OTHER_TERMS -> false;
        };
    }

    private static boolean hasImpossibleStart(OpenPacket command, long appendedAtMillis) {
        Long start = command.startsAtMillis();
        return start != null
                && (start < 0
                        || start > Limits.MAX_TIME_MILLIS
                        || BigInteger.valueOf(start)
                                        .subtract(BigInteger.valueOf(appendedAtMillis))
                                        .add(BigInteger.valueOf(command.openForMillis()))
                                        .compareTo(BigInteger.valueOf(Limits.MAX_OPEN_FOR_MILLIS))
                                > 0);
    }

    private static boolean hasImpossibleBounds(OpenPacket command) {
        if (command.minCents() == null && command.maxCents() == null) {
            return false;
        }
        BigInteger shares = BigInteger.valueOf(command.shares());
        BigInteger total = BigInteger.valueOf(command.totalCents());
        long min = command.minCents() == null ? 1 : command.minCents();
        long max = command.maxCents() == null ? command.totalCents() : command.maxCents();
        return command.split() != Split.RANDOM
                || min < 1
                || min > max
                || shares.multiply(BigInteger.valueOf(min)).compareTo(total) > 0
                || shares.multiply(BigInteger.valueOf(max)).compareTo(total) < 0;
    }

    private static boolean hasImpossiblePrizes(OpenPacket command) {
        List<Prize> prizes = command.prizes();
        if (prizes == null || command.split() != Split.PRIZES) {
            return prizes != null || command.split() == Split.PRIZES;
        }
        BigInteger cents = BigInteger.ZERO;
        long shares = 0;
        for (Prize prize : prizes) {
            if (prize.cents() < 0 || prize.count() < 1) {
                return true;
            }
            cents = cents.add(BigInteger.valueOf(prize.cents()).multiply(BigInteger.valueOf(prize.count())));
            shares += prize.count();
        }
        return prizes.isEmpty()
                || prizes.size() > Limits.MAX_PRIZES
                || cents.signum() == 0
                || !cents.equals(BigInteger.valueOf(command.totalCents()))
                || shares != command.shares();
    }

    /** Whether a command repeats the terms of a packet that was opened before. Of its users, their number counts. */
    static boolean areThoseOf(PacketEvent.Opened opened, OpenPacket command) {
        return command.senderId().equals(opened.senderId())
                && command.totalCents() == opened.totalCents()
                && command.shares() == opened.shares()
                && command.split() == opened.split()
                && Objects.equals(command.campaign(), opened.campaign())
                && command.openForMillis() == opened.deadlineMillis() - opened.startMillis()
                && Objects.equals(command.startsAtMillis(), opened.startsAtMillis())
                && Objects.equals(command.minCents(), opened.minCents())
                && Objects.equals(command.maxCents(), opened.maxCents())
                && Objects.equals(command.prizes(), opened.prizes())
                && usersOf(command)
                        == (opened.onlyUsers() == null ? 0 : opened.onlyUsers().count())
                && Objects.equals(command.currency(), opened.currency())
                && Objects.equals(command.title(), opened.title());
    }

    private static int usersOf(OpenPacket command) {
        return command.onlyUsers() == null ? 0 : command.onlyUsers().size();
    }

    /** The event that a command opens a packet with, if it does. */
    static PacketEvent.Opened openedBy(
            OpenPacket terms, long appendedAtMillis, long openOffset, String commitment, String hashOfUsers) {
        long startMillis = Math.max(appendedAtMillis, terms.startsAtMillis() == null ? 0 : terms.startsAtMillis());
        return new PacketEvent.Opened(
                terms.packetId(),
                terms.senderId(),
                terms.totalCents(),
                terms.shares(),
                terms.split(),
                terms.campaign(),
                appendedAtMillis,
                startMillis + terms.openForMillis(),
                commitment,
                openOffset,
                terms.startsAtMillis(),
                terms.minCents(),
                terms.maxCents(),
                terms.prizes(),
                terms.onlyUsers() == null ? null : new PacketEvent.OnlyUsers(usersOf(terms), hashOfUsers),
                terms.currency(),
                terms.title());
    }

    static boolean canBeCut(PacketEvent.Opened opened) {
        long prizes = opened.prizes() == null
                ? opened.shares()
                : opened.prizes().stream().mapToLong(Prize::count).sum();
        return opened.shares() <= Limits.MAX_SHARES
                && opened.totalCents() <= Limits.MAX_TOTAL_CENTS
                && prizes == opened.shares();
    }
}
