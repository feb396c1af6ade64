package redpacket.sink.readmodel;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Fields of packets' views that may be written in any order, and again: one command for each packet. */
final class PacketFields {
    private final Map<String, List<byte[]>> byPacket = new LinkedHashMap<>();
    private final Set<String> closed = new LinkedHashSet<>();

    /** Where to add a packet's fields: names and values in turn. */
    List<byte[]> of(String packetId) {
        return byPacket.computeIfAbsent(packetId, id -> new ArrayList<>());
    }

    /** The same of a packet that is closed: from now on it is kept as long as such a one. */
    List<byte[]> ofClosed(String packetId) {
        closed.add(packetId);
        return of(packetId);
    }

    /** After this there are none. */
    void moveTo(Pipeline pipeline, Generation generation, Keeping keeping) {
        byPacket.forEach((packetId, fields) -> pipeline.setFields(Keys.packet(generation.number(), packetId), fields));
        for (String packetId : closed) {
            pipeline.expire(Keys.packet(generation.number(), packetId), keeping.closedPacketMillis());
        }
        byPacket.clear();
        closed.clear();
    }
}
