package redpacket.parts;

import java.util.Map;

/** Settings of a single Kafka broker that runs for minutes, embedded or in a container. */
final class BrokerSettings {
    static final Map<String, String> STANDING_ALONE = Map.ofEntries(
            // A single broker cannot hold more replicas.
            Map.entry("offsets.topic.replication.factor", "1"),
            Map.entry("transaction.state.log.replication.factor", "1"),
            Map.entry("transaction.state.log.min.isr", "1"),
            // Each of the default 50 costs seconds at the first commit.
            Map.entry("offsets.topic.num.partitions", "4"),
            Map.entry("transaction.state.log.num.partitions", "4"),
            // No other consumer is about to join.
            Map.entry("group.initial.rebalance.delay.ms", "0"),
            // A test of a killed instance need not wait for the default of 6 s.
            Map.entry("group.min.session.timeout.ms", "500"),
            // Look for expired transactions every second. The default is 10 s.
            Map.entry("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000"),
            // A producer's next transaction waits this long while the markers of the last one are written. The default
            // is 20 ms.
            Map.entry("add.partitions.to.txn.retry.backoff.ms", "1"),
            // A topic that is created on first use would have the wrong timestamps and partitions.
            Map.entry("auto.create.topics.enable", "false"),
            // The default of 128 MiB would take a quarter of a small heap.
            Map.entry("log.cleaner.dedupe.buffer.size", String.valueOf(4 << 20)));

    private BrokerSettings() {}
}
