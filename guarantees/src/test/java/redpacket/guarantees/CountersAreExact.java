package redpacket.guarantees;

import redpacket.audit.Violation.Kind;

/** The statistics are what a recount of the results gives; the audit recounts. */
final class CountersAreExact extends Guarantee {
    CountersAreExact() {
        super(Kind.WRONG_COUNT, Kind.STALE_REVISION, Kind.WINDOW_REOPENED);
    }

    @Override
    void assertKept(CommittedRecords history) {
        // The recount is the check.
    }
}
