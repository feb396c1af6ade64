package redpacket.guarantees;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import redpacket.audit.Violation;

class GuaranteeTest {
    @Test
    void shouldBelongToOneGuaranteeWhateverTheAuditFinds() {
        // The scenarios keep no ledger to compare with.
        Stream<Violation.Kind> kinds =
                Stream.of(Violation.Kind.values()).filter(kind -> !kind.name().endsWith("_IN_LEDGER"));
        assertThat(Guarantees.ALL.stream().flatMap(guarantee -> guarantee.broken().stream()))
                .containsExactlyInAnyOrderElementsOf(kinds.toList());
    }
}
