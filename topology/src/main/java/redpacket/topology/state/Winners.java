package redpacket.topology.state;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import redpacket.topology.packet.Tally;
import redpacket.topology.packet.Winner;

/**
 * Who has won how much of one packet: an index of all, and the last of them, of whom the store has no run yet.
 *
 * <p>It is an index, rather than has one, for the sake of memory: with tens of thousands of packets at hand each further object
 * is one more wait for what is in no cache of the processor.
 */
class Winners extends UserIndex {
    private static final byte[] NONE = {};
    /** So many winners have room from the start. */
    private static final int FEW = 16;

    private final WinnerStore store;
    private final byte[] packetId;
    private final int few;
    private final Tally tally = new Tally();

    /** The last winners, in their stored form. */
    private byte[] last = NONE;

    private int lastLength;
    private int lastCount;
    /** How many of them are in the journal, and how long that is. */
    private int journaledCount;

    private int journaledLength;
    /** The first page of the commit that put the first of these there. */
    private long journaledSince;

    /**
     * @param most winners that the packet can have
     */
    Winners(WinnerStore store, byte[] packetId, int most) {
        super(Math.min(most, FEW));
        this.few = Math.min(most, FEW);
        this.store = store;
        this.packetId = packetId;
    }

    public final Tally tally() {
        return tally;
    }

    /** What a user holds; null if nothing, which costs no look into the store. */
    public final Winner find(String userId) {
        for (int shareIndex : sharesOf(userId)) {
            Winner winner = atIndex(shareIndex);
            if (winner.userId().equals(userId)) {
                return winner;
            }
        }
        return null;
    }

    /** Adds the winner of the next share. */
    final void add(Winner winner) {
        count(winner);
        int end = lastLength + WinnerFormat.bytesOf(winner);
        if (end > last.length) {
            last = Arrays.copyOf(last, last == NONE ? (few + 1) * end : Math.max(2 * last.length, end));
        }
        WinnerFormat.put(winner, last, lastLength);
        lastLength = end;
        lastCount++;
        if (lastCount == WinnerStore.RUN) {
            write();
        } else if (lastCount == journaledCount + 1) {
            store.changed(this);
        }
    }

    final void addWritten(List<Winner> run) {
        run.forEach(this::count);
    }

    /** Adds those that are not here yet. */
    final void addMissing(List<Winner> winners) {
        for (Winner winner : winners) {
            if (winner.share().index() >= tally.awardedShares()) {
                add(winner);
            }
        }
    }

    /** Writes a run of what is in none. To be called before this is let go: it is the only one who knows. */
    final void write() {
        if (lastCount > 0) {
            store.writeRun(packetId, firstOfLast(), last, lastLength);
            last = NONE;
            lastLength = 0;
            lastCount = 0;
            journaledCount = 0;
            journaledLength = 0;
        }
    }

    /** Puts into the journal what is neither there nor in a run. */
    final void writeTo(WinnerJournal journal, long firstPage) {
        if (lastCount > journaledCount) {
            journal.add(packetId, firstOfLast() + journaledCount, last, journaledLength, lastLength);
            journaledSince = journaledCount == 0 ? firstPage : journaledSince;
            journaledCount = lastCount;
            journaledLength = lastLength;
        }
    }

    /** Writes a run if the oldest entry in the journal is of the commit with this first page. */
    final void writeIfJournaledSince(long firstPage) {
        if (journaledCount > 0 && journaledSince == firstPage) {
            write();
        }
    }

    private void count(Winner winner) {
        if (winner.share().index() != tally.awardedShares()) {
            throw new IllegalStateException("share " + winner.share().index() + " follows " + tally.awardedShares()
                    + " shares: the store of winners has lost some");
        }
        tally.add(winner.userId(), winner.share());
        index(winner.userId(), winner.share().index());
    }

    private int firstOfLast() {
        return tally.awardedShares() - lastCount;
    }

    private Winner atIndex(int shareIndex) {
        int first = firstOfLast();
        return shareIndex < first
                ? store.winner(packetId, shareIndex)
                : WinnerFormat.winners(first, ByteBuffer.wrap(last, 0, lastLength))
                        .get(shareIndex - first);
    }
}
