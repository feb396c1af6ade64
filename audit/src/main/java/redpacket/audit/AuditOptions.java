package redpacket.audit;

import java.time.Duration;

/**
 * How strict the audit is, and how much it reports. Start from {@link #STRICT}.
 *
 * @param patience how long to wait for results without progress
 * @param complete whether a record without a result after that is a violation; otherwise it is only counted, for a
 *     pipeline that lags or is down
 * @param partial whether to audit the remaining records when retention removed the beginning of a topic
 * @param closingSlack how long after its deadline, by the time in the log, a packet must have its closing event
 * @param retention how long after its deadline a packet must still be known; at most the pipeline's retention
 * @param secret the secret of the seeds; null to check only seeds that are revealed
 * @param examplesPerKind number of violations of each kind to keep; all are counted
 * @param progress receives the progress of reading
 */
public record AuditOptions(
        Duration patience,
        boolean complete,
        boolean partial,
        Duration closingSlack,
        Duration retention,
        String secret,
        int examplesPerKind,
        Progress progress) {

    /** Receives the progress of reading. */
    public interface Progress {
        Progress UNSEEN = new Progress() {
            @Override
            public void expect(long records) {}

            @Override
            public void read(long records) {}
        };

        /**
         * Called once, before the first record.
         *
         * @param records approximate number of records to come: transaction markers count too
         */
        void expect(long records);

        /**
         * Called often.
         *
         * @param records number of records read since the last call
         */
        void read(long records);
    }

    /** For a pipeline that has answered everything. */
    public static final AuditOptions STRICT = new AuditOptions(
            Duration.ofSeconds(10), true, false, Duration.ofSeconds(60), Duration.ofDays(7), null, 10, Progress.UNSEEN);

    public AuditOptions withPatience(Duration newPatience) {
        return new AuditOptions(
                newPatience, complete, partial, closingSlack, retention, secret, examplesPerKind, progress);
    }

    public AuditOptions withClosingSlack(Duration newSlack) {
        return new AuditOptions(patience, complete, partial, newSlack, retention, secret, examplesPerKind, progress);
    }

    public AuditOptions withRetention(Duration newRetention) {
        return new AuditOptions(
                patience, complete, partial, closingSlack, newRetention, secret, examplesPerKind, progress);
    }

    public AuditOptions withSecret(String newSecret) {
        return new AuditOptions(
                patience, complete, partial, closingSlack, retention, newSecret, examplesPerKind, progress);
    }

    public AuditOptions withProgress(Progress newProgress) {
        return new AuditOptions(
                patience, complete, partial, closingSlack, retention, secret, examplesPerKind, newProgress);
    }

    /** Leaves out the secret. */
    @Override
    public String toString() {
        return "patience " + patience + ", complete " + complete + ", partial " + partial + ", closing slack "
                + closingSlack + ", retention " + retention;
    }
}
