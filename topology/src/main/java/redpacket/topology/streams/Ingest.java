package redpacket.topology.streams;

import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import redpacket.clients.PacketKey;
import redpacket.events.Grab;
import redpacket.events.InvalidEventException;
import redpacket.events.Json;
import redpacket.events.OpenPacket;
import redpacket.events.Topic;
import redpacket.topology.inputs.DrainedInputs;
import redpacket.topology.stores.DecidedOffsets;
import redpacket.topology.stores.InputTopics;
import redpacket.topology.stores.StateStores;

/**
 * Parses events. An unreadable record becomes a dead letter, and affects nothing else. A record that was decided before
 * is skipped.
 */
final class Ingest<E> implements Processor<byte[], byte[], byte[], Object> {
    private final Function<byte[], E> read;
    private final Function<E, String> packetId;
    private final int partitions;
    private final PacketMeters meters;
    private final DrainedInputs drainedInputs;
    private final InputTopics topics;
    private final Topic topic;
    private ProcessorContext<byte[], Object> context;
    private DrainedInputs.Input input;
    private DecidedOffsets decided;

    private Ingest(
            Topic topic,
            Function<byte[], E> read,
            Function<E, String> packetId,
            int partitions,
            PacketMeters meters,
            DrainedInputs drainedInputs,
            InputTopics topics) {
        this.topic = topic;
        this.read = read;
        this.packetId = packetId;
        this.partitions = partitions;
        this.meters = meters;
        this.drainedInputs = drainedInputs;
        this.topics = topics;
    }

    static Ingest<OpenPacket> opens(
            int partitions, PacketMeters meters, DrainedInputs drainedInputs, InputTopics topics) {
        return new Ingest<>(
                Topic.OPENS, Json::readOpen, OpenPacket::packetId, partitions, meters, drainedInputs, topics);
    }

    static Ingest<Grab> grabs(int partitions, PacketMeters meters, DrainedInputs drainedInputs, InputTopics topics) {
        return new Ingest<>(Topic.GRABS, Json::readGrab, Grab::packetId, partitions, meters, drainedInputs, topics);
    }

    @Override
    public void init(ProcessorContext<byte[], Object> processorContext) {
        context = processorContext;
        int partition = context.taskId().partition();
        input = drainedInputs.input(new TopicPartition(topic.topicName(), partition));
        decided = new DecidedOffsets(context.getStateStore(StateStores.WINNERS), topic, partition, topics);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        RecordMetadata from = context.recordMetadata().orElseThrow();
        if (decided.decide(from.offset())) {
            ingest(record, from);
        } else {
            meters.add(PacketMeters.Count.SKIPPED_RECORDS, 1);
        }
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
            context.forward(record.withValue(Tick.TICK), Nodes.DECIDE);
            return;
        }
        E event;
        try {
            event = read.apply(record.value());
            PacketKey.require(record.key(), packetId.apply(event));
            PacketKey.requirePartition(record.key(), from.partition(), partitions);
        } catch (InvalidEventException e) {
            meters.add(PacketMeters.Count.DEAD_LETTERS, 1);
            context.forward(DeadLetter.of(record, from, e.getMessage()), Nodes.WRITE_DEAD_LETTERS);
            return;
        }
        context.forward(record.withValue(event), Nodes.DECIDE);
    }
}
