package redpacket.guarantees;

import java.time.Duration;
import redpacket.audit.Audit;
import redpacket.audit.AuditOptions;
import redpacket.audit.Report;
import redpacket.audit.SinkStores;
import redpacket.clients.KafkaAddress;
import redpacket.local.faults.BreakablePipeline;

/**
 * The evidence for judging a guarantee.
 *
 * @param report of the audit
 * @param history all records of the topics, for checks that do not rely on the audit
 * @param sink sums over the stores of a sink; {@link SinkSums#NONE} without a sink
 */
record Evidence(Report report, CommittedRecords history, SinkSums sink) {

    /**
     * Evidence from the topics.
     *
     * @param slack how long after its deadline a packet may have been closed, including the time of faults
     */
    static Evidence of(KafkaAddress kafka, String secret, Duration slack) {
        return new Evidence(audit(kafka, secret, slack, SinkStores.NONE), CommittedRecords.read(kafka), SinkSums.NONE);
    }

    /** Evidence from the topics, and from the stores of the sink if the pipeline has one. */
    static Evidence of(BreakablePipeline pipeline, String secret, Duration slack) {
        KafkaAddress kafka = pipeline.kafkaAddress();
        return new Evidence(
                audit(kafka, secret, slack, pipeline.sinkStores()),
                CommittedRecords.read(kafka),
                SinkSums.read(pipeline));
    }

    private static Report audit(KafkaAddress kafka, String secret, Duration slack, SinkStores stores) {
        return Audit.run(kafka, AuditOptions.STRICT.withSecret(secret).withClosingSlack(slack), stores);
    }
}
