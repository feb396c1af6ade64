package redpacket.topology.winners;

import java.security.SecureRandom;
import redpacket.topology.packet.SipHash;

/**
 * A hash of ids with a secret key of this process. Users and senders choose their ids, but they cannot choose ids whose
 * hashes collide.
 *
 * <p>For one thread.
 */
public final class IdHash {
    private static final byte[] KEY = new byte[SipHash.KEY_BYTES];

    static {
        new SecureRandom().nextBytes(KEY);
    }

    private final SipHash hash = new SipHash(KEY);
    private String last = "";
    private long hashOfLast = hash.of(last);

    /** Remembers the hash of the last id: a grab that wins a share needs it twice, and a rush is for one packet. */
    public long of(String id) {
        if (!id.equals(last)) {
            hashOfLast = hash.of(id);
            last = id;
        }
        return hashOfLast;
    }
}
