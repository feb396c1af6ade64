package redpacket.topology.state;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import redpacket.topology.packet.Packet;
import redpacket.topology.state.DeadlineFormat.Due;

/**
 * What is due and when, in time order: a packet's closing, later its being forgotten.
 *
 * <p>Time is that of the log: the latest time at which the broker appended a record to this partition of the grabs. So a
 * replay closes what was closed, and an outage, however long, closes nothing too early for the grabs that wait. Where nobody
 * grabs the log's time would stand still; there a tick, appended to the log, lets it pass.
 */
public final class Deadlines {
    /** How often to look whether time must be helped on. Each look makes a commit necessary. */
    public static final Duration INTERVAL = Duration.ofSeconds(1);

    /** Closings and deletions on behalf of one grab: a millisecond or so of its time. */
    private static final int STEP = 100;

    /** The same for one look by the clock: tens of milliseconds of every {@link #INTERVAL}. */
    private static final int CLOCK_STEP = 5000;

    private static final long NEVER = Long.MAX_VALUE;

    private final KeyValueStore<Bytes, byte[]> index;
    private final PacketLifetime life;
    /** From a packet's deadline until it is forgotten; asked for with each grab. */
    private final long keptMillis;

    private final Closing closing;
    private final Forgetting forgetting;

    private long logTime = -1;
    /** Nothing is due earlier. Scans start here, as what was due before has left tombstones that are slow to pass. */
    private long nextDue;

    private long lastTick = Long.MIN_VALUE / 2;

    /** Closes a packet, unless it is closed, and returns it. */
    public interface Closing {
        Packet close(String packetId, long nowMillis);
    }

    /** Deletes at most so many of a packet's winners, and the packet with the last. Returns how many. */
    public interface Forgetting {
        int forget(String packetId, int most);
    }

    public Deadlines(KeyValueStore<Bytes, byte[]> index, PacketLifetime life, Closing closing, Forgetting forgetting) {
        this.index = index;
        this.life = life;
        this.keptMillis = life.grace().plus(life.retention()).toMillis();
        this.closing = closing;
        this.forgetting = forgetting;
        this.nextDue = firstDue();
    }

    public void add(Packet packet) {
        add(life.closesAtMillis(packet), packet.packetId(), Due.CLOSE);
    }

    public boolean isForgotten(Packet packet) {
        return logTime >= packet.deadlineMillis() + keptMillis;
    }

    /** The log has come to a record of this time. */
    public void passTo(long timestamp) {
        logTime = Math.max(logTime, timestamp);
        if (logTime >= nextDue) {
            step(STEP);
        }
    }

    /** Goes on with what is due; returns a due packet if only the wall clock knows about it, so that a tick is needed. */
    public Optional<String> wake(long wallClockMillis) {
        if (logTime >= nextDue) {
            step(CLOCK_STEP);
        } else if (wallClockMillis >= nextDue
                && wallClockMillis - lastTick >= life.grace().toMillis()) {
            lastTick = wallClockMillis;
            return entries(nextDue, nextDue, 1).stream()
                    .map(entry -> DeadlineFormat.packetIdOf(entry.key))
                    .findFirst();
        }
        return Optional.empty();
    }

    private void step(int most) {
        int left = most;
        for (KeyValue<Bytes, byte[]> entry : entries(nextDue, logTime, most)) {
            String packetId = DeadlineFormat.packetIdOf(entry.key);
            left -= switch (DeadlineFormat.read(entry.value)) {
                case CLOSE -> close(packetId);
                case FORGET -> forgetting.forget(packetId, left) + 1;
            };
            // A packet that took all that was left may have more winners: it is asked again.
            if (left < 0) {
                break;
            }
            index.delete(entry.key);
            if (left == 0) {
                break;
            }
        }
        nextDue = firstDue();
    }

    private int close(String packetId) {
        Packet packet = closing.close(packetId, logTime);
        add(life.forgottenAtMillis(packet), packetId, Due.FORGET);
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
