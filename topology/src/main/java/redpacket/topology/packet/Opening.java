package redpacket.topology.packet;

import java.util.Objects;
import java.util.function.Function;
import redpacket.events.Limits;
import redpacket.events.OpenPacket;
import redpacket.events.PacketEvent.Reason;

/** What becomes of an open command. */
public sealed interface Opening {

    /** Returns the result of the function for this kind of opening. A new kind adds an argument, for every caller. */
    <R> R match(
            Function<? super Accepted, ? extends R> accepted,
            Function<? super Again, ? extends R> again,
            Function<? super Refused, ? extends R> refused);

    /** The packet is new. */
    record Accepted(Packet packet) implements Opening {
        @Override
        public <R> R match(
                Function<? super Accepted, ? extends R> accepted,
                Function<? super Again, ? extends R> again,
                Function<? super Refused, ? extends R> refused) {
            return accepted.apply(this);
        }
    }

    /** The packet was opened before by the same command; its times and seed are those of then. */
    record Again(Packet packet) implements Opening {
        @Override
        public <R> R match(
                Function<? super Accepted, ? extends R> accepted,
                Function<? super Again, ? extends R> again,
                Function<? super Refused, ? extends R> refused) {
            return again.apply(this);
        }
    }

    /**
     * There is no such packet, or another one has its id.
     *
     * @param detail what was wrong and what is allowed, as a sentence for people
     */
    record Refused(Reason reason, String detail) implements Opening {
        @Override
        public <R> R match(
                Function<? super Accepted, ? extends R> accepted,
                Function<? super Again, ? extends R> again,
                Function<? super Refused, ? extends R> refused) {
            return refused.apply(this);
        }
    }

    /**
     * Decides an open command. Of several reasons to refuse the first in the order of {@link Reason} is given, but a taken
     * id comes before them all.
     *
     * @param appendedAtMillis when the broker appended the command; the time to the deadline counts from here
     * @param existingOrNull the packet with this id if there is one, open or closed
     */
    static Opening decide(OpenPacket command, long appendedAtMillis, Packet existingOrNull, SeedSecret secret) {
        if (existingOrNull != null) {
            return isOpenedBy(command, existingOrNull) ? new Again(existingOrNull) : taken(existingOrNull);
        }
        Refused impossible = refuseImpossible(command);
        if (impossible != null) {
            return impossible;
        }
        return new Accepted(new Packet(
                command.packetId(),
                command.senderId(),
                command.totalCents(),
                command.shares(),
                command.split(),
                command.campaign(),
                appendedAtMillis,
                appendedAtMillis + command.openForMillis(),
                secret.seedOf(command.packetId())));
    }

    private static Refused refuseImpossible(OpenPacket command) {
        int shares = command.shares();
        long totalCents = command.totalCents();
        long openForMillis = command.openForMillis();
        if (shares < 1) {
            return new Refused(
                    Reason.NO_SHARES, "A packet of " + shares + " shares has nothing to grab; the least is 1.");
        }
        if (shares > Limits.MAX_SHARES) {
            return new Refused(
                    Reason.TOO_MANY_SHARES,
                    shares + " shares are too many; at most " + Limits.MAX_SHARES + " are allowed.");
        }
        if (totalCents < shares) {
            return new Refused(
                    Reason.FEWER_CENTS_THAN_SHARES,
                    totalCents + " cents do not make " + shares + " shares; each needs at least 1 cent.");
        }
        if (totalCents > Limits.MAX_TOTAL_CENTS) {
            return new Refused(
                    Reason.TOO_MANY_CENTS,
                    totalCents + " cents are too many; at most " + Limits.MAX_TOTAL_CENTS + " are allowed.");
        }
        if (openForMillis < 1 || openForMillis > Limits.MAX_OPEN_FOR_MILLIS) {
            return new Refused(
                    Reason.IMPOSSIBLE_DURATION,
                    "A packet cannot be open for " + openForMillis + " ms; 1 to " + Limits.MAX_OPEN_FOR_MILLIS
                            + " ms (31 days) are allowed.");
        }
        return null;
    }

    private static boolean isOpenedBy(OpenPacket command, Packet packet) {
        return command.senderId().equals(packet.senderId())
                && command.totalCents() == packet.totalCents()
                && command.shares() == packet.shares()
                && command.split() == packet.split()
                && Objects.equals(command.campaign(), packet.campaign())
                && command.openForMillis() == packet.deadlineMillis() - packet.openedAtMillis();
    }

    /** Does not name the other packet's terms: whoever guessed its id need not learn them. */
    private static Refused taken(Packet existing) {
        return new Refused(
                Reason.OTHER_TERMS,
                "The packet id " + existing.packetId()
                        + " is taken by a packet on other terms; only the same command may be sent again.");
    }
}
