package redpacket.benchmark.contestants;

import java.util.Properties;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import redpacket.benchmark.ground.Instances;
import redpacket.events.AwardResult;
import redpacket.events.Grab;
import redpacket.events.Json;
import redpacket.events.Outcome;
import redpacket.events.Topic;
import redpacket.topology.inputs.DrainedInputs;

/** The contestants {@code pass-through} and {@code streams-default}: the least that an exactly-once topology costs. */
final class PassThrough implements StreamsContestant.Entrant {
    private final boolean isDrainedKnown;

    private PassThrough(boolean isDrainedKnown) {
        this.isDrainedKnown = isDrainedKnown;
    }

    /** Commits as this project does: when its input is drained. */
    static PassThrough committingWhenDrained() {
        return new PassThrough(true);
    }

    /** Commits as Streams does by default: at intervals of 100 ms. */
    static PassThrough committingAtIntervals() {
        return new PassThrough(false);
    }

    @Override
    public Topology topology(Properties settings) {
        DrainedInputs drained = new DrainedInputs();
        if (isDrainedKnown) {
            drained.addTo(settings);
        } else {
            settings.remove(StreamsConfig.producerPrefix(ProducerConfig.RETRY_BACKOFF_MS_CONFIG));
        }
        return OneProcessor.topology(() -> new Answer(drained));
    }

    @Override
    public void open(Instances running) {
        // It does not know packets.
    }

    @Override
    public long redisCalls() {
        return 0;
    }

    @Override
    public long expectedAwards() {
        return 0;
    }

    @Override
    public void check() {
        // Only the number of answers can be checked, and that is checked for every contestant.
    }

    @Override
    public void close() {
        // There is nothing to close.
    }

    /** Gives every grab the shortest possible answer. */
    private static final class Answer implements Processor<byte[], byte[], byte[], AwardResult> {
        private final DrainedInputs drained;
        private ProcessorContext<byte[], AwardResult> context;
        private DrainedInputs.Input input;

        Answer(DrainedInputs drained) {
            this.drained = drained;
        }

        @Override
        public void init(ProcessorContext<byte[], AwardResult> processorContext) {
            context = processorContext;
            input = drained.input(
                    new TopicPartition(Topic.GRABS.topicName(), context.taskId().partition()));
        }

        @Override
        public void process(Record<byte[], byte[]> record) {
            Grab grab = Json.readGrab(record.value());
            long offset = context.recordMetadata().orElseThrow().offset();
            AwardResult result = new AwardResult(
                    grab.packetId(),
                    grab.grabId(),
                    grab.userId(),
                    null,
                    Outcome.SOLD_OUT,
                    null,
                    false,
                    record.timestamp(),
                    offset);
            context.forward(new Record<>(record.key(), result, record.timestamp()));
            if (input.isDrainedBy(offset)) {
                context.commit();
            }
        }
    }
}
