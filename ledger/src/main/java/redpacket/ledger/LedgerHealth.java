package redpacket.ledger;

/**
 * The state of the ledger.
 *
 * @param detail why the ledger does not write, for people; empty while it writes
 * @param awards rows of awards written since the start
 * @param lag records that are committed in Kafka and not yet in the ledger, as last known
 */
public record LedgerHealth(State state, String detail, long awards, long lag) {

    /** What the ledger does at the moment. */
    public enum State {
        /** Connected; no batch yet. */
        STARTING,
        WRITING,
        /** Another process writes. This one takes over when the other stops. */
        STANDING_BY,
        /** PostgreSQL or Kafka is unavailable. The ledger retries. */
        WAITING,
        CLOSED,
        /** Stopped for good: an operator must act. */
        FAILED
    }

    LedgerHealth in(State newState, String newDetail) {
        return new LedgerHealth(newState, newDetail, awards, lag);
    }

    LedgerHealth after(int moreAwards, long newLag) {
        return new LedgerHealth(state, detail, awards + moreAwards, newLag);
    }
}
