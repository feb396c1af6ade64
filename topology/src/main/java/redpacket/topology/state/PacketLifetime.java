package redpacket.topology.state;

import java.time.Duration;
import redpacket.topology.packet.Packet;

/**
 * How long a packet lives after its deadline.
 *
 * @param grace from the deadline to the closing: longer than broker clocks differ and step, since a grab that the broker
 *     dates before the deadline must not come after the closing
 * @param retention from the closing until the packet is forgotten; till then late and repeated grabs get the true answer
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
