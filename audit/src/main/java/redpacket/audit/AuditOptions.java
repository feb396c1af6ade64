package redpacket.audit;

import java.time.Duration;

/**
 * How strict the audit is, and how much it tells. Begin with {@link #STRICT}.
 *
 * @param patience how long to wait for results when none come
 * @param complete whether what has no result by then is a violation; else it is only counted, as is right while the
 *     pipeline is behind or down
 * @param partial whether to audit what is left when retention removed the beginning of a topic
 * @param closingSlack how long after its deadline, by the time in the log, a packet must have its closing event
 * @param retention how long after its deadline a packet must still be known: as long as the pipeline keeps it, or shorter
 * @param secret of the seeds; null to check only what is revealed
 * @param examplesPerKind so many violations of each kind are kept; all are counted
 * @param progress is told how the reading gets on
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

    /** Watches the reading. */
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
         * @param records about as many as there will be: marks of transactions count too
         */
        void expect(long records);

        /**
         * Called often.
         *
         * @param records so many more than at the last call
         */
        void read(long records);
    }

    /** For a pipeline that has nothing left to do. */
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

    /** Without the secret. */
    @Override
    public String toString() {
        return "patience " + patience + ", complete " + complete + ", partial " + partial + ", closing slack "
                + closingSlack + ", retention " + retention;
    }
}
