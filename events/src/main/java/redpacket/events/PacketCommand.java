package redpacket.events;

import java.util.function.Function;

/**
 * Command on {@code redpacket.opens}. The JSON field {@code type} gives the kind; without it, the command opens a
 * packet.
 */
public sealed interface PacketCommand permits OpenPacket, CancelPacket {

    String packetId();

    String senderId();

    /** Returns the result of the function for this kind of command. */
    <R> R match(Function<? super OpenPacket, ? extends R> open, Function<? super CancelPacket, ? extends R> cancel);
}
