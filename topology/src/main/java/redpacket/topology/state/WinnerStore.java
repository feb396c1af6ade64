package redpacket.topology.state;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import redpacket.topology.packet.Winner;

/**
 * The winners of one task's packets, in runs: a packet's winners from one share on, in one record. At the latest just before a commit,
 * in the transaction of their answers, new winners go into a journal that all packets share. Runs are written later, when there is more
 * to put into them: when a packet has gained a full run, must make room for others, or has waited in the journal for long.
 *
 * <p>At each commit, runs and journal together hold every winner; where both do, they say the same.
 */
final class WinnerStore {
    /** Winners in one record: with the longest ids less than 80 KB, and quick to search. */
    static final int RUN = 256;

    /** Of the journal: some 200,000 winners, which also are in memory. They are what a restart has to read. */
    private static final int JOURNAL_BYTES = 8 << 20;

    /** In the journal, where commits have few winners each: what they hold on to shall not grow for days. */
    private static final int MOST_COMMITS = 1_000;

    /** Packets that have gained winners, after which these are written: long before the commit, which would wait for them. */
    private static final int CHANGED_AT_ONCE = 512;

    /** Packets whose runs are written, with each commit after a restart, from what was found in the journal: some 10 ms. */
    private static final int RECOVERED_AT_ONCE = 1_000;

    private final int journalBytes;
    private final KeyValueStore<Bytes, byte[]> store;
    private final WinnerJournal journal;
    /** What the journal held at the start, as long as runs may lack it. */
    private final Map<String, List<WinnerJournal.Entry>> recovered = new HashMap<>();
    /** Those of which the journal holds something, the oldest first. */
    private final Queue<Commit> commits = new ArrayDeque<>();
    /** Packets that have gained winners since the last commit. */
    private List<Winners> changed = new ArrayList<>();

    /** What a commit, or a part of one, put into the journal: pages, and whose winners. */
    private record Commit(long firstPage, long endPage, List<Winners> changed) {}

    WinnerStore(KeyValueStore<Bytes, byte[]> store) {
        this(store, JOURNAL_BYTES);
    }

    WinnerStore(KeyValueStore<Bytes, byte[]> store, int journalBytes) {
        this.store = store;
        this.journalBytes = journalBytes;
        journal = new WinnerJournal(store, this::recover);
        commits.add(new Commit(journal.firstPage(), journal.endPage(), List.of()));
    }

    /** Adds all winners that a packet has so far. */
    void readInto(Winners winners, byte[] packetId) {
        try (KeyValueIterator<Bytes, byte[]> runs =
                store.range(WinnerFormat.key(packetId, 0), WinnerFormat.afterLastKey(packetId))) {
            while (runs.hasNext()) {
                KeyValue<Bytes, byte[]> run = runs.next();
                winners.addWritten(WinnerFormat.read(run.key, run.value));
            }
        }
        List<WinnerJournal.Entry> journaled = recovered.remove(text(packetId));
        if (journaled != null) {
            journaled.forEach(
                    entry -> winners.addMissing(WinnerFormat.winners(entry.firstShareIndex(), entry.winners())));
            winners.write();
        }
    }

    /**
     * Deletes at most so many records of a packet's winners, all of which are written; returns how many. The last first, so that
     * what is left is without gaps.
     */
    int delete(byte[] packetId, int most) {
        recovered.remove(text(packetId));
        journal.forget(packetId);
        List<Bytes> keys = firstRuns(packetId, most + 1);
        if (keys.size() > most) {
            keys = lastRuns(packetId, most);
        } else {
            Collections.reverse(keys);
        }
        keys.forEach(store::delete);
        return keys.size();
    }

    /** The winner who holds a share that is in a run. */
    Winner winner(byte[] packetId, int shareIndex) {
        if (shareIndex < RUN) {
            Bytes firstKey = WinnerFormat.key(packetId, 0);
            List<Winner> first = WinnerFormat.read(firstKey, store.get(firstKey));
            if (shareIndex < first.size()) {
                return first.get(shareIndex);
            }
        }
        try (KeyValueIterator<Bytes, byte[]> runs =
                store.reverseRange(WinnerFormat.key(packetId, 1), WinnerFormat.key(packetId, shareIndex))) {
            KeyValue<Bytes, byte[]> run = runs.next();
            List<Winner> winners = WinnerFormat.read(run.key, run.value);
            return winners.get(shareIndex - winners.get(0).share().index());
        }
    }

    /**
     * The keys of at most so many runs, found without a scan: where one run ends the next begins. A scan backwards that comes
     * to a packet's first run goes on to what is before it, and when ids are given in order, these are the tombstones of all
     * packets that were forgotten lately.
     */
    private List<Bytes> firstRuns(byte[] packetId, int most) {
        List<Bytes> keys = new ArrayList<>();
        Bytes key = WinnerFormat.key(packetId, 0);
        byte[] run = store.get(key);
        int end = 0;
        while (run != null && keys.size() < most) {
            keys.add(key);
            end += WinnerFormat.count(run);
            key = WinnerFormat.key(packetId, end);
            run = store.get(key);
        }
        return keys;
    }

    /** The keys of so many runs, the last first, of a packet that has more. */
    private List<Bytes> lastRuns(byte[] packetId, int count) {
        List<Bytes> keys = new ArrayList<>();
        try (KeyValueIterator<Bytes, byte[]> runs =
                store.reverseRange(WinnerFormat.key(packetId, 0), WinnerFormat.afterLastKey(packetId))) {
            while (keys.size() < count) {
                keys.add(runs.next().key);
            }
        }
        return keys;
    }

    /** To be told when winners have changed for the first time since they were put into the journal. */
    void changed(Winners winners) {
        changed.add(winners);
        if (changed.size() == CHANGED_AT_ONCE) {
            writeChanged();
        }
    }

    void writeRun(byte[] packetId, int firstShareIndex, byte[] winners, int length) {
        store.put(WinnerFormat.key(packetId, firstShareIndex), WinnerFormat.value(winners, length));
    }

    /** Writes what was kept back; to be called before each commit. */
    void write() {
        recovered.keySet().stream()
                .limit(RECOVERED_AT_ONCE)
                .toList()
                .forEach(packetId -> readInto(new Winners(this, bytes(packetId), RUN), bytes(packetId)));
        writeChanged();
        while (recovered.isEmpty() && (journal.bytes() > journalBytes || commits.size() > MOST_COMMITS)) {
            Commit oldest = commits.remove();
            oldest.changed.forEach(winners -> winners.writeIfJournaledSince(oldest.firstPage));
            journal.removeBefore(oldest.endPage);
        }
    }

    private void writeChanged() {
        long firstPage = journal.endPage();
        for (Winners winners : changed) {
            winners.writeTo(journal, firstPage);
        }
        journal.write();
        if (journal.endPage() > firstPage) {
            commits.add(new Commit(firstPage, journal.endPage(), changed));
        }
        changed = new ArrayList<>();
    }

    private void recover(WinnerJournal.Entry entry) {
        if (entry.winners().hasRemaining()) {
            recovered
                    .computeIfAbsent(entry.packetId(), unseen -> new ArrayList<>())
                    .add(entry);
        } else {
            recovered.remove(entry.packetId());
        }
    }

    private static byte[] bytes(String packetId) {
        return packetId.getBytes(ISO_8859_1);
    }

    private static String text(byte[] packetId) {
        return new String(packetId, ISO_8859_1);
    }
}
