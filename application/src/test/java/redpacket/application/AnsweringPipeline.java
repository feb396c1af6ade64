package redpacket.application;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import redpacket.events.Topic;

/**
 * Answers the records of one topic as the test says, one transaction per batch, so that commands can be tested against
 * any answer. An aborted transaction precedes each committed one.
 */
final class AnsweringPipeline implements AutoCloseable {
    private final KafkaConsumer<byte[], byte[]> questions;
    private final KafkaProducer<byte[], byte[]> answers;
    private final Topic answerTopic;
    private final Function<ConsumerRecord<byte[], byte[]>, byte[]> rule;
    private final Thread thread = new Thread(this::run, "answering-pipeline");

    AnsweringPipeline(
            Map<String, Object> kafka,
            Topic questionTopic,
            Topic answerTopic,
            Function<ConsumerRecord<byte[], byte[]>, byte[]> rule) {
        this.answerTopic = answerTopic;
        this.rule = rule;
        this.questions = new KafkaConsumer<>(kafka, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        List<TopicPartition> partitions = questions.partitionsFor(questionTopic.topicName()).stream()
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList();
        questions.assign(partitions);
        questions.seekToEnd(partitions);
        partitions.forEach(questions::position);
        Map<String, Object> transactional = new HashMap<>(kafka);
        transactional.put("transactional.id", UUID.randomUUID().toString());
        this.answers = new KafkaProducer<>(transactional, new ByteArraySerializer(), new ByteArraySerializer());
        answers.initTransactions();
        thread.start();
    }

    private void run() {
        try (questions;
                answers) {
            while (true) {
                List<ProducerRecord<byte[], byte[]>> batch = new ArrayList<>();
                for (ConsumerRecord<byte[], byte[]> question : questions.poll(Duration.ofSeconds(1))) {
                    batch.add(new ProducerRecord<>(
                            answerTopic.topicName(), question.partition(), question.key(), rule.apply(question)));
                }
                if (!batch.isEmpty()) {
                    answers.beginTransaction();
                    batch.forEach(answer -> send(new ProducerRecord<>(
                            answer.topic(), answer.partition(), answer.key(), "aborted".getBytes(UTF_8))));
                    answers.flush();
                    answers.abortTransaction();
                    answers.beginTransaction();
                    batch.forEach(this::send);
                    answers.commitTransaction();
                }
            }
        } catch (WakeupException closed) {
            // The test is over.
        }
    }

    private void send(ProducerRecord<byte[], byte[]> answer) {
        var unused = answers.send(answer);
    }

    @Override
    public void close() {
        questions.wakeup();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
