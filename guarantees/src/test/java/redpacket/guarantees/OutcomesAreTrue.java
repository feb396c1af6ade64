package redpacket.guarantees;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import redpacket.audit.Violation.Kind;
import redpacket.events.AwardResult;
import redpacket.events.Outcome;
import redpacket.events.PacketEvent;

/** What a user or sender is told is what the rules say: neither too late, nor sold out or expired too early. */
final class OutcomesAreTrue extends Guarantee {
    OutcomesAreTrue() {
        super(
                Kind.AWARDED_TOO_LATE,
                Kind.SOLD_OUT_TOO_EARLY,
                Kind.EXPIRED_TOO_EARLY,
                Kind.UNKNOWN_THOUGH_OPENED,
                Kind.WRONG_OUTCOME,
                Kind.WRONG_OPENING,
                Kind.OPENED_TWICE,
                Kind.WRONG_REJECTION,
                Kind.WRONG_ACCEPTANCE);
    }

    @Override
    void assertKept(CommittedRecords history) {
        Map<String, Long> deadlines = new HashMap<>();
        history.packetEvents(PacketEvent.Opened.class)
                .forEach(opened -> deadlines.put(opened.packetId(), opened.deadlineMillis()));
        for (CommittedRecords.Award award : history.awards()) {
            AwardResult result = award.result();
            if (result.movesMoney()) {
                assertThat(result.grabbedAtMillis()).isLessThan(deadlines.get(result.packetId()));
            } else if (result.outcome() == Outcome.EXPIRED) {
                assertThat(result.grabbedAtMillis()).isGreaterThanOrEqualTo(deadlines.get(result.packetId()));
            }
        }
    }
}
