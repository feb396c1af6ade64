package redpacket.guarantees;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import redpacket.audit.Violation.Kind;
import redpacket.events.AwardResult;
import redpacket.events.PacketEvent;

/** When a packet is closed, awarded and refunded cents are what was funded; and every packet is closed, once. */
final class MoneyBalances extends Guarantee {
    MoneyBalances() {
        super(
                Kind.OVERSPENT,
                Kind.UNBALANCED,
                Kind.NOT_CLOSED,
                Kind.CLOSED_TWICE,
                Kind.WRONG_CLOSING,
                Kind.WRONG_TALLY,
                Kind.WRONG_LUCKIEST);
    }

    @Override
    void assertKept(CommittedRecords history) {
        Map<String, Long> left = new HashMap<>();
        history.packetEvents(PacketEvent.Opened.class)
                .forEach(opened -> left.put(opened.packetId(), opened.totalCents()));
        history.awards().stream()
                .map(CommittedRecords.Award::result)
                .filter(AwardResult::movesMoney)
                .forEach(award -> left.merge(award.packetId(), -award.share().cents(), Long::sum));
        history.packetEvents(PacketEvent.Expired.class)
                .forEach(expired -> left.merge(expired.packetId(), -expired.refundedCents(), Long::sum));
        assertThat(left).allSatisfy((packetId, cents) -> assertThat(cents).isNotNegative());
        assertThat(history.packetEvents(PacketEvent.Closed.class))
                .extracting(PacketEvent::packetId)
                .doesNotHaveDuplicates()
                .allSatisfy(packetId -> assertThat(left).containsEntry(packetId, 0L));
    }
}
