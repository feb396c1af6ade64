package redpacket.guarantees;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import redpacket.audit.Violation.Kind;
import redpacket.events.AwardResult;
import redpacket.events.PacketEvent;

/** Every packet is closed once. Awarded and refunded cents then add up to the funded cents. */
final class MoneyBalances extends Guarantee {
    MoneyBalances() {
        super(
                Kind.OVERSPENT,
                Kind.UNBALANCED,
                Kind.NOT_CLOSED,
                Kind.CLOSED_TWICE,
                Kind.WRONG_CLOSING,
                Kind.WRONG_CANCELLING,
                Kind.WRONG_TALLY,
                Kind.WRONG_LUCKIEST);
    }

    @Override
    Map<String, Long> seen(Evidence evidence) {
        return Map.of(
                "packets sold out", evidence.report().packets().soldOut(),
                "packets expired", evidence.report().packets().expired(),
                "cents refunded", evidence.report().cents().refunded(),
                "packets closed",
                        (long) evidence.history()
                                .packetEvents(PacketEvent.Closed.class)
                                .size());
    }

    /** All packets must be closed. */
    @Override
    void check(Evidence evidence) {
        CommittedRecords history = evidence.history();
        Map<String, Long> left = new HashMap<>();
        history.packetEvents(PacketEvent.Opened.class)
                .forEach(opened -> left.put(opened.packetId(), opened.totalCents()));
        history.awards().stream()
                .map(CommittedRecords.Award::result)
                .filter(AwardResult::movesMoney)
                .forEach(award -> left.merge(award.packetId(), -award.share().cents(), Long::sum));
        history.packetEvents(PacketEvent.Expired.class)
                .forEach(expired -> left.merge(expired.packetId(), -expired.refundedCents(), Long::sum));
        assertThat(left).allSatisfy((packetId, cents) -> assertThat(cents)
                .as("cents neither awarded nor refunded of %s", packetId)
                .isZero());
        assertThat(history.packetEvents(PacketEvent.Closed.class))
                .extracting(PacketEvent::packetId)
                .as("closed packets")
                .containsExactlyInAnyOrderElementsOf(left.keySet());
    }
}
