package redpacket.topology.winners;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import redpacket.topology.packet.Tally;
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
public final class WinnerStore {
    /**
     * Most commits in the journal. Without this bound a partition with few winners would keep open runs in memory for
     * days.
     */
    private static final int MOST_COMMITS = 1_000;

    /**
     * When this many runs have changed, the journal is written before the commit, which would otherwise wait for it.
     */
    private static final int CHANGED_AT_ONCE = 512;

    /** How long each commit writes runs of packets from the journal of before a restart. */
    private static final long RECOVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    /** An estimate of the bytes of a run in {@link #commits} with the array of its packet id. */
    private static final int BEGUN_BYTES = 120;

    private final LongSupplier mostJournalBytes;
    private final KeyValueStore<Bytes, byte[]> store;
    private final WinnerJournal journal;
    private final IdHash idHash = new IdHash();

    /** The entries that the journal held at the start, by packet id, until the packet's run is written. */
    private final Map<String, List<WinnerJournal.Entry>> recovered = new LinkedHashMap<>();

    /** The bytes of the pages to which {@link #recovered} refers. */
    private final long recoveredBytes;

    /** The commits whose pages are in the journal, the oldest first. */
    private final Queue<Commit> commits = new ArrayDeque<>();

    /** How many runs {@link #commits} refers to. */
    private int begunRuns;

    /** Runs that have gained winners since the journal was written last. */
    private final List<OpenRun> changed = new ArrayList<>();

    /**
     * The pages that one commit, or a part of one, added to the journal.
     *
     * @param endPage the page after the last one
     * @param begun the runs whose oldest journal entry is in these pages
     */
    private record Commit(long endPage, List<OpenRun> begun) {}

    /**
     * Reads the journal.
     *
     * @param mostJournalBytes the length from which on the journal is shortened. A restart reads it, and keeps it in
     *     memory until its winners are in runs.
     */
    public WinnerStore(KeyValueStore<Bytes, byte[]> store, LongSupplier mostJournalBytes) {
        this.store = store;
        this.mostJournalBytes = mostJournalBytes;
        journal = new WinnerJournal(store, this::remember);
        recoveredBytes = journal.bytes();
        commits.add(new Commit(journal.endPage(), List.of()));
    }

    /** Adds all winners that a packet has so far. */
    public void readInto(Winners winners, byte[] packetId) {
        recover(packetId);
        readRuns(packetId, winners::addWritten);
    }

    /** The tally of a packet that is not in memory, whatever its size read from one run. */
    public Tally tally(byte[] packetId) {
        recover(packetId);
        return tallyOfRuns(packetId);
    }

    /** An estimate of the bytes that this object keeps in memory. */
    public long weight() {
        return (recovered.isEmpty() ? 0 : recoveredBytes) + (long) BEGUN_BYTES * begunRuns;
    }

    long hashOf(String userId) {
        return idHash.of(userId);
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
    public int delete(byte[] packetId, int most) {
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
    public void write() {
        recoverSome();
        writeChanged();
        while (recovered.isEmpty() && isJournalLong()) {
            Commit oldest = commits.remove();
            oldest.begun.forEach(this::write);
            begunRuns -= oldest.begun.size();
            journal.removeBefore(oldest.endPage);
        }
    }

    private boolean isJournalLong() {
        return journal.bytes() > mostJournalBytes.getAsLong() || commits.size() > MOST_COMMITS;
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
            begunRuns += begun.size();
        }
    }

    private Tally tallyOfRuns(byte[] packetId) {
        if (store.get(WinnerFormat.key(packetId, 0)) == null) {
            return new Tally();
        }
        // There is a run, so this scan passes no tombstones of other packets, for the same reason as in firstRuns.
        Tally tally = WinnerFormat.tallyOf(store.get(lastRuns(packetId, 1).get(0)));
        return tally == null ? countRuns(packetId) : tally;
    }

    /** For runs that an older release wrote. */
    private Tally countRuns(byte[] packetId) {
        Tally tally = new Tally();
        readRuns(packetId, run -> run.forEach(tally::add));
        return tally;
    }

    private void readRuns(byte[] packetId, Consumer<List<Winner>> reader) {
        try (KeyValueIterator<Bytes, byte[]> runs =
                store.range(WinnerFormat.key(packetId, 0), WinnerFormat.afterLastKey(packetId))) {
            while (runs.hasNext()) {
                KeyValue<Bytes, byte[]> run = runs.next();
                reader.accept(WinnerFormat.read(run.key, run.value));
            }
        }
    }

    private void recoverSome() {
        long startNanos = System.nanoTime();
        while (!recovered.isEmpty() && System.nanoTime() - startNanos < RECOVERY_NANOS) {
            recover(bytes(recovered.keySet().iterator().next()));
        }
    }

    /** Writes runs of a packet's winners that only the journal held at the start. */
    private void recover(byte[] packetId) {
        List<WinnerJournal.Entry> journaled = recovered.remove(text(packetId));
        if (journaled == null) {
            return;
        }
        Tally tally = tallyOfRuns(packetId);
        OpenRun run = new OpenRun(packetId, tally.awardedShares(), tally);
        for (WinnerJournal.Entry entry : journaled) {
            for (Winner winner : WinnerFormat.winners(entry.firstShareIndex(), entry.winners())) {
                if (winner.share().index() >= tally.awardedShares()) {
                    if (run.isFull()) {
                        write(run);
                        run = new OpenRun(packetId, tally.awardedShares(), tally);
                    }
                    Winners.count(winner, tally);
                    run.add(winner, 1);
                }
            }
        }
        if (run.unjournaled() > 0) {
            write(run);
        }
    }

    private void remember(WinnerJournal.Entry entry) {
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
