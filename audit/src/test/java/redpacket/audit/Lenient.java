package redpacket.audit;

/** Audit options that only tests vary. The command line sets them one by one. */
final class Lenient {
    private Lenient() {}

    /** Records without a result are counted, and are no violation. */
    static AuditOptions allowingOpen(AuditOptions options) {
        return new AuditOptions(
                options.patience(),
                false,
                options.partial(),
                options.closingSlack(),
                options.retention(),
                options.secret(),
                options.examplesPerKind(),
                options.progress());
    }

    /** Audits the records that retention has left. */
    static AuditOptions allowingPartial(AuditOptions options) {
        return new AuditOptions(
                options.patience(),
                options.complete(),
                true,
                options.closingSlack(),
                options.retention(),
                options.secret(),
                options.examplesPerKind(),
                options.progress());
    }

    static AuditOptions withExamplesPerKind(AuditOptions options, int examples) {
        return new AuditOptions(
                options.patience(),
                options.complete(),
                options.partial(),
                options.closingSlack(),
                options.retention(),
                options.secret(),
                examples,
                options.progress());
    }
}
