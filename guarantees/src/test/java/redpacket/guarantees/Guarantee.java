package redpacket.guarantees;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import redpacket.audit.Report;
import redpacket.audit.Violation;

/** Something that is promised whatever fails. */
abstract class Guarantee {
    private final Set<Violation.Kind> broken;

    /**
     * @param broken the violations by which the audit says that this is not kept
     */
    Guarantee(Violation.Kind... broken) {
        this.broken = Set.of(broken);
    }

    Set<Violation.Kind> broken() {
        return broken;
    }

    /** The audit's word, and a plainer check beside it. */
    final void assertKept(Report report, CommittedRecords history) {
        assertThat(report.violations())
                .as("violations against %s", getClass().getSimpleName())
                .filteredOn(violation -> broken.contains(violation.kind()))
                .isEmpty();
        assertKept(history);
    }

    abstract void assertKept(CommittedRecords history);
}
