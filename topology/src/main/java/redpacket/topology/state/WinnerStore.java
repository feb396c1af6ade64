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
 * The winners of one task's packets on disk. A <em>run</em> is one record with successive winners of one packet. New
 * winners first go into the <em>journal</em>, a log that all packets share; a run is written later, when it has more
 * winners.
 *
 * <p>Two invariants hold at each commit. Runs and journal together hold every winner; where both hold one, they agree.
 * And each winner in the journal that is in no written run belongs to an {@link OpenRun} in {@link #commits}, or to
 * {@link #recovered}.
 */
final class WinnerStore {
    /**
     * Most bytes in the journal: about 200,000 winners. A restart reads them, and until then they are in memory as
     * well.
     */
    private static final int JOURNAL_BYTES = 8 << 20;

    /**
     * Most commits in the journal. Without this bound a partition with few winners would keep open runs in memory for
     * days.
     */
    private static final int MOST_COMMITS = 1_000;

    /**
     * When this many runs have changed, the journal is written before the commit, which would otherwise wait for it.
     */
    private static final int CHANGED_AT_ONCE = 512;

    /** Packets from the journal of before a restart whose runs are written with each commit: about 10 ms. */
    private static final int RECOVERED_AT_ONCE = 1_000;

    private final int journalBytes;
    private final KeyValueStore<Bytes, byte[]> store;
    private final WinnerJournal journal;

    /** The entries that the journal held at the start, by packet id, until the packet's run is written. */
    private final Map<String, List<WinnerJournal.Entry>> recovered = new HashMap<>();

    /** The commits whose pages are in the journal, the oldest first. */
    private final Queue<Commit> commits = new ArrayDeque<>();

    /** Runs that have gained winners since the journal was written last. */
    private final List<OpenRun> changed = new ArrayList<>();

    /**
     * The pages that one commit, or a part of one, added to the journal.
     *
     * @param endPage the page after the last one
     * @param begun the runs whose oldest journal entry is in these pages
     */
    private record Commit(long endPage, List<OpenRun> begun) {}

    WinnerStore(KeyValueStore<Bytes, byte[]> store) {
        this(store, JOURNAL_BYTES);
    }

    WinnerStore(KeyValueStore<Bytes, byte[]> store, int journalBytes) {
        this.store = store;
        this.journalBytes = journalBytes;
        journal = new WinnerJournal(store, this::recover);
        commits.add(new Commit(journal.endPage(), List.of()));
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

    /** The winner of a share that is in a run. */
    Winner winner(byte[] packetId, int shareIndex) {
        // The first run is read without a scan, for the same reason as in firstRuns.
        if (shareIndex < OpenRun.MOST_WINNERS) {
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

    /** A run has a winner that is not in the journal. Called for the first such winner only. */
    void changed(OpenRun run) {
        changed.add(run);
        if (changed.size() == CHANGED_AT_ONCE) {
            writeChanged();
        }
    }

    /** Writes a run, unless it is written. */
    void write(OpenRun run) {
        if (!run.isWritten()) {
            store.put(run.key(), run.close());
        }
    }

    /**
     * Deletes runs of a packet, the last first, so that the rest has no gaps. All winners of the packet must be in
     * runs.
     *
     * @param most runs to delete
     * @return how many were deleted
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

    /** Writes what was kept back. The task calls this before each commit. */
    void write() {
        recovered.keySet().stream()
                .limit(RECOVERED_AT_ONCE)
                .toList()
                .forEach(packetId ->
                        readInto(new Winners(this, bytes(packetId), OpenRun.MOST_WINNERS), bytes(packetId)));
        writeChanged();
        while (recovered.isEmpty() && (journal.bytes() > journalBytes || commits.size() > MOST_COMMITS)) {
            Commit oldest = commits.remove();
            oldest.begun.forEach(this::write);
            journal.removeBefore(oldest.endPage);
        }
    }

    /**
     * The keys of a packet's first runs, found without a scan: the next run begins where one ends. A scan backwards
     * would go past the first run. If ids are given in order, it would then pass the tombstones of all packets that
     * were forgotten lately.
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

    /** The keys of the last runs of a packet that has more than this many, the last first. */
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

    private void writeChanged() {
        long firstPage = journal.endPage();
        List<OpenRun> begun = new ArrayList<>();
        for (OpenRun run : changed) {
            if (!run.isWritten() && !run.isJournaled()) {
                begun.add(run);
            }
            run.writeTo(journal);
        }
        changed.clear();
        journal.write();
        if (journal.endPage() > firstPage) {
            commits.add(new Commit(journal.endPage(), begun));
        }
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
