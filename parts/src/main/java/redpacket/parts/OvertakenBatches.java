package redpacket.parts;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.slf4j.Marker;

/**
 * Drops one harmless ERROR that a broker logs when transactions follow each other fast. Passes everything else.
 *
 * <p>Every transaction (protocol version 2) starts at sequence number 0 in each partition. The broker adds a
 * partition to the transaction when the first batch arrives. While the previous transaction's markers are still
 * being written, the coordinator answers CONCURRENT_TRANSACTIONS; the broker asks again for 100 ms ({@code
 * add.partitions.to.txn.retry.backoff.max.ms}) and then returns that error to the producer. By then the producer
 * has sent the second batch. If the markers are written meanwhile, the second batch is added to the transaction,
 * but its sequence number is not 0: the broker rejects it with OutOfOrderSequenceException and logs that as an
 * ERROR. (Kafka 4.3.1: {@code ReplicaManager.handleProduceAppend}, {@code ProducerAppendInfo.checkSequence}.)
 *
 * <p>Nothing is lost. The broker has written neither batch, and the producer sends both again, in order, after
 * {@code retry.backoff.ms} ({@code TransactionManager.canRetry}). Any Kafka Streams application with exactly-once
 * sees it, on a broker that needs longer than 100 ms to end a transaction. If a batch is rejected for good, the
 * producer reports that itself.
 */
public final class OvertakenBatches extends TurboFilter {
    private static final String LOGGER = "kafka.server.ReplicaManager";
    private static final String REASON =
            "Expected sequence 0 for transactions v2 idempotent producer with no existing state.";

    @Override
    public FilterReply decide(
            Marker marker, Logger logger, Level level, String format, Object[] arguments, Throwable cause) {
        boolean overtaken = cause instanceof OutOfOrderSequenceException
                && cause.getMessage().endsWith(REASON)
                && logger.getName().equals(LOGGER);
        return overtaken ? FilterReply.DENY : FilterReply.NEUTRAL;
    }
}
