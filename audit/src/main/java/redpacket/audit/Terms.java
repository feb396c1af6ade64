package redpacket.audit;

import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import redpacket.events.Limits;
import redpacket.events.OpenPacket;
import redpacket.events.PacketEvent;
import redpacket.events.PacketEvent.Reason;

/** Checks the terms of a packet. */
final class Terms {
    private Terms() {}

    /** Every reason to reject a command, regardless of packets opened before. */
    static Set<Reason> faults(OpenPacket command) {
        Set<Reason> faults = EnumSet.allOf(Reason.class);
        faults.removeIf(reason -> !applies(reason, command));
        return faults;
    }

    private static boolean applies(Reason reason, OpenPacket command) {
        return switch (reason) {
            case NO_SHARES -> command.shares() < 1;
            case TOO_MANY_SHARES -> command.shares() > Limits.MAX_SHARES;
            case FEWER_CENTS_THAN_SHARES -> command.prizes() == null && command.totalCents() < command.shares();
            case TOO_MANY_CENTS -> command.totalCents() > Limits.MAX_TOTAL_CENTS;
            case IMPOSSIBLE_DURATION ->
                command.openForMillis() < 1 || command.openForMillis() > Limits.MAX_OPEN_FOR_MILLIS;
            // These terms are not judged.
            case IMPOSSIBLE_START, IMPOSSIBLE_BOUNDS, IMPOSSIBLE_PRIZES, IMPOSSIBLE_USERS -> false;
            // Depends on the packet that was opened before.
            case OTHER_TERMS -> false;
        };
    }

    /** Whether a command repeats the terms of a packet that was opened before. */
    static boolean areThoseOf(PacketEvent.Opened opened, OpenPacket command) {
        return command.senderId().equals(opened.senderId())
                && command.totalCents() == opened.totalCents()
                && command.shares() == opened.shares()
                && command.split() == opened.split()
                && Objects.equals(command.campaign(), opened.campaign())
                && command.openForMillis() == opened.deadlineMillis() - opened.openedAtMillis();
    }

    static boolean canBeCut(PacketEvent.Opened opened) {
        return opened.shares() <= Limits.MAX_SHARES && opened.totalCents() <= Limits.MAX_TOTAL_CENTS;
    }
}
