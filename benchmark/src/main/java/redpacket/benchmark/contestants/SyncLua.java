package redpacket.benchmark.contestants;

import java.util.Properties;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import redpacket.benchmark.ground.Ground;
import redpacket.benchmark.ground.Instances;
import redpacket.benchmark.load.Workload;
import redpacket.clients.RedisConnection;
import redpacket.events.AwardResult;
import redpacket.events.Grab;
import redpacket.events.Json;

/**
 * The contestant {@code sync-lua}, which is the obvious implementation: all state in Redis, and one script call per
 * grab, for whose answer the stream thread waits.
 */
final class SyncLua implements StreamsContestant.Entrant {
    private final Workload workload;
    private final RedisConnection redis;
    private final GrabScript script;

    SyncLua(Workload workload, Ground ground) {
        this.workload = workload;
        this.redis = RedisConnection.open(ground.redis());
        this.script = new GrabScript("sync-lua", redis.commands());
    }

    @Override
    public Topology topology(Properties settings) {
        return OneProcessor.topology(Decide::new);
    }

    @Override
    public void open(Instances running) {
        script.open(workload);
    }

    @Override
    public long redisCalls() {
        return script.calls();
    }

    @Override
    public long expectedAwards() {
        return workload.expectedAwards();
    }

    @Override
    public void check() {
        // Only the checks that apply to all contestants.
    }

    @Override
    public void close() {
        redis.close();
    }

    private final class Decide implements Processor<byte[], byte[], byte[], AwardResult> {
        private ProcessorContext<byte[], AwardResult> context;

        @Override
        public void init(ProcessorContext<byte[], AwardResult> processorContext) {
            context = processorContext;
        }

        @Override
        public void process(Record<byte[], byte[]> record) {
            Grab grab = Json.readGrab(record.value());
            byte[] reply = script.grab(grab).toCompletableFuture().join();
            long offset = context.recordMetadata().orElseThrow().offset();
            AwardResult result = GrabScript.result(grab, reply, record.timestamp(), offset);
            context.forward(new Record<>(record.key(), result, record.timestamp()));
        }
    }
}
