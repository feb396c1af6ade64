package redpacket.guarantees;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import redpacket.audit.Violation;

/** A promise that holds through every fault. */
abstract class Guarantee {
    private final Set<Violation.Kind> broken;

    /**
     * @param broken the kinds of violation that break this promise
     */
    Guarantee(Violation.Kind... broken) {
        this.broken = Set.of(broken);
    }

    Set<Violation.Kind> broken() {
        return broken;
    }

    /**
     * Fails if the audit or the simpler check finds a violation. Also fails if the evidence lacks anything that could
     * break the promise, because it would prove nothing.
     */
    final void assertKept(Evidence evidence) {
        assertThat(evidence.report().violations())
                .as("violations against %s", this)
                .filteredOn(violation -> broken.contains(violation.kind()))
                .isEmpty();
        Map<String, Long> seen = seen(evidence);
        System.out.println(this + " judged " + seen);
        assertThat(seen).isNotEmpty().allSatisfy((what, count) -> assertThat(count)
                .as("%s has judged %s", this, what)
                .isPositive());
        check(evidence);
    }

    /** What was judged, and how much of it. It contains everything that the promise mentions. */
    abstract Map<String, Long> seen(Evidence evidence);

    /** A simpler check, which does not rely on the audit. */
    abstract void check(Evidence evidence);

    @Override
    public final String toString() {
        return getClass().getSimpleName();
    }
}
