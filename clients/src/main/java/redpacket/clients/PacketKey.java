package redpacket.clients;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import redpacket.events.InvalidEventException;

/**
 * The key of a record on a topic keyed by packet: the packet id in ASCII, in the partition of Kafka's default
 * partitioner. So all records of a packet are in one partition, and one task decides them.
 */
public final class PacketKey {
    private PacketKey() {}

    /**
     * Requires that a key is the packet id. A wrong key would split the log of a packet.
     *
     * @throws InvalidEventException if the key is null or another id
     */
    public static void require(byte[] key, String packetId) {
        if (key == null) {
            throw new InvalidEventException("the key is null; it must be the packet id");
        }
        boolean equal = key.length == packetId.length();
        for (int i = 0; equal && i < key.length; i++) {
            equal = key[i] == packetId.charAt(i);
        }
        if (!equal) {
            throw new InvalidEventException("the key is not the packet id " + packetId);
        }
    }

    /**
     * The partition of a packet, which is that of Kafka's default partitioner.
     *
     * @param partitions of the topic
     */
    public static int partition(String packetId, int partitions) {
        return BuiltInPartitioner.partitionForKey(packetId.getBytes(UTF_8), partitions);
    }

    /**
     * Requires that a record is in the partition of its key. Two tasks would pay a packet that is open in two
     * partitions.
     *
     * @param partitions of the topic
     * @throws InvalidEventException if the record is in another partition
     */
    public static void requirePartition(byte[] key, int partition, int partitions) {
        int right = BuiltInPartitioner.partitionForKey(key, partitions);
        if (partition != right) {
            throw new InvalidEventException("this is partition " + partition + ", but Kafka's default partitioner puts"
                    + " the key into " + right + "; clients built on librdkafka need partitioner=murmur2_random");
        }
    }
}
