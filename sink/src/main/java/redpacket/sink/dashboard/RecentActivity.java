package redpacket.sink.dashboard;

import static java.util.Comparator.comparingLong;

import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.function.Function;
import redpacket.events.AwardResult;
import redpacket.events.Counters;
import redpacket.events.WindowStats;
import redpacket.reader.Committed;
import redpacket.reader.ResultListener;
import redpacket.sink.readmodel.Award;

/** The counters of the last day, the latest awards, the grab rates and the latency. Its memory is bounded. */
final class RecentActivity implements ResultListener {
    static final Duration DAY = Duration.ofDays(1);

    /** Three minutes of one-second windows. A chart has room for this number. */
    private static final int WINDOWS_SHOWN = 180;

    private static final int AWARDS_SHOWN = 14;

    private final long sinceMillis;
    private final TreeMap<Long, WindowStats> windows = new TreeMap<>();

    /** The oldest award is the head, which is removed first. Partitions are not read in the order of time. */
    private final PriorityQueue<Award> awards = new PriorityQueue<>(comparingLong(Award::grabbedAtMillis));

    private final GrabRates rates = new GrabRates();
    private final Latency latency = new Latency();

    /** @param sinceMillis answers to earlier grabs do not count for the latency, because they are read late */
    RecentActivity(long sinceMillis) {
        this.sinceMillis = sinceMillis;
    }

    /**
     * The counters of windows, as columns of equal length. Windows without events are missing.
     *
     * @param windowMillis the length of a window; 0 if there are no windows
     */
    record WindowColumns(
            long windowMillis,
            List<Long> startMillis,
            List<Long> grabs,
            List<Long> awarded,
            List<Long> alreadyGrabbed,
            List<Long> soldOut,
            List<Long> expired,
            List<Long> unknownPacket,
            List<Long> notStarted,
            List<Long> notEligible,
            List<Long> cancelled,
            List<Long> repeats) {}

    @Override
    public void onAward(Committed<AwardResult> committed) {
        AwardResult result = committed.event();
        rates.grabbed(result.packetId());
        if (result.grabbedAtMillis() >= sinceMillis) {
            latency.record(System.currentTimeMillis() - result.grabbedAtMillis());
        }
        if (result.movesMoney()) {
            awards.add(Award.of(result));
            if (awards.size() > AWARDS_SHOWN) {
                awards.remove();
            }
        }
    }

    @Override
    public void onStats(Committed<WindowStats> committed) {
        WindowStats window = committed.event();
        if (window.scope().equals(WindowStats.ALL)) {
            windows.merge(
                    window.windowStartMillis(),
                    window,
                    (one, other) -> one.revision() > other.revision() ? one : other);
        }
    }

    /** Call it once a second. */
    void nextSecond(long nowMillis) {
        rates.nextSecond();
        latency.nextSecond();
        windows.headMap(nowMillis - DAY.toMillis()).clear();
    }

    /** The sum over the last day. */
    Counters totals() {
        return windows.values().stream().map(WindowStats::counters).reduce(Counters.NONE, Counters::plus);
    }

    WindowColumns latestWindows() {
        if (windows.isEmpty()) {
            return columns(0, List.of());
        }
        // Skips windows that a wrong clock has dated in the future, unless there are no others.
        Long latest = windows.floorKey(System.currentTimeMillis());
        long untilMillis = latest == null ? windows.lastKey() : latest;
        long windowMillis = windows.get(untilMillis).windowMillis();
        long fromMillis = untilMillis - WINDOWS_SHOWN * windowMillis;
        return columns(
                windowMillis,
                windows.subMap(fromMillis, false, untilMillis, true).values());
    }

    /** The latest award first. */
    List<Award> latestAwards() {
        return awards.stream()
                .sorted(comparingLong(Award::grabbedAtMillis)
                        .reversed()
                        .thenComparing(Award::packetId)
                        .thenComparing(award -> award.share().index(), Comparator.reverseOrder()))
                .toList();
    }

    GrabRates rates() {
        return rates;
    }

    /** Null if there was no answer in the last seconds. */
    Latency.Quantiles latency() {
        return latency.quantiles();
    }

    private static WindowColumns columns(long windowMillis, Collection<WindowStats> shown) {
        return new WindowColumns(
                windowMillis,
                shown.stream().map(WindowStats::windowStartMillis).toList(),
                column(shown, Counters::grabs),
                column(shown, Counters::awarded),
                column(shown, Counters::alreadyGrabbed),
                column(shown, Counters::soldOut),
                column(shown, Counters::expired),
                column(shown, Counters::unknownPacket),
                column(shown, Counters::notStarted),
                column(shown, Counters::notEligible),
                column(shown, Counters::cancelled),
                column(shown, Counters::repeats));
    }

    private static List<Long> column(Collection<WindowStats> shown, Function<Counters, Long> counter) {
        return shown.stream().map(WindowStats::counters).map(counter).toList();
    }
}
