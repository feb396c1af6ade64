package redpacket.audit;

import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import redpacket.events.OpenPacket;
import redpacket.events.PacketEvent;
import redpacket.events.PacketEvent.Reason;

/** What the terms of a packet may be. */
final class Terms {
    private static final int MAX_SHARES = 1_000_000;
    /** 2^53 - 1: exact in the JSON numbers of every language. */
    private static final long MAX_TOTAL_CENTS = (1L << 53) - 1;
    /** 31 days. */
    private static final long MAX_OPEN_FOR_MILLIS = 2_678_400_000L;

    private Terms() {}

    /** Every reason for which a command can be rejected, whatever was opened before. */
    static Set<Reason> faults(OpenPacket command) {
        Set<Reason> faults = EnumSet.noneOf(Reason.class);
        if (command.shares() < 1) {
            faults.add(Reason.NO_SHARES);
        }
        if (command.shares() > MAX_SHARES) {
            faults.add(Reason.TOO_MANY_SHARES);
        }
        if (command.totalCents() < command.shares()) {
            faults.add(Reason.FEWER_CENTS_THAN_SHARES);
        }
        if (command.totalCents() > MAX_TOTAL_CENTS) {
            faults.add(Reason.TOO_MANY_CENTS);
        }
        if (command.openForMillis() < 1 || command.openForMillis() > MAX_OPEN_FOR_MILLIS) {
            faults.add(Reason.IMPOSSIBLE_DURATION);
        }
        return faults;
    }

    /** Whether a command asks for a packet that was opened before, and not for another one with its id. */
    static boolean areThoseOf(PacketEvent.Opened opened, OpenPacket command) {
        return command.senderId().equals(opened.senderId())
                && command.totalCents() == opened.totalCents()
                && command.shares() == opened.shares()
                && command.split() == opened.split()
                && Objects.equals(command.campaign(), opened.campaign())
                && command.openForMillis() == opened.deadlineMillis() - opened.openedAtMillis();
    }

    static boolean canBeCut(PacketEvent.Opened opened) {
        return opened.shares() <= MAX_SHARES && opened.totalCents() <= MAX_TOTAL_CENTS;
    }
}
