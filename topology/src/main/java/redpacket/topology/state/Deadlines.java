package redpacket.topology.state;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import redpacket.topology.packet.Packet;
import redpacket.topology.state.DeadlineFormat.Due;

/**
 * What is due and when, in time order: that a packet is made ready for its start, its closing, later its deletion.
 *
 * <p>Time is the log time: the latest time at which the broker appended a record to this partition of the grabs. So a
 * replay closes what was closed, and after an outage nothing closes before the grabs that wait. The log time stands
 * still while no grabs arrive; then the task appends a tick to the log.
 *
 * <p>A time that is ahead of the wall clock by more than the grace is the error of some clock. It does not advance the
 * log time, so the log time is never ahead of the wall clock by more than the grace.
 */
public final class Deadlines {
    /** How often the task checks whether a tick is needed. Each check makes a commit necessary. */
    public static final Duration INTERVAL = Duration.ofSeconds(1);

    /** Closings and deletions before one grab: about a millisecond of its time. */
    private static final int STEP = 100;

    /** Closings and deletions at one check by the clock: tens of milliseconds of every {@link #INTERVAL}. */
    private static final int CLOCK_STEP = 5000;

    /** How long the closings and deletions of a step may take, whatever their number. The next step continues. */
    private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** For how long a packet is put off whose closing or deletion fails again and again. */
    public static final Duration PUT_OFF = Duration.ofHours(1);

    /** How long before its start a packet is made ready. Longer than a tick takes, which may have to come first. */
    public static final Duration PREPARED_AHEAD = Duration.ofSeconds(20);

    private static final long NEVER = Long.MAX_VALUE;

    private final KeyValueStore<Bytes, byte[]> index;
    private final PacketLifetime lifetime;

    /** How far the clock of a broker may be ahead of the wall clock. */
    private final long toleranceMillis;

    /** From a packet's deadline until it is forgotten. Computed once, because each grab needs it. */
    private final long keptMillis;

    private final Preparing preparing;
    private final Closing closing;
    private final Forgetting forgetting;
    private final Predicate<String> isPutOff;
    private final LongSupplier nanoTime;

    private long logTime = -1;

    /**
     * Nothing is due earlier. Scans start here, because the entries before it have left tombstones, which are slow to
     * pass.
     */
    private long nextDue;

    private long lastTick = Long.MIN_VALUE / 2;

    /** Makes a packet ready for its start. */
    public interface Preparing {
        void prepare(String packetId);
    }

    /** Closes a packet, unless it is closed, and returns it. */
    public interface Closing {
        Packet close(String packetId, long nowMillis);
    }

    /**
     * Deletes at most this many records of a packet, and returns how many; fewer than that many once the packet is
     * gone.
     */
    public interface Forgetting {
        int forget(String packetId, int most);
    }

    /**
     * Reads what is due first.
     *
     * @param isPutOff whether a packet that is due must wait for {@link #PUT_OFF}, so that it holds up no other packet
     */
    public Deadlines(
            KeyValueStore<Bytes, byte[]> index,
            PacketLifetime lifetime,
            Preparing preparing,
            Closing closing,
            Forgetting forgetting,
            Predicate<String> isPutOff) {
        this(index, lifetime, preparing, closing, forgetting, isPutOff, System::nanoTime);
    }

    /**
     * Reads what is due.
     *
     * @param nanoTime as {@link System#nanoTime}
     */
    public Deadlines(
            KeyValueStore<Bytes, byte[]> index,
            PacketLifetime lifetime,
            Preparing preparing,
            Closing closing,
            Forgetting forgetting,
            Predicate<String> isPutOff,
            LongSupplier nanoTime) {
        this.index = index;
        this.lifetime = lifetime;
        this.toleranceMillis = lifetime.grace().toMillis();
        this.keptMillis = lifetime.grace().plus(lifetime.retention()).toMillis();
        this.preparing = preparing;
        this.closing = closing;
        this.forgetting = forgetting;
        this.isPutOff = isPutOff;
        this.nanoTime = nanoTime;
        this.nextDue = firstDue();
    }

