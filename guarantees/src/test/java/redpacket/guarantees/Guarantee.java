package redpacket.guarantees;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
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

    /**
     * Fails when the promise was broken, by the audit's word or by a plainer check; and when the evidence lacks anything by
     * which it could have been broken, since then it proves nothing.
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

    /** What was judged, and how much of it: everything that the promise speaks of. */
    abstract Map<String, Long> seen(Evidence evidence);

    /** A plainer check, which does not rely on the audit. */
    abstract void check(Evidence evidence);

    @Override
    public final String toString() {
        return getClass().getSimpleName();
    }
}
