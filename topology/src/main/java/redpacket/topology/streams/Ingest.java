package redpacket.topology.streams;

import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redpacket.clients.PacketKey;
import redpacket.events.Grab;
import redpacket.events.InvalidEventException;
import redpacket.events.Json;
import redpacket.events.PacketCommand;
import redpacket.events.Topic;
import redpacket.topology.inputs.DrainedInputs;
import redpacket.topology.stores.DecidedInputs;
import redpacket.topology.stores.DecidedOffsets;
import redpacket.topology.stores.InputTopics;
import redpacket.topology.stores.StateStores;

/**
 * Parses events. An unreadable record, and one at which the pipeline has failed twice, becomes a dead letter and
 * affects nothing else. A record that was decided before is skipped.
 */
final class Ingest<E> implements Processor<byte[], byte[], byte[], Object> {
    private static final Logger LOG = LoggerFactory.getLogger(Ingest.class);

    private final Function<byte[], E> read;
    private final Function<E, String> packetId;
    private final int partitions;
    private final PacketMeters meters;
    private final DrainedInputs drainedInputs;
    private final InputTopics topics;
    private final FailedRecords failedRecords;
    private final DecidedInputs decidedInputs;
    private final Topic topic;
    private ProcessorContext<byte[], Object> context;
    private DrainedInputs.Input input;
    private DecidedOffsets decided;
    private FailedRecords.Partition failed;
    private boolean started;

    private Ingest(
            Topic topic,
            Function<byte[], E> read,
            Function<E, String> packetId,
            int partitions,
            PacketMeters meters,
            DrainedInputs drainedInputs,
            InputTopics topics,
            FailedRecords failedRecords,
            DecidedInputs decidedInputs) {
        this.topic = topic;
        this.read = read;
        this.packetId = packetId;
        this.partitions = partitions;
        this.meters = meters;
        this.drainedInputs = drainedInputs;
        this.topics = topics;
        this.failedRecords = failedRecords;
        this.decidedInputs = decidedInputs;
    }

    static Ingest<PacketCommand> opens(
            int partitions,
            PacketMeters meters,
            DrainedInputs drainedInputs,
            InputTopics topics,
            FailedRecords failedRecords,
            DecidedInputs decidedInputs) {
        return new Ingest<>(
                Topic.OPENS,
                Json::readCommand,
                PacketCommand::packetId,
                partitions,
                meters,
                drainedInputs,
                topics,
                failedRecords,
                decidedInputs);
    }

    static Ingest<Grab> grabs(
            int partitions,
            PacketMeters meters,
            DrainedInputs drainedInputs,
            InputTopics topics,
            FailedRecords failedRecords,
            DecidedInputs decidedInputs) {
        return new Ingest<>(
                Topic.GRABS,
                Json::readGrab,
                Grab::packetId,
                partitions,
                meters,
                drainedInputs,
                topics,
                failedRecords,
                decidedInputs);
    }

    @Override
    public void init(ProcessorContext<byte[], Object> processorContext) {
        context = processorContext;
        int partition = context.taskId().partition();
        TopicPartition inputPartition = new TopicPartition(topic.topicName(), partition);
        input = drainedInputs.input(inputPartition);
        decided = new DecidedOffsets(context.getStateStore(StateStores.WINNERS), topic, partition, topics);
        decidedInputs.put(inputPartition, decided);
        failed = failedRecords.of(inputPartition);
        started = false;
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        RecordMetadata from = context.recordMetadata().orElseThrow();
        if (decided.decide(from.offset())) {
            attempt(record, from);
        } else {
            meters.add(PacketMeters.Count.SKIPPED_RECORDS, 1);
        }
        if (input.isDrainedBy(from.offset())) {
            context.commit();
        }
    }

    private void attempt(Record<byte[], byte[]> record, RecordMetadata from) {
        if (!started) {
            failed.committedBefore(from.offset());
            started = true;
        }
        try {
            ingest(record, from);
        } catch (RuntimeException | Error e) {
            failed.add(from.offset(), e);
            throw e;
        }
    }

    @Override
    public void close() {
        input.leave();
    }

    private void ingest(Record<byte[], byte[]> record, RecordMetadata from) {
        String failure = failed.reasonToPutAway(from.offset());
        if (failure != null) {
            LOG.error(
                    "Putting away {}-{}@{}, because the pipeline failed twice at this record: {}",
                    from.topic(),
                    from.partition(),
                    from.offset(),
                    failure);
            meters.add(PacketMeters.Count.FAILED_RECORDS, 1);
            putAway(DeadLetter.failed(record, from, failure));
            // At once: a failure of a later record would otherwise take this back.
            context.commit();
            return;
        }
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
            putAway(DeadLetter.unreadable(record, from, e.getMessage()));
            return;
        }
        context.forward(record.withValue(event), Nodes.DECIDE);
    }

    private void putAway(Record<byte[], Object> deadLetter) {
        meters.add(PacketMeters.Count.DEAD_LETTERS, 1);
        context.forward(deadLetter, Nodes.WRITE_DEAD_LETTERS);
    }
}
