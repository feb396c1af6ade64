package redpacket.topology.streams;

import java.util.function.Function;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import redpacket.events.Grab;
import redpacket.events.InvalidEventException;
import redpacket.events.Json;
import redpacket.events.OpenPacket;
import redpacket.events.Topic;

/** Turns bytes into events; what cannot be read goes to the dead letters, and nothing else is affected. */
final class Ingest<E> implements Processor<byte[], byte[], byte[], Object> {
    private final Function<byte[], E> read;
    private final Function<E, String> packetId;
    private final int partitions;
    private final PacketMeters meters;
    private final DrainedInputs drainedInputs;
    private final Topic topic;
    private ProcessorContext<byte[], Object> context;
    private DrainedInputs.Input input;

    private Ingest(
            Topic topic,
            Function<byte[], E> read,
            Function<E, String> packetId,
            int partitions,
            PacketMeters meters,
            DrainedInputs drainedInputs) {
        this.topic = topic;
        this.read = read;
        this.packetId = packetId;
        this.partitions = partitions;
        this.meters = meters;
        this.drainedInputs = drainedInputs;
    }

    static Ingest<OpenPacket> opens(int partitions, PacketMeters meters, DrainedInputs drainedInputs) {
        return new Ingest<>(Topic.OPENS, Json::readOpen, OpenPacket::packetId, partitions, meters, drainedInputs);
    }

    static Ingest<Grab> grabs(int partitions, PacketMeters meters, DrainedInputs drainedInputs) {
        return new Ingest<>(Topic.GRABS, Json::readGrab, Grab::packetId, partitions, meters, drainedInputs);
    }

    @Override
    public void init(ProcessorContext<byte[], Object> processorContext) {
        context = processorContext;
        input = drainedInputs.input(
                new TopicPartition(topic.topicName(), context.taskId().partition()));
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        RecordMetadata from = context.recordMetadata().orElseThrow();
        ingest(record, from);
        if (input.isDrainedBy(from.offset())) {
            context.commit();
        }
    }

    @Override
    public void close() {
        input.leave();
    }

    private void ingest(Record<byte[], byte[]> record, RecordMetadata from) {
        if (Tick.is(record, from.topic())) {
            context.forward(record.withValue(Tick.TICK), RedPacketTopology.DECIDE);
            return;
        }
        E event;
        try {
            event = read.apply(record.value());
            requireKey(record.key(), packetId.apply(event));
            requirePartition(record.key(), from.partition());
        } catch (InvalidEventException e) {
            meters.add(PacketMeters.Count.DEAD_LETTERS, 1);
            context.forward(DeadLetter.of(record, from, e.getMessage()), RedPacketTopology.WRITE_DEAD_LETTERS);
            return;
        }
        context.forward(record.withValue(event), RedPacketTopology.DECIDE);
    }

    /** The key decides on the partition, so a wrong one would split a packet's log in two. */
    private static void requireKey(byte[] key, String packetId) {
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
     * A packet that is opened in two partitions would be paid by two tasks, so there is one right partition for each key: that
     * of Kafka's default partitioner.
     */
    private void requirePartition(byte[] key, int partition) {
        int right = BuiltInPartitioner.partitionForKey(key, partitions);
        if (partition != right) {
            throw new InvalidEventException("this is partition " + partition + ", but Kafka's default partitioner puts"
                    + " the key into " + right + "; clients built on librdkafka need partitioner=murmur2_random");
        }
    }
}
