package redpacket.topology.takeover;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaClientSupplier;
import redpacket.topology.inputs.FollowedConsumer;

/**
 * The Kafka clients of the application. Its main consumers leave the consumer group whenever they are closed: at
 * shutdown, and when a stream thread fails and is replaced. The group then assigns their partitions at once.
 *
 * <p>Kafka Streams itself lets its consumers stay in the group, so that a quick restart moves no stores. Meanwhile the
 * partitions stand still, until the process is back or the session has timed out. Our stores are small, so moving a
 * partition costs less than waiting.
 */
public final class LeavingClients implements KafkaClientSupplier {
    private static final ByteArrayDeserializer READ = new ByteArrayDeserializer();
    private static final ByteArraySerializer WRITE = new ByteArraySerializer();

    /** How Kafka Streams makes the id of a main consumer from the name of its stream thread. */
    private static final String CONSUMER_OF_THREAD = "-consumer";

    private final ConcurrentMap<String, Consumer<byte[], byte[]>> mainConsumers = new ConcurrentHashMap<>();

    private final class LeavingConsumer extends FollowedConsumer {
        private final String clientId;

        LeavingConsumer(Map<String, Object> settings) {
            super(settings);
            clientId = settings.get(ConsumerConfig.CLIENT_ID_CONFIG).toString();
            mainConsumers.put(clientId, this);
        }

        @Override
        public void close(CloseOptions options) {
            mainConsumers.remove(clientId, this);
            super.close(options.withGroupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP));
        }
    }

    @Override
    public Consumer<byte[], byte[]> getConsumer(Map<String, Object> settings) {
        return new LeavingConsumer(settings);
    }

    /** The main consumer of the calling stream thread. */
    public Consumer<byte[], byte[]> mainConsumer() {
        return mainConsumers.get(Thread.currentThread().getName() + CONSUMER_OF_THREAD);
    }

    @Override
    public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> settings) {
        return new KafkaConsumer<>(settings, READ, READ);
    }

    @Override
    public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> settings) {
        throw new UnsupportedOperationException("The topology has no global store");
    }

    @Override
    public Producer<byte[], byte[]> getProducer(Map<String, Object> settings) {
        return new KafkaProducer<>(settings, WRITE, WRITE);
    }

    @Override
    public Admin getAdmin(Map<String, Object> settings) {
        return Admin.create(settings);
    }
}
