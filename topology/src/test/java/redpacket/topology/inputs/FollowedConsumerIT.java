package redpacket.topology.inputs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import redpacket.parts.LocalServers;

class FollowedConsumerIT {
    private static final TopicPartition INPUT = new TopicPartition("followed-consumer", 0);
    private static final int RECORDS = 3_000;

    private final Map<String, Object> kafka = LocalServers.shared().kafka().clientSettings();

    /** Three megabytes wait. A fetch brings one, and no poll is full. Only the last poll drains the partition. */
    @Test
    @Timeout(60)
    void shouldSayThatOnlyTheLastPollOfABacklogDrainsIt() throws Exception {
        fill();
        DrainedInputs drained = new DrainedInputs();
        DrainedInputs.Input input = drained.input(INPUT);
        List<Boolean> drains = new ArrayList<>();
        int polled = 0;

        try (FollowedConsumer consumer = new FollowedConsumer(settings(drained))) {
            consumer.assign(List.of(INPUT));
            consumer.seekToBeginning(List.of(INPUT));
            while (polled < RECORDS) {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(100));
                polled += records.count();
                for (ConsumerRecord<byte[], byte[]> record : records) {
                    if (input.isDrainedBy(record.offset())) {
                        drains.add(record.offset() == RECORDS - 1);
                    }
                }
            }
        }

        assertThat(drains).containsExactly(true);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // flush() waits for all
    private void fill() throws Exception {
        try (Admin admin = Admin.create(kafka);
                KafkaProducer<byte[], byte[]> producer =
                        new KafkaProducer<>(kafka, new ByteArraySerializer(), new ByteArraySerializer())) {
            admin.createTopics(List.of(new NewTopic(INPUT.topic(), Optional.of(1), Optional.empty())))
                    .all()
                    .get();
            for (int i = 0; i < RECORDS; i++) {
                producer.send(new ProducerRecord<>(INPUT.topic(), 0, null, new byte[1024]));
            }
            producer.flush();
        }
    }

    private Map<String, Object> settings(DrainedInputs drained) {
        Properties streams = new Properties();
        drained.addTo(streams);
        Map<String, Object> settings = new HashMap<>(kafka);
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 2 * RECORDS);
        streams.forEach((name, value) ->
                settings.put(name.toString().substring(StreamsConfig.MAIN_CONSUMER_PREFIX.length()), value));
        return settings;
    }
}
