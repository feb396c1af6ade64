package redpacket.benchmark.ground;

import io.lettuce.core.RedisConnectionException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaFuture;
import redpacket.application.CommandException;
import redpacket.clients.KafkaAddress;
import redpacket.clients.RedisAddress;
import redpacket.clients.RedisConnection;
import redpacket.clients.Topics;
import redpacket.events.Topic;

/**
 * A Kafka and a Redis that already run. They must not contain a pipeline's data, because each run deletes its own. They
 * are empty again after each run.
 */
public record GivenServers(KafkaAddress kafka, RedisAddress redis) {
    private static final short AS_THE_BROKERS_HAVE_IT = -1;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(100);

    /**
     * Creates the topics.
     *
     * @throws CommandException if topics or keys exist, or a server does not answer
     */
    Servers layOut(int partitions) {
        try (Admin admin = Admin.create(kafka.clientSettings());
                RedisConnection connection = RedisConnection.open(redis)) {
            connection.requireReachable(PATIENCE);
            List<String> ofOthers = ourTopics(admin);
            if (!ofOthers.isEmpty()) {
                throw CommandException.setup(
                        "Kafka at " + kafka + " has topics that a benchmark would delete: " + ofOthers
                                + ". Delete them, or use another Kafka.",
                        null);
            }
            long keys = answer(connection.commands().dbsize());
            if (keys > 0) {
                throw CommandException.setup(
                        "Redis at " + redis + " holds " + keys
                                + " keys, and a benchmark empties it. Use an empty Redis, or an empty database of it.",
                        null);
            }
            Topics.create(admin, partitions, AS_THE_BROKERS_HAVE_IT, Map.of());
        } catch (RedisConnectionException e) {
            throw CommandException.setup(e.getMessage() + ". Is it running, and is --redis right?", e);
        } catch (org.apache.kafka.common.errors.TimeoutException e) {
            throw CommandException.setup(
                    "Kafka at " + kafka + " does not answer. Is it running, and is --kafka right?", e);
        }
        return new Lent(this);
    }

    private void empty() {
        try (Admin admin = Admin.create(kafka.clientSettings());
                RedisConnection connection = RedisConnection.open(redis)) {
            answer(admin.deleteTopics(ourTopics(admin)).all());
            answer(connection.commands().flushdb());
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (!ourTopics(admin).isEmpty() && System.nanoTime() < deadline) {
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    private static List<String> ourTopics(Admin admin) {
        Set<String> all = answer(admin.listTopics().names());
        List<String> ours =
                List.of(Topic.values()).stream().map(Topic::topicName).toList();
        return all.stream()
                .filter(topic -> ours.contains(topic) || topic.startsWith(Ground.APPLICATION))
                .sorted()
                .toList();
    }

    private static <T> T answer(KafkaFuture<T> future) {
        return answer(future.toCompletionStage());
    }

    private static <T> T answer(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            throw new org.apache.kafka.common.errors.TimeoutException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while Kafka or Redis answers", e);
        }
    }

    private record Lent(GivenServers given) implements Servers {
        @Override
        public KafkaAddress kafka() {
            return given.kafka;
        }

        @Override
        public RedisAddress redis() {
            return given.redis;
        }

        @Override
        public int replicas() {
            return AS_THE_BROKERS_HAVE_IT;
        }

        @Override
        public void close() {
            given.empty();
        }
    }
}
