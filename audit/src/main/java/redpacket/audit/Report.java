package redpacket.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import redpacket.events.Outcome;

/**
 * The result of an audit.
 *
 * @param recordsRead by topic
 * @param seedChecked awards that were compared with the share that their packet's seed fixed; awards of an open packet
 *     are compared only with the secret
 * @param unanswered commands and grabs without a result
 * @param ledger null when the audit was not asked to compare it
 * @param readModel null when the audit was not asked to compare it
 * @param violationsByKind number of violations of each kind; empty without violations
 * @param violations the first of each kind
 * @param coveredFromMillis earlier records are no longer in the topics and were not audited; 0 when everything was
 *     audited
 * @param tookMillis duration of the audit
 */
public record Report(
        Map<String, Long> recordsRead,
        Packets packets,
        Grabs grabs,
        Cents cents,
        LuckiestOfAll luckiest,
        long seedChecked,
        Statistics statistics,
        Ledger ledger,
        ReadModel readModel,
        long unanswered,
        long deadLetters,
        Map<Violation.Kind, Long> violationsByKind,
        List<Violation> violations,
        long coveredFromMillis,
        long tookMillis) {

    /**
     * Packets by status.
     *
     * @param opened all that were opened, each once
     * @param open opened and not closed
     * @param rejected commands that were rejected
     */
    public record Packets(long opened, long soldOut, long expired, long open, long rejected) {}

    /**
     * Grabs by outcome.
     *
     * @param readable records on {@code redpacket.grabs} that are grabs
     * @param repeats among the outcomes {@code AWARDED}, those that repeat an earlier award
     * @param answeredAgain further answers to grabs and commands that repeat the first answer and move no money. They
     *     are harmless, and happen when committed offsets were lost
     */
    public record Grabs(
            long readable, long unreadable, Map<Outcome, Long> outcomes, long repeats, long answeredAgain) {}

    /**
     * Where the money is: {@code funded = awarded + refunded + left}.
     *
     * @param left in packets that are still open
     * @param awardedAgain awarded in addition, by answers to grabs that were answered before or do not exist
     * @param refundedAgain refunded in addition, by packets that were closed before
     */
    public record Cents(long funded, long awarded, long refunded, long left, long awardedAgain, long refundedAgain) {}

    /** The largest share of any packet; on a tie the first in the order of the audit. */
    public record LuckiestOfAll(String packetId, String userId, long cents) {}

    /**
     * Whether the published counters were compared with a recount.
     *
     * @param windows number of windows compared, over all scopes
     * @param note what was done, or why nothing was compared; a sentence
     */
    public record Statistics(long windows, String note) {}

    /**
     * How the ledger was compared with the topics.
     *
     * @param rows of the ledger that were compared
     * @param lag records that the ledger has not read; they were not compared
     * @param uncovered rows that could not be compared, because retention removed their records
     */
    public record Ledger(long rows, long lag, long uncovered) {}

    /**
     * How the read model in Redis was compared with the topics.
     *
     * @param packets compared, with all of their winners
     * @param awards compared, each under its packet and under its user
     * @param windows compared, over all scopes
     * @param lag records that the read model has not processed; if not 0, nothing was compared
     * @param note what was done, or why nothing was compared; a sentence
     */
    public record ReadModel(long packets, long awards, long windows, long lag, String note) {
        public boolean isCompared() {
            return lag == 0 && packets + windows > 0;
        }
    }

    /** Whether no violation was found. {@link #notJudged} lists what was not checked. */
    public boolean isGood() {
        return violationsByKind.isEmpty();
    }

    /** Whether the topics have no record by which a promise could be broken. */
    public boolean isEmpty() {
        return packets.opened() == 0 && packets.rejected() == 0 && grabs.readable() == 0 && deadLetters == 0;
    }

    /** Whether everything that the audit was asked to compare was compared, at least in part. */
    public boolean isJudged() {
        boolean ledgerJudged = ledger == null || ledger.rows() > 0 || ledger.lag() == 0;
        return !isEmpty() && ledgerJudged && (readModel == null || readModel.isCompared());
    }

    /** What was not checked, one sentence each; empty when everything was. */
    public List<String> notJudged() {
        List<String> missing = new ArrayList<>();
        if (isEmpty()) {
            missing.add("The topics hold no packet, no grab and no dead letter.");
        }
        if (unanswered > 0) {
            missing.add("Without a result so far: " + unanswered + " commands and grabs.");
        }
        if (statistics.windows() == 0) {
            missing.add("Statistics: " + statistics.note());
        }
        if (ledger != null && ledger.lag() > 0) {
            missing.add("Ledger: it has not read " + ledger.lag() + " records.");
        }
        if (ledger != null && ledger.uncovered() > 0) {
            missing.add("Ledger: " + ledger.uncovered() + " rows are older than the topics.");
        }
        if (readModel != null && !readModel.isCompared()) {
            missing.add("Read model: " + readModel.note());
        }
        return missing;
    }

    /** Whether statistics and read model were compared up to the last record, and agree with the topics. */
    public boolean readModelAgrees() {
        return isGood()
                && !isEmpty()
                && unanswered == 0
                && statistics.windows() > 0
                && readModel != null
                && readModel.isCompared()
                && readModel.packets() > 0
                && readModel.windows() > 0;
    }

    /** Whether the ledger was compared too, and all agree. */
    public boolean allAgree() {
        return readModelAgrees() && ledger != null && ledger.rows() > 0 && ledger.lag() == 0 && ledger.uncovered() == 0;
    }

    public long violationCount() {
        return violationsByKind.values().stream().mapToLong(Long::longValue).sum();
    }
}
