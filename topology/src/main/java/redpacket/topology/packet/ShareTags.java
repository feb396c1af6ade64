package redpacket.topology.packet;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import redpacket.events.Prize;

/**
 * The tags of a packet's shares. A tag proves that a share is the one at its index in the cut, because only the owner
 * of the seed can compute it.
 *
 * <p>A tag is SipHash-2-4 over the index and the cents, as two little-endian words of 8 bytes. Its key is the first 16
 * bytes of {@code HMAC-SHA256(seed, "share tags\n" packetId "\n" split "\n" totalCents "\n" shares)}. With bounds,
 * {@code "\nbounds\n" min "\n" max} follows; with prizes, {@code "\nprizes"} and for each prize {@code "\n" cents "\n"
 * count}. The key depends on the terms, so another packet with the same id has other tags. A guess is right with
 * probability 2^-64.
 *
 * <p>In a packet with prizes, the tag is over the number of the prize in place of the cents, as its queue is.
 *
 * <p>Not safe for use by several threads at once.
 */
public final class ShareTags {
    private final SipHash hash;

    private ShareTags(SipHash hash) {
        this.hash = hash;
    }

    /** Takes a microsecond or two. */
    public static ShareTags of(Packet packet) {
        StringBuilder terms = new StringBuilder("share tags");
        add(terms, packet.packetId());
        add(terms, packet.split().name());
        add(terms, packet.totalCents());
        add(terms, packet.shares());
        SpecialTerms special = packet.special();
        if (special.minCents() != null || special.maxCents() != null) {
            add(terms, "bounds");
            add(terms, special.leastCents());
            add(terms, special.mostCents());
        }
        if (special.prizes() != null) {
            add(terms, "prizes");
            for (Prize prize : special.prizes()) {
                add(terms, prize.cents());
                add(terms, prize.count());
            }
        }
        byte[] key = Arrays.copyOf(packet.seed().hmac(terms.toString().getBytes(US_ASCII)), SipHash.KEY_BYTES);
        return new ShareTags(new SipHash(key));
    }

    /** The tag of a share: 64 bits, all of which count. */
    public long tagOf(int index, long cents) {
        return hash.of(index, cents);
    }

    private static void add(StringBuilder terms, Object term) {
        terms.append('\n').append(term);
    }
}
