package redpacket.topology.state;

import java.util.List;
import redpacket.topology.packet.Tally;
import redpacket.topology.packet.Winner;

/**
 * The winners of one live packet: their tally, the index of their ids, and those that are in no run of the store yet.
 */
final class Winners {
    /** This many winners have room from the start. */
    private static final int FEW = 16;

    private final WinnerStore store;
    private final byte[] packetId;
    private final int expected;
    private final Tally tally = new Tally();
    private final UserIndex index;

    /** Null as long as no winner was added. */
    private OpenRun open;

    /**
     * @param most winners that the packet can have
     */
    Winners(WinnerStore store, byte[] packetId, int most) {
        this.store = store;
        this.packetId = packetId;
        this.expected = Math.min(most, FEW);
        this.index = new UserIndex(expected);
    }

    Tally tally() {
        return tally;
    }

    /** The share that a user holds; null if there is none, which is known without a look into the store. */
    Winner find(String userId) {
        for (int shareIndex : index.sharesOf(userId)) {
            Winner winner = atIndex(shareIndex);
            if (winner.userId().equals(userId)) {
                return winner;
            }
        }
        return null;
    }

    /** Adds the winner of the next share. */
    void add(Winner winner) {
        count(winner);
        if (open == null || open.isWritten()) {
            open = new OpenRun(packetId, winner.share().index());
        }
        open.add(winner, expected);
        if (open.isFull()) {
            write();
        } else if (open.unjournaled() == 1) {
            store.changed(open);
        }
    }

    /** Adds winners that a run of the store holds. */
    void addWritten(List<Winner> run) {
        run.forEach(this::count);
    }

    /** Adds the winners from the journal that were not added from a run. */
    void addMissing(List<Winner> journaled) {
        for (Winner winner : journaled) {
            if (winner.share().index() >= tally.awardedShares()) {
                add(winner);
            }
        }
    }

    /** Writes a run of the winners that are in none. The owner calls this before it drops this object. */
    void write() {
        if (open != null) {
            store.write(open);
        }
    }

    private void count(Winner winner) {
        if (winner.share().index() != tally.awardedShares()) {
            throw new IllegalStateException("The store has lost winners: share "
                    + winner.share().index() + " follows " + tally.awardedShares() + " shares");
        }
        tally.add(winner.userId(), winner.share());
        index.add(winner.userId(), winner.share().index());
    }

    private Winner atIndex(int shareIndex) {
        return open != null && open.holds(shareIndex) ? open.winner(shareIndex) : store.winner(packetId, shareIndex);
    }
}
