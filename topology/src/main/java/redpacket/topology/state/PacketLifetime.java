package redpacket.topology.state;

import java.time.Duration;
import redpacket.topology.packet.Packet;

/**
 * How long a packet exists after its deadline.
 *
 * @param grace from the deadline to the closing. It must exceed the differences and steps of broker clocks, because no
 *     grab that a broker dates before the deadline may follow the closing. A record that is dated further ahead of the
 *     wall clock than this does not advance the log time.
 * @param retention from the closing until the packet is forgotten. Until then late and repeated grabs get the true
 *     answer.
 */
public record PacketLifetime(Duration grace, Duration retention) {
    public static final PacketLifetime DEFAULT = new PacketLifetime(Duration.ofSeconds(5), Duration.ofDays(7));

    public long closesAtMillis(Packet packet) {
        return packet.deadlineMillis() + grace.toMillis();
    }

    long forgottenAtMillis(Packet packet) {
        return closesAtMillis(packet) + retention.toMillis();
    }
}
