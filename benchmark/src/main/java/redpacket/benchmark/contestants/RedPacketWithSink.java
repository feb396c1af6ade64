package redpacket.benchmark.contestants;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toMap;

import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.streams.Topology;
import redpacket.audit.SinkStores;
import redpacket.benchmark.ground.Ground;
import redpacket.benchmark.ground.Instances;
import redpacket.benchmark.load.Workload;
import redpacket.benchmark.load.WrongAnswersException;
import redpacket.clients.KafkaAddress;
import redpacket.clients.RedisAddress;
import redpacket.clients.RedisConnection;
import redpacket.events.Topic;
import redpacket.sink.readmodel.ReadModel;
import redpacket.sink.readmodel.Retention;

/**
 * The contestant {@code with-sink}: this project with the read model beside it, in one Redis. The audit compares both.
 */
final class RedPacketWithSink implements StreamsContestant.Entrant {
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    /** Short compared with the measured time, and too rare to load Redis. */
    private static final Duration PAUSE = Duration.ofMillis(10);

    private static final byte[] PROGRESS = "redpacket:view".getBytes(UTF_8);

    private final RedPacketPipeline topology;
    private final Workload workload;
    private final KafkaAddress kafka;
    private final RedisAddress redisAddress;
    private final RedisConnection redis;
    private final ReadModel readModel;

    RedPacketWithSink(Workload workload, Ground ground) {
        this.workload = workload;
        this.kafka = ground.kafka();
        this.redisAddress = ground.redis();
        this.topology = new RedPacketPipeline(workload, ground);
        this.redis = RedisConnection.open(redisAddress);
        this.readModel = ReadModel.start(kafka, redis, "redpacket-bench-sink", Retention.DEFAULT);
    }

    @Override
    public Topology topology(Properties settings) {
        return topology.topology(settings);
    }

    @Override
    public void open(Instances running) {
        topology.open(running);
        awaitFollower();
    }

    @Override
    public void awaitFollower() {
        Map<String, Long> ends = ends();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!isAt(ends)) {
            if (System.nanoTime() > deadline || !readModel.status().running()) {
                throw new WrongAnswersException("The read model did not reach the last answer: " + readModel.status());
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    /** The ends of the other topics move meanwhile: they get statistics once a second. */
    private Map<String, Long> ends() {
        Map<TopicPartition, OffsetSpec> partitions = Stream.of(Topic.AWARDS, Topic.PACKETS)
                .flatMap(topic -> IntStream.range(0, workload.partitions())
                        .mapToObj(partition -> new TopicPartition(topic.topicName(), partition)))
                .collect(toMap(partition -> partition, partition -> OffsetSpec.latest()));
        try (Admin admin = Admin.create(kafka.clientSettings())) {
            Map<TopicPartition, ListOffsetsResultInfo> ends =
                    admin.listOffsets(partitions).all().get();
            return ends.entrySet().stream().collect(toMap(end -> "at:" + end.getKey(), end -> end.getValue()
                    .offset()));
        } catch (ExecutionException e) {
            throw new KafkaException(e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    /** Retries if Redis answers late. */
    private boolean isAt(Map<String, Long> ends) {
        Map<String, Long> positions = redis
                .commands()
                .hgetall(PROGRESS)
                .toCompletableFuture()
                .exceptionally(late -> Map.of())
                .join()
                .entrySet()
                .stream()
                .map(field -> Map.entry(new String(field.getKey(), UTF_8), new String(field.getValue(), UTF_8)))
                .filter(field -> ends.containsKey(field.getKey()))
                .collect(toMap(Map.Entry::getKey, field -> Long.valueOf(field.getValue())));
        return ends.entrySet().stream().allMatch(end -> positions.getOrDefault(end.getKey(), -1L) >= end.getValue());
    }

    @Override
    public long redisCalls() {
        return topology.redisCalls();
    }

    @Override
    public long expectedAwards() {
        return topology.expectedAwards();
    }

    @Override
    public void check() {
        topology.check(SinkStores.readModel(redisAddress));
    }

    @Override
    public void close() {
        readModel.close();
        redis.close();
        topology.close();
    }
}
