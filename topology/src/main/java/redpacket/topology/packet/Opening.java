package redpacket.topology.packet;

import java.util.Objects;
import java.util.function.Function;
import redpacket.events.ImpossibleTerms;
import redpacket.events.OpenPacket;
import redpacket.events.PacketEvent.Reason;

/** The decision on an open command. */
public sealed interface Opening {

    /** Returns the result of the function for this kind. A new kind adds an argument, so no caller can miss it. */
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

    /** The same command opened the packet before. The packet keeps the times and the seed from then. */
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
     * No packet opens.
     *
     * @param detail what is wrong and what is allowed, as a sentence for people
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
     * Decides an open command. A taken id is the first reason to refuse; the others follow in the order of
     * {@link Reason}.
     *
     * @param appendedAtMillis when the broker appended the command; the packet starts here, unless at a later time
     * @param existingOrNull the packet with this id, open or closed, if there is one
     */
    static Opening decide(OpenPacket command, long appendedAtMillis, Packet existingOrNull, SeedSecret secret) {
        if (existingOrNull != null) {
            return isOpenedBy(command, existingOrNull) ? new Again(existingOrNull) : taken(existingOrNull);
        }
        return ImpossibleTerms.of(command, appendedAtMillis)
                .<Opening>map(impossible -> new Refused(impossible.reason(), impossible.detail()))
                .orElseGet(() -> accepted(command, appendedAtMillis, secret));
    }

    private static Accepted accepted(OpenPacket command, long appendedAtMillis, SeedSecret secret) {
        SpecialTerms special = SpecialTerms.of(command);
        return new Accepted(new Packet(
                command.packetId(),
                command.senderId(),
                command.totalCents(),
                command.shares(),
                command.split(),
                command.campaign(),
                appendedAtMillis,
                special.startMillis(appendedAtMillis) + command.openForMillis(),
                secret.seedOf(command.packetId()),
                special));
    }

    private static boolean isOpenedBy(OpenPacket command, Packet packet) {
        return command.senderId().equals(packet.senderId())
                && command.totalCents() == packet.totalCents()
                && command.shares() == packet.shares()
                && command.split() == packet.split()
                && Objects.equals(command.campaign(), packet.campaign())
                && command.openForMillis() == packet.deadlineMillis() - packet.startMillis()
                && SpecialTerms.of(command).equals(packet.special());
    }

    /** The text keeps the other packet's terms secret from a sender who only guessed its id. */
    private static Refused taken(Packet existing) {
        return new Refused(
                Reason.OTHER_TERMS,
                "The packet id " + existing.packetId()
                        + " is taken by a packet on other terms; only the same command may be sent again.");
    }
}
