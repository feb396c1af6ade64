package redpacket.topology.winners;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.kafka.common.utils.Bytes;
import redpacket.topology.packet.Tally;
import redpacket.topology.packet.Winner;

/**
 * The latest winners of one packet, which are in no run of the store yet. Once the run is written this object is closed
 * and empty. It has no reference to its packet, because the store refers to it for as long as the journal holds one of
 * its winners.
 */
final class OpenRun {
    /** Winners in one run: with the longest ids less than 80 KB, and quick to search. */
    static final int MOST_WINNERS = 256;

    /** An estimate of the bytes of this object and the array of its winners, without these. */
    private static final int OWN_BYTES = 80;

    private static final byte[] NONE = {};

    private final byte[] packetId;
    private final int firstShareIndex;

    /** Of all winners of the packet, the last of which are in this run; null once the run is written. */
    private Tally tally;

    /** The winners in their stored form; null once the run is written. */
    private byte[] winners = NONE;

    private int length;
    private int count;

    /** How many of the winners are in the journal, and the bytes of these. */
    private int journaledCount;

    private int journaledLength;

    /**
     * @param tally of all winners of the packet. Whoever adds a winner here adds it there.
     */
    OpenRun(byte[] packetId, int firstShareIndex, Tally tally) {
        this.packetId = packetId;
        this.firstShareIndex = firstShareIndex;
        this.tally = tally;
    }

    boolean isWritten() {
        return winners == null;
    }

    boolean isFull() {
        return count == MOST_WINNERS;
    }

    /** How many winners are not in the journal. */
    int unjournaled() {
        return count - journaledCount;
    }

    boolean isJournaled() {
        return journaledCount > 0;
    }

    boolean holds(int shareIndex) {
        return !isWritten() && shareIndex >= firstShareIndex;
    }

    /** The winner of a share that this run holds. */
    Winner winner(int shareIndex) {
        return WinnerFormat.winners(firstShareIndex, ByteBuffer.wrap(winners, 0, length))
                .get(shareIndex - firstShareIndex);
    }

    /**
     * Adds the winner of the next share.
     *
     * @param expected winners of this run; they get their memory at once
     */
    void add(Winner winner, int expected) {
        int end = length + WinnerFormat.bytesOf(winner);
        if (end > winners.length) {
            winners =
                    Arrays.copyOf(winners, winners == NONE ? (expected + 1) * end : Math.max(2 * winners.length, end));
        }
        WinnerFormat.put(winner, winners, length);
        length = end;
        count++;
    }

    /** Adds the winners that are not in the journal to it. */
    void writeTo(WinnerJournal journal) {
        if (unjournaled() > 0) {
            journal.add(packetId, firstShareIndex + journaledCount, winners, journaledLength, length);
            journaledCount = count;
            journaledLength = length;
        }
    }

    int weight() {
        return OWN_BYTES + (isWritten() ? 0 : winners.length);
    }

    Bytes key() {
        return WinnerFormat.key(packetId, firstShareIndex);
    }

    /** Returns the value of the run. Its writer has taken over the winners. */
    byte[] close() {
        byte[] value = WinnerFormat.value(tally, winners, length);
        tally = null;
        winners = null;
        length = 0;
        count = 0;
        journaledCount = 0;
        journaledLength = 0;
        return value;
    }
}
