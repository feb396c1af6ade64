package redpacket.topology.shares;

import io.lettuce.core.RedisException;

/** Redis took a packet's shares and did not have them a moment later, for example because it was emptied. */
final class NotKeptException extends RedisException {
    private static final long serialVersionUID = 1L;

    NotKeptException(String message) {
        super(message);
    }
}
