package redpacket.topology.winners;

import java.util.List;
import redpacket.topology.packet.Tally;
import redpacket.topology.packet.Winner;

/**
 * The winners of one live packet: their tally, the index of their ids, and those that are in no run of the store yet.
 */
public final class Winners {
    /** This many winners have room from the start. */
    private static final int FEW = 16;

    /** An estimate: this object, the tally with the id of the luckiest user, and the array of the packet id. */
    private static final int OWN_BYTES = 200;

    private final WinnerStore store;
    private final byte[] packetId;
    private final int expected;
    private final Tally tally = new Tally();
    private final UserIndex index;

    /** Null as long as no winner was added. */
    private OpenRun open;

    /**
     * Without winners. {@link WinnerStore#readInto} adds those of before.
     *
     * @param most winners that the packet can have
     */
    public Winners(WinnerStore store, byte[] packetId, int most) {
        this.store = store;
        this.packetId = packetId;
        this.expected = Math.min(most, FEW);
        this.index = new UserIndex(expected);
    }

    public Tally tally() {
        return tally;
    }

    /** The share that a user holds; null if there is none, which is known without a look into the store. */
    public Winner find(String userId) {
        for (int shareIndex : index.sharesOf(store.hashOf(userId))) {
            Winner winner = atIndex(shareIndex);
            if (winner.userId().equals(userId)) {
                return winner;
            }
        }
        return null;
    }

    /** Adds the winner of the next share. */
    public void add(Winner winner) {
        count(winner);
        if (open == null || open.isWritten()) {
            open = new OpenRun(packetId, winner.share().index(), tally);
        }
        open.add(winner, expected);
        if (open.isFull()) {
            write();
        } else if (open.unjournaled() == 1) {
            store.changed(open);
        }
    }

    /** Writes a run of the winners that are in none. The owner calls this before it drops this object. */
    public void write() {
        if (open != null) {
            store.write(open);
        }
    }

    /** An estimate of the bytes that this object takes, without the store. Grows with the winners. */
    public int weight() {
        return OWN_BYTES + index.weight() + (open == null ? 0 : open.weight());
    }

    /** Adds winners that a run of the store holds. */
    void addWritten(List<Winner> run) {
        run.forEach(this::count);
    }

    /** Adds the winner of the next share to a tally. */
    static void count(Winner winner, Tally tally) {
        if (winner.share().index() != tally.awardedShares()) {
            throw new IllegalStateException("The store has lost winners: share "
                    + winner.share().index() + " follows " + tally.awardedShares() + " shares");
        }
        tally.add(winner);
    }

    private void count(Winner winner) {
        count(winner, tally);
        index.add(store.hashOf(winner.userId()), winner.share().index());
    }

    private Winner atIndex(int shareIndex) {
        return open != null && open.holds(shareIndex) ? open.winner(shareIndex) : store.winner(packetId, shareIndex);
    }
}
