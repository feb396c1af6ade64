package redpacket.guarantees;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import redpacket.audit.Report;
import redpacket.audit.Violation.Kind;
import redpacket.events.AwardResult;
import redpacket.events.PacketEvent;

/** Read model and ledger agree with the topics, to the last record and cent. */
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
    Map<String, Long> seen(Evidence evidence) {
        Report.Ledger ledger = evidence.report().ledger();
        Report.ReadModel readModel = evidence.report().readModel();
        Map<String, Long> seen = new HashMap<>();
        seen.put("audited rows of the ledger", ledger == null ? 0 : ledger.rows());
        seen.put("audited packets of the read model", readModel == null ? 0 : readModel.packets());
        seen.put("audited awards of the read model", readModel == null ? 0 : readModel.awards());
        seen.put("audited windows of the read model", readModel == null ? 0 : readModel.windows());
        seen.put("awards of the ledger", evidence.sink().ledgerAwards());
        seen.put("awards of the read model", evidence.sink().readModelAwards());
        seen.put("cents refunded in the ledger", evidence.sink().refundedCents());
        return seen;
    }

    /** Everything was compared up to the last record. Also compares numbers and sums, which the audit does not. */
    @Override
    void check(Evidence evidence) {
        assertThat(evidence.report().allAgree())
                .as("all was compared: %s", evidence.report().notJudged())
                .isTrue();
        Map<String, Long> funded = new HashMap<>();
        evidence.history()
                .packetEvents(PacketEvent.Opened.class)
                .forEach(opened -> funded.put(opened.packetId(), opened.totalCents()));
        long refundedCents = evidence.history().packetEvents(PacketEvent.Expired.class).stream()
                .mapToLong(PacketEvent.Expired::refundedCents)
                .sum();
        List<Long> awardedCents = evidence.history().awards().stream()
                .map(CommittedRecords.Award::result)
                .filter(AwardResult::movesMoney)
                .map(award -> award.share().cents())
                .toList();
        long awards = awardedCents.size();
        long cents = awardedCents.stream().mapToLong(Long::longValue).sum();
        assertThat(evidence.sink())
                .isEqualTo(new SinkSums(
                        funded.values().stream().mapToLong(Long::longValue).sum(),
                        refundedCents,
                        awards,
                        cents,
                        awards,
                        cents));
    }
}
