package redpacket.benchmark;

import java.util.Properties;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import redpacket.events.AwardResult;
import redpacket.events.Grab;
import redpacket.events.Json;
import redpacket.events.Outcome;

/** Reads a grab, writes an answer, decides nothing: the least that an exactly-once topology costs on this machine. */
final class PassThrough implements StreamsContestant.Entrant {
    @Override
    public Topology topology(Properties settings) {
        return OneProcessor.topology(Answer::new);
    }

    @Override
    public void open(Instances running) {
        // Packets are unknown to it.
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
        // One answer for each grab is all there is to check.
    }

    @Override
    public void close() {
        // It has nothing.
    }

    /** Says no to everybody: that is the shortest answer. */
    private static final class Answer implements Processor<byte[], byte[], byte[], AwardResult> {
        private ProcessorContext<byte[], AwardResult> context;

        @Override
        public void init(ProcessorContext<byte[], AwardResult> processorContext) {
            context = processorContext;
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
        }
    }
}
