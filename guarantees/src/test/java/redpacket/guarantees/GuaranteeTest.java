package redpacket.guarantees;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import redpacket.audit.Violation;

class GuaranteeTest {
    @Test
    void shouldBelongToOneGuaranteeWhateverTheAuditFinds() {
        assertThat(Guarantees.ALL.stream().flatMap(guarantee -> guarantee.broken().stream()))
                .containsExactlyInAnyOrder(Violation.Kind.values());
    }
}
