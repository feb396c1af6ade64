package redpacket.benchmark;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import redpacket.clients.RedisConnection;
import redpacket.events.AwardResult;
import redpacket.events.Grab;
import redpacket.events.Json;
import redpacket.events.Outcome;
import redpacket.events.Share;

/**
 * The contestant {@code sync-lua}, which is the obvious implementation: all state in Redis, and one script call per
 * grab that finds an earlier answer or pops a share and stores it. It has no deadlines and closes no packets, which
 * makes it a little faster than a complete solution.
 */
final class SyncLua implements StreamsContestant.Entrant {
    /** Shares per command when filling the queues. */
    private static final int CHUNK = 1_000;

    private final Workload workload;
    private final RedisConnection redis;
    private final LongAdder calls = new LongAdder();
    private final String script;

    SyncLua(Workload workload, Ground ground) {
        this.workload = workload;
        this.redis = RedisConnection.open(ground.redis());
        try (InputStream text = SyncLua.class.getResourceAsStream("grab.lua")) {
            script = redis.commands()
                    .scriptLoad(text.readAllBytes())
                    .toCompletableFuture()
                    .join();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Topology topology(Properties settings) {
        return OneProcessor.topology(Decide::new);
    }

    @Override
    public void open(Instances running) {
        workload.openStream().forEach(open -> {
            byte[] key = key(open.packetId(), "shares");
            for (int from = 0; from < open.shares(); from += CHUNK) {
                byte[][] shares = new byte[Math.min(CHUNK, open.shares() - from)][];
                for (int i = 0; i < shares.length; i++) {
                    shares[i] = (from + i + " " + open.totalCents() / open.shares()).getBytes(US_ASCII);
                }
                call(redis.commands()).rpush(key, shares).toCompletableFuture().join();
            }
        });
    }

    @Override
    public long redisCalls() {
        return calls.sum();
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

    private RedisClusterAsyncCommands<byte[], byte[]> call(RedisClusterAsyncCommands<byte[], byte[]> commands) {
        calls.increment();
        return commands;
    }

    private static byte[] key(String packetId, String part) {
        return ("sync-lua:{" + packetId + "}:" + part).getBytes(US_ASCII);
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
            byte[][] keys = {key(grab.packetId(), "winners"), key(grab.packetId(), "shares")};
            byte[] reply = call(redis.commands())
                    .<byte[]>evalsha(
                            script,
                            ScriptOutputType.VALUE,
                            keys,
                            grab.userId().getBytes(US_ASCII),
                            grab.grabId().getBytes(US_ASCII))
                    .toCompletableFuture()
                    .join();
            long offset = context.recordMetadata().orElseThrow().offset();
            AwardResult result = result(grab, reply, record.timestamp(), offset);
            context.forward(new Record<>(record.key(), result, record.timestamp()));
        }

        private static AwardResult result(Grab grab, byte[] reply, long grabbedAtMillis, long offset) {
            Outcome outcome = Outcome.SOLD_OUT;
            Share share = null;
            boolean repeat = false;
            if (reply != null) {
                String[] words = new String(reply, US_ASCII).split(" ", 4);
                boolean sameGrab = words[1].equals(grab.grabId());
                outcome = sameGrab ? Outcome.AWARDED : Outcome.ALREADY_GRABBED;
                share = new Share(Integer.parseInt(words[2]), Long.parseLong(words[3]));
                repeat = sameGrab && words[0].equals("held");
            }
            return new AwardResult(
                    grab.packetId(),
                    grab.grabId(),
                    grab.userId(),
                    null,
                    outcome,
                    share,
                    repeat,
                    grabbedAtMillis,
                    offset);
        }
    }
}
