package redpacket.guarantees;

import java.time.Duration;
import redpacket.audit.Audit;
import redpacket.audit.AuditOptions;
import redpacket.audit.Report;
import redpacket.audit.SinkStores;
import redpacket.clients.KafkaAddress;
import redpacket.local.faults.BreakablePipeline;

/**
 * What a guarantee is judged by.
 *
 * @param report the audit's word
 * @param history all that is on the topics, for checks that do not rely on the audit
 * @param sink what a sink keeps; {@link SinkSums#NONE} where there is none
 */
record Evidence(Report report, CommittedRecords history, SinkSums sink) {

    /**
     * Of everything on the topics.
     *
     * @param slack how long after its deadline a packet may have been closed, faults and all
     */
    static Evidence of(KafkaAddress kafka, String secret, Duration slack) {
        return new Evidence(audit(kafka, secret, slack, SinkStores.NONE), CommittedRecords.read(kafka), SinkSums.NONE);
    }

    /** The same, and of what the sink keeps, if the pipeline has one. */
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
