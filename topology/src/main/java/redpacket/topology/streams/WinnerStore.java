package redpacket.topology.streams;

import static redpacket.topology.streams.StoreFormats.afterLastWinnersKey;
import static redpacket.topology.streams.StoreFormats.winnersKey;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import redpacket.topology.packet.Winner;

/**
 * The winners of one task's packets. Those that a packet gains between two commits are written together just before the second,
 * in the transaction of their answers: a run of them is one record, so a packet that everybody grabs costs few.
 */
final class WinnerStore {
    /** Winners in one record: with the longest ids less than 80 KB, and quick to search. */
    private static final int RUN = 256;

    private final KeyValueStore<Bytes, byte[]> store;
    private final List<Winners> unwritten = new ArrayList<>();

    WinnerStore(DeferredStore deferred) {
        store = deferred.wrapped();
        deferred.beforeCommit(this::write);
    }

    /** All winners that a packet has so far. */
    Winners read(byte[] packetId) {
        Winners winners = new Winners(this, packetId);
        try (KeyValueIterator<Bytes, byte[]> runs =
                store.range(winnersKey(packetId, 0), afterLastWinnersKey(packetId))) {
            while (runs.hasNext()) {
                KeyValue<Bytes, byte[]> run = runs.next();
                winners.addWritten(StoreFormats.winners(run.key, run.value));
            }
        }
        return winners;
    }

    /** Of a packet that was opened just now. */
    Winners none(byte[] packetId) {
        return new Winners(this, packetId);
    }

    /**
     * Deletes at most so many records of a packet's winners, all of which are written; returns how many. The last first, so that
     * what is left is without gaps.
     */
    int delete(byte[] packetId, int most) {
        List<Bytes> keys = new ArrayList<>();
        try (KeyValueIterator<Bytes, byte[]> runs =
                store.reverseRange(winnersKey(packetId, 0), afterLastWinnersKey(packetId))) {
            while (runs.hasNext() && keys.size() < most) {
                keys.add(runs.next().key);
            }
        }
        keys.forEach(store::delete);
        return keys.size();
    }

    /** The winner who holds a share that is written. */
    Winner winner(byte[] packetId, int shareIndex) {
        try (KeyValueIterator<Bytes, byte[]> runs =
                store.reverseRange(winnersKey(packetId, 0), winnersKey(packetId, shareIndex))) {
            KeyValue<Bytes, byte[]> run = runs.next();
            List<Winner> winners = StoreFormats.winners(run.key, run.value);
            return winners.get(shareIndex - winners.get(0).share().index());
        }
    }

    void writeLater(Winners winners) {
        unwritten.add(winners);
    }

    void write(byte[] packetId, List<Winner> winners) {
        for (int from = 0; from < winners.size(); from += RUN) {
            List<Winner> run = winners.subList(from, Math.min(from + RUN, winners.size()));
            store.put(winnersKey(packetId, run.get(0).share().index()), StoreFormats.winners(run));
        }
    }

    private void write() {
        unwritten.forEach(Winners::write);
        unwritten.clear();
    }
}
