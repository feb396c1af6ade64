package redpacket.ledger;

/**
 * How the ledger is doing.
 *
 * @param detail why it does not write, for people; empty while it does
 * @param awards rows of awards written since the start
 * @param lag records that are committed in Kafka and not yet in the ledger, as far as known
 */
public record LedgerHealth(State state, String detail, long awards, long lag) {

    /** What the ledger is doing. */
    public enum State {
        /** Signed in, and not at the first batch yet. */
        STARTING,
        WRITING,
        /** Another process writes; this one takes over when that stops. */
        STANDING_BY,
        /** PostgreSQL or Kafka is away; the ledger goes on by itself. */
        WAITING,
        CLOSED,
        /** Stopped for good: somebody must look at it. */
        FAILED
    }

    LedgerHealth in(State newState, String newDetail) {
        return new LedgerHealth(newState, newDetail, awards, lag);
    }

    LedgerHealth after(int moreAwards, long newLag) {
        return new LedgerHealth(state, detail, awards + moreAwards, newLag);
    }
}
