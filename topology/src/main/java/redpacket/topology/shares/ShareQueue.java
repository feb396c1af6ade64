package redpacket.topology.shares;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.HexFormat;
import redpacket.topology.packet.Packet;
import redpacket.topology.packet.ShareTags;

/** The queue of one packet in Redis: its keys, and what is known of it here. */
public final class ShareQueue {
    private static final int COMMITMENT_DIGITS = 8;

    private final Packet packet;
    private final long expiresAtMillis;
    private final int commitment;

    /**
     * @param expiresAtMillis when Redis may forget the queue
     */
    public ShareQueue(Packet packet, long expiresAtMillis) {
        this.packet = packet;
        this.expiresAtMillis = expiresAtMillis;
        this.commitment = HexFormat.fromHexDigits(packet.seed().commitment(), 0, COMMITMENT_DIGITS);
    }

    String packetId() {
        return packet.packetId();
    }

    /** How many shares the packet has. */
    int shares() {
        return packet.shares();
    }

    long expiresAtMillis() {
        return expiresAtMillis;
    }

    /** All shares in cents, in the order they are handed out; takes time and memory in proportion to them. */
    long[] cut() {
        return packet.cut();
    }

    /** New ones on each call, as they are for one thread; costs a microsecond or two. */
    ShareTags tags() {
        return ShareTags.of(packet);
    }

    /**
     * Because of the braces, Redis Cluster keeps all keys of a packet on one node. Because of the digits of the
     * commitment, two pipelines with one Redis have different keys.
     */
    byte[] key(String part) {
        return (name() + ":" + part).getBytes(US_ASCII);
    }

    /** What all keys of the queue begin with. */
    String name() {
        return "redpacket:{" + packetId() + "}:" + HexFormat.of().toHexDigits(commitment);
    }
}
