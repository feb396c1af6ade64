package redpacket.parts;

import java.util.Map;

/** What a Kafka broker that stands alone and lives for minutes needs to be told, embedded or in a container. */
final class BrokerSettings {
    static final Map<String, String> STANDING_ALONE = Map.ofEntries(
            // There is one broker to hold replicas.
            Map.entry("offsets.topic.replication.factor", "1"),
            Map.entry("transaction.state.log.replication.factor", "1"),
            Map.entry("transaction.state.log.min.isr", "1"),
            // The default of 50 each costs seconds at the first commit.
            Map.entry("offsets.topic.num.partitions", "4"),
            Map.entry("transaction.state.log.num.partitions", "4"),
            // No one else is about to join.
            Map.entry("group.initial.rebalance.delay.ms", "0"),
            // So that a test of a killed instance need not wait for the usual 6 s.
            Map.entry("group.min.session.timeout.ms", "500"),
            // Look every second, not every ten, for transactions that outlived their timeout.
            Map.entry("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000"),
            // While the markers of a producer's last transaction are written its next one waits this long; by default
            // 20 ms.
            Map.entry("add.partitions.to.txn.retry.backoff.ms", "1"),
            // A topic that nobody laid out would have the wrong timestamps and partitions.
            Map.entry("auto.create.topics.enable", "false"),
            // The default of 128 MiB would take a quarter of a small JVM's heap.
            Map.entry("log.cleaner.dedupe.buffer.size", String.valueOf(4 << 20)));

    private BrokerSettings() {}
}
