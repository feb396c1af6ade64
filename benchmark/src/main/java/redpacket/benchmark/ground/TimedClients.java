package redpacket.benchmark.ground;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaClientSupplier;
import redpacket.events.Topic;
import redpacket.topology.inputs.FollowedConsumer;

/** The Kafka clients of a topology. They note when grabs were fetched, and when their answers were committed. */
public final class TimedClients implements KafkaClientSupplier {
    /** The latest poll of a stream thread that returned records. It decides all of them before it polls again. */
    private static final ThreadLocal<Poll> LATEST = ThreadLocal.withInitial(() -> new Poll(0, 0));

    private final ConcurrentMap<Position, Answer> answers = new ConcurrentHashMap<>();

    private record Poll(long calledNanos, long returnedNanos) {}

    private record Position(int partition, long offset) {}

    /** Times of one transaction, as {@link System#nanoTime}; 0 if not yet. */
    private static final class Commit {
        private volatile long startNanos;
        private volatile long flushedNanos;
        private volatile long committedNanos;
    }

    /** Times on the way to one answer. */
    public record Answer(Poll poll, long decidedNanos, Commit commit) {
        /** When the stream thread asked for the records among which the grab was. */
        public long askedNanos() {
            return poll.calledNanos;
        }

        public long fetchedNanos() {
            return poll.returnedNanos;
        }

        public long flushStartNanos() {
            return commit.startNanos;
        }

        public long flushedNanos() {
            return commit.flushedNanos;
        }

        /** The moment when the stream thread learned it. Readers may be earlier. */
        public long committedNanos() {
            return commit.committedNanos;
        }
    }

    /** The times of a committed answer, once. */
    public Answer take(int partition, long offset) {
        return answers.remove(new Position(partition, offset));
    }

    @Override
    public Admin getAdmin(Map<String, Object> settings) {
        return Admin.create(settings);
    }

    @Override
    public Producer<byte[], byte[]> getProducer(Map<String, Object> settings) {
        return new TimedProducer(settings);
    }

    @Override
    public Consumer<byte[], byte[]> getConsumer(Map<String, Object> settings) {
        return new TimedConsumer(settings);
    }

    @Override
    public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> settings) {
        return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @Override
    public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> settings) {
        return getRestoreConsumer(settings);
    }

    private static final class TimedConsumer extends FollowedConsumer {
        TimedConsumer(Map<String, Object> settings) {
            super(settings);
        }

        @Override
        public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
            long calledNanos = System.nanoTime();
            ConsumerRecords<byte[], byte[]> records = super.poll(timeout);
            if (!records.isEmpty()) {
                LATEST.set(new Poll(calledNanos, System.nanoTime()));
            }
            return records;
        }
    }

    private final class TimedProducer extends KafkaProducer<byte[], byte[]> {
        private Commit commit = new Commit();

        TimedProducer(Map<String, Object> settings) {
            super(settings, new ByteArraySerializer(), new ByteArraySerializer());
        }

        @Override
        public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record, Callback callback) {
            if (!record.topic().equals(Topic.AWARDS.topicName())) {
                return super.send(record, callback);
            }
            Answer answer = new Answer(LATEST.get(), System.nanoTime(), commit);
            return super.send(record, (metadata, failure) -> {
                if (failure == null) {
                    answers.put(new Position(metadata.partition(), metadata.offset()), answer);
                }
                callback.onCompletion(metadata, failure);
            });
        }

        /** A commit calls it for each task. */
        @Override
        public void flush() {
            if (commit.startNanos == 0) {
                commit.startNanos = System.nanoTime();
            }
            super.flush();
            commit.flushedNanos = System.nanoTime();
        }

        @Override
        public void commitTransaction() {
            super.commitTransaction();
            commit.committedNanos = System.nanoTime();
            commit = new Commit();
        }
    }
}
