package redpacket.topology.watch;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeProducersResult.PartitionProducerState;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.common.TopicPartition;

/**
 * A transaction that is open on a partition: consumers that read committed records see nothing from its first record
 * on.
 *
 * @param startOffset of its first record on the partition
 * @param producer as the broker of the partition knows it
 * @param coordinated as its coordinator knows it. Empty if no coordinator knows of it: then it hangs, and only an
 *     operator can end it. Also empty without the right to describe it
 */
record OpenTransaction(
        TopicPartition partition, long startOffset, ProducerState producer, Optional<Coordinated> coordinated) {

    /** A transaction as its coordinator knows it. */
    record Coordinated(String transactionalId, TransactionDescription description) {}

    /** The oldest open transaction of each partition that has one. */
    static Map<TopicPartition, OpenTransaction> oldest(Admin admin, Collection<TopicPartition> partitions)
            throws ExecutionException, InterruptedException {
        Map<TopicPartition, OpenTransaction> oldest = new HashMap<>();
        if (partitions.isEmpty()) {
            return oldest;
        }
        Map<TopicPartition, PartitionProducerState> producers =
                admin.describeProducers(partitions).all().get();
        producers.forEach((partition, state) -> state.activeProducers().stream()
                .filter(producer -> producer.currentTransactionStartOffset().isPresent())
                .min((a, b) -> Long.compare(start(a), start(b)))
                .ifPresent(producer -> oldest.put(
                        partition, new OpenTransaction(partition, start(producer), producer, Optional.empty()))));
        for (Map.Entry<TopicPartition, OpenTransaction> each : oldest.entrySet()) {
            each.setValue(each.getValue().withCoordinated(admin));
        }
        return oldest;
    }

    private static long start(ProducerState producer) {
        return producer.currentTransactionStartOffset().orElseThrow();
    }

    private OpenTransaction withCoordinated(Admin admin) throws ExecutionException, InterruptedException {
        Collection<TransactionListing> listed = admin.listTransactions(
                        new ListTransactionsOptions().filterProducerIds(Set.of(producer.producerId())))
                .all()
                .get();
        for (TransactionListing each : listed) {
            TransactionDescription description = admin.describeTransactions(List.of(each.transactionalId()))
                    .description(each.transactionalId())
                    .get();
            if (description.topicPartitions().contains(partition)) {
                Coordinated known = new Coordinated(each.transactionalId(), description);
                return new OpenTransaction(partition, startOffset, producer, Optional.of(known));
            }
        }
        return this;
    }

    /** Ends it, whatever its producer and its coordinator do. Part of every Kafka distribution since 3.0. */
    String commandThatEndsIt(String bootstrapServers) {
        return "kafka-transactions.sh --bootstrap-server %s abort --topic %s --partition %d --start-offset %d"
                .formatted(bootstrapServers, partition.topic(), partition.partition(), startOffset);
    }

    @Override
    public String toString() {
        String who = "producer %d (epoch %d) has a transaction open on %s from offset %d on"
                .formatted(producer.producerId(), producer.producerEpoch(), partition, startOffset);
        return who + coordinated.map(OpenTransaction::words).orElse(", and no coordinator is known to end it");
    }

    private static String words(Coordinated known) {
        TransactionDescription transaction = known.description();
        String since = transaction.transactionStartTimeMs().isPresent()
                ? " since "
                        + Instant.ofEpochMilli(
                                transaction.transactionStartTimeMs().getAsLong())
                : "";
        return ", with the transactional id %s%s, for at most %d s (%s)"
                .formatted(
                        known.transactionalId(),
                        since,
                        Duration.ofMillis(transaction.transactionTimeoutMs()).toSeconds(),
                        transaction.state());
    }
}
