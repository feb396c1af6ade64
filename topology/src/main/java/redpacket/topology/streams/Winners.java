package redpacket.topology.streams;

import java.util.ArrayList;
import java.util.List;
import redpacket.topology.packet.Tally;
import redpacket.topology.packet.Winner;

/** Who has won how much of one packet: an index of what is in the store, and what is not written there yet. */
final class Winners {
    private final WinnerStore store;
    private final byte[] packetId;
    private final UserIndex shareIndexes = new UserIndex();
    private Tally tally = Tally.NONE;
    /** The last winners; null most of the time, as there are many packets. */
    private List<Winner> unwritten;

    Winners(WinnerStore store, byte[] packetId) {
        this.store = store;
        this.packetId = packetId;
    }

    Tally tally() {
        return tally;
    }

    /** What a user holds; null if nothing, which costs no look into the store. */
    Winner find(String userId) {
        for (int shareIndex : shareIndexes.find(userId)) {
            Winner winner = winner(shareIndex);
            if (winner.userId().equals(userId)) {
                return winner;
            }
        }
        return null;
    }

    /** Adds the winner of the next share. */
    void add(Winner winner) {
        if (unwritten == null) {
            unwritten = new ArrayList<>(4);
            store.writeLater(this);
        }
        count(winner);
        unwritten.add(winner);
    }

    void addWritten(List<Winner> run) {
        run.forEach(this::count);
    }

    /** Writes what is not written yet. To be called before this is let go: it is the only one who knows. */
    void write() {
        if (unwritten != null) {
            store.write(packetId, unwritten);
            unwritten = null;
        }
    }

    private void count(Winner winner) {
        if (winner.share().index() != tally.awardedShares()) {
            throw new IllegalStateException("share " + winner.share().index() + " follows " + tally.awardedShares()
                    + " shares: the store of winners has lost some");
        }
        tally = tally.plus(winner.userId(), winner.share());
        shareIndexes.add(winner.userId(), winner.share().index());
    }

    private Winner winner(int shareIndex) {
        int written = tally.awardedShares() - (unwritten == null ? 0 : unwritten.size());
        return shareIndex < written ? store.winner(packetId, shareIndex) : unwritten.get(shareIndex - written);
    }
}