    public void add(Packet packet) {
        add(lifetime.closesAtMillis(packet), packet.packetId(), Due.CLOSE);
        long preparedAtMillis = packet.startMillis() - PREPARED_AHEAD.toMillis();
        // Until then, a packet that starts soon after it opened is ready from its opening on.
        if (preparedAtMillis > packet.openedAtMillis()) {
            add(preparedAtMillis, packet.packetId(), Due.PREPARE);
        }
    }

    public boolean isForgotten(Packet packet) {
        return logTime >= packet.deadlineMillis() + keptMillis;
    }

    /** Whether a time can only be the error of a clock. */
    public boolean isInTheFuture(long timestamp, long wallClockMillis) {
        return timestamp - wallClockMillis > toleranceMillis;
    }

    /** Advances the log time to that of a record, unless it is in the future, and closes or forgets what is due. */
    public void passTo(long timestamp, long wallClockMillis) {
        if (!isInTheFuture(timestamp, wallClockMillis)) {
            logTime = Math.max(logTime, timestamp);
        }
        if (logTime >= nextDue) {
            step(STEP);
        }
    }

    /**
     * Continues with what is due by the log time.
     *
     * @return the id of a packet that is due by the wall clock only, so that a tick is needed
     */
    public Optional<String> wake(long wallClockMillis) {
        if (logTime >= nextDue) {
            step(CLOCK_STEP);
        } else if (wallClockMillis >= nextDue && !isTickOnItsWay(wallClockMillis)) {
            lastTick = wallClockMillis;
            return entries(nextDue, nextDue, 1).stream()
                    .map(entry -> DeadlineFormat.packetIdOf(entry.key))
                    .findFirst();
        }
        return Optional.empty();
    }

    private boolean isTickOnItsWay(long wallClockMillis) {
        // A last tick after now was sent while the wall clock was wrong.
        return wallClockMillis >= lastTick
                && wallClockMillis - lastTick < lifetime.grace().toMillis();
    }

    private void step(int most) {
        long startNanos = nanoTime.getAsLong();
        int left = most;
        for (KeyValue<Bytes, byte[]> entry : entries(nextDue, logTime, most)) {
            String packetId = DeadlineFormat.packetIdOf(entry.key);
            Due due = DeadlineFormat.read(entry.value);
            int done = isPutOff.test(packetId) ? putOff(packetId, due) : pass(packetId, due, left);
            if (done > left) {
                // The packet may have more records: its entry stays for the next step.
                break;
            }
            index.delete(entry.key);
            left -= done;
            if (left == 0 || nanoTime.getAsLong() - startNanos >= STEP_NANOS) {
                break;
            }
        }
        nextDue = firstDue();
    }

    private int pass(String packetId, Due due, int left) {
        return switch (due) {
            case PREPARE -> {
                preparing.prepare(packetId);
                yield 1;
            }
            case CLOSE -> close(packetId);
            case FORGET -> forgetting.forget(packetId, left) + 1;
        };
    }

    private int putOff(String packetId, Due due) {
        if (due == Due.PREPARE) {
            // A packet that is not ready only costs its first grabs time.
            return 1;
        }
        add(logTime + PUT_OFF.toMillis(), packetId, due);
        return 1;
    }

    private int close(String packetId) {
        Packet packet = closing.close(packetId, logTime);
        add(lifetime.forgottenAtMillis(packet), packetId, Due.FORGET);
        return 1;
    }

    private void add(long dueMillis, String packetId, Due due) {
        index.put(DeadlineFormat.key(dueMillis, packetId), DeadlineFormat.value(due));
        nextDue = Math.min(nextDue, dueMillis);
    }

    private long firstDue() {
        List<KeyValue<Bytes, byte[]>> first = entries(nextDue, NEVER - 1, 1);
        return first.isEmpty() ? NEVER : DeadlineFormat.dueMillisOf(first.get(0).key);
    }

    private List<KeyValue<Bytes, byte[]>> entries(long fromMillis, long toMillis, int most) {
        List<KeyValue<Bytes, byte[]>> entries = new ArrayList<>();
        try (KeyValueIterator<Bytes, byte[]> found =
                index.range(DeadlineFormat.key(fromMillis, ""), DeadlineFormat.key(toMillis + 1, ""))) {
            while (found.hasNext() && entries.size() < most) {
                entries.add(found.next());
            }
        }
        return entries;
    }
}
