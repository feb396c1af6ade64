package redpacket.parts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class LocalKafkaIT {
    private static LocalKafka kafka;

    @BeforeAll
    static void start() {
        kafka = LocalKafka.start();
    }

    @AfterAll
    static void close() {
        kafka.close();
    }

    @Test
    void shouldShowCommittedRecordsOnlyWhenAnotherTransactionAborts() throws Exception {
        createTopic(kafka, "transactions");

        try (var producer = transactionalProducer(kafka)) {
            producer.beginTransaction();
            send(producer, "transactions", "aborted");
            producer.abortTransaction();
            commit(producer, "transactions", "committed");
        }

        assertThat(readCommitted(kafka, "transactions", 1)).containsExactly("committed");
    }

    @Test
    void shouldKeepDataAndPortWhenRestarted() throws Exception {
        createTopic(kafka, "restarts");
        String before = kafka.bootstrapServers();
        try (var producer = transactionalProducer(kafka)) {
            commit(producer, "restarts", "before");
            kafka.stop();
            kafka.restart();
            commit(producer, "restarts", "after");
        }

        assertThat(kafka.bootstrapServers()).isEqualTo(before);
        assertThat(readCommitted(kafka, "restarts", 2)).containsExactly("before", "after");
    }

    @Test
    void shouldServeBothWhenAnotherBrokerRunsInThisJvm() throws Exception {
        createTopic(kafka, "first");
        try (LocalKafka second = LocalKafka.start();
                Admin admin = Admin.create(second.address().clientSettings())) {
            createTopic(second, "second");

            assertThat(admin.listTopics().names().get(30, TimeUnit.SECONDS)).containsExactly("second");
        }
        try (Admin admin = Admin.create(kafka.address().clientSettings())) {
            assertThat(admin.listTopics().names().get(30, TimeUnit.SECONDS))
                    .contains("first")
                    .doesNotContain("second");
        }
    }

    @Test
    void shouldLeaveNeitherFolderNorListenerWhenClosed() {
        LocalKafka closed = LocalKafka.start();
        assertThat(closed.folder()).isNotEmptyDirectory();

        closed.close();
        closed.close();

        assertThat(closed.folder()).doesNotExist();
        assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), closed.port()).close())
                .isInstanceOf(ConnectException.class);
    }

    private static void createTopic(LocalKafka kafka, String topic) throws Exception {
        try (Admin admin = Admin.create(kafka.address().clientSettings())) {
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get(30, TimeUnit.SECONDS);
        }
    }

    private static KafkaProducer<String, String> transactionalProducer(LocalKafka kafka) {
        Map<String, Object> settings = kafka.address().clientSettings();
        settings.put("transactional.id", "test");
        var producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
        producer.initTransactions();
        return producer;
    }

    private static void commit(KafkaProducer<String, String> producer, String topic, String value) throws Exception {
        producer.beginTransaction();
        send(producer, topic, value);
        producer.commitTransaction();
    }

    private static void send(KafkaProducer<String, String> producer, String topic, String value) throws Exception {
        producer.send(new ProducerRecord<>(topic, value)).get(30, TimeUnit.SECONDS);
    }

    private static List<String> readCommitted(LocalKafka kafka, String topic, int count) {
        Map<String, Object> settings = kafka.address().clientSettings();
        settings.put("group.id", topic);
        settings.put("auto.offset.reset", "earliest");
        settings.put("isolation.level", "read_committed");
        List<String> values = new ArrayList<>();
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(topic));
            await().atMost(Duration.ofSeconds(30)).until(() -> {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> values.add(record.value()));
                return values.size() >= count;
            });
            consumer.poll(Duration.ofMillis(200)).forEach(record -> values.add(record.value()));
        }
        return values;
    }
}
