package redpacket.topology.watch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeProducersResult.PartitionProducerState;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import redpacket.clients.KafkaAddress;

/** Everything that Kafka knows about a group that stands, as text, for the people who have to find out why. */
public final class Inquest {
    private final KafkaAddress kafka;
    private final String group;
    private final StringBuilder text = new StringBuilder();

    private Inquest(KafkaAddress kafka, String group) {
        this.kafka = kafka;
        this.group = group;
    }

    private interface Question {
        void ask(Admin admin) throws ExecutionException, InterruptedException;
    }

    /** Asks Kafka. What Kafka does not answer is said in the text too. */
    public static String of(KafkaAddress kafka, String group) throws InterruptedException {
        Inquest inquest = new Inquest(kafka, group);
        try (Admin admin = Watch.admin(kafka)) {
            inquest.part("Group " + group, admin, inquest::group);
            inquest.part("Committed offsets", admin, inquest::offsets);
            inquest.part("Transactions of the cluster", admin, inquest::transactions);
            inquest.part("Partitions, with the producers of each", admin, inquest::partitions);
        }
        return inquest.text.toString();
    }

    private void part(String title, Admin admin, Question question) throws InterruptedException {
        line("== " + title);
        try {
            question.ask(admin);
        } catch (ExecutionException e) {
            line("Kafka does not tell: " + e.getCause());
        }
        line("");
    }

    private void group(Admin admin) throws ExecutionException, InterruptedException {
        line(admin.describeConsumerGroups(List.of(group)).all().get().toString());
    }

    private void offsets(Admin admin) throws ExecutionException, InterruptedException {
        line(admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get()
                .toString());
        new Obstacles(admin, group, kafka.bootstrapServers(), Duration.ZERO)
                .find()
                .forEach(this::line);
    }

    private void transactions(Admin admin) throws ExecutionException, InterruptedException {
        for (var listed : admin.listTransactions().all().get()) {
            String id = listed.transactionalId();
            line(id + " "
                    + admin.describeTransactions(List.of(id)).description(id).get());
        }
    }

    private void partitions(Admin admin) throws ExecutionException, InterruptedException {
        List<TopicPartition> partitions = new ArrayList<>(Looks.inputs(admin));
        partitions.addAll(Obstacles.changelogs(admin, group));
        partitions.add(Obstacles.offsetsPartition(admin, group));
        Map<TopicPartition, Long> ends =
                Looks.offsets(admin, partitions, OffsetSpec.latest(), IsolationLevel.READ_UNCOMMITTED);
        Map<TopicPartition, Long> stableEnds =
                Looks.offsets(admin, partitions, OffsetSpec.latest(), IsolationLevel.READ_COMMITTED);
        Map<TopicPartition, PartitionProducerState> producers =
                admin.describeProducers(partitions).all().get();
        partitions.sort(Comparator.comparing(TopicPartition::toString));
        for (TopicPartition partition : partitions) {
            line("%s: end %d, stable end %d".formatted(partition, ends.get(partition), stableEnds.get(partition)));
            producers.get(partition).activeProducers().forEach(producer -> line("  " + producer));
        }
        OpenTransaction.oldest(admin, partitions)
                .values()
                .forEach(open -> line(open + ": " + open.commandThatEndsIt(kafka.bootstrapServers())));
    }

    private void line(String line) {
        text.append(line).append('\n');
    }
}
