package redpacket.guarantees;

import redpacket.audit.Violation.Kind;

/** Read model and ledger say what the topics say, to the last cent; the audit derives both from the topics once more. */
final class SinkAgrees extends Guarantee {
    SinkAgrees() {
        super(
                Kind.MISSING_IN_LEDGER,
                Kind.DIFFERENT_IN_LEDGER,
                Kind.ONLY_IN_LEDGER,
                Kind.MISSING_IN_READ_MODEL,
                Kind.DIFFERENT_IN_READ_MODEL,
                Kind.ONLY_IN_READ_MODEL);
    }

    @Override
    void assertKept(CommittedRecords history) {
        // To derive them is the check.
    }
}
