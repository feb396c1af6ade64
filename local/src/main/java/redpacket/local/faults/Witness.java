package redpacket.local.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.apache.kafka.common.errors.WakeupException;
import redpacket.clients.KafkaAddress;
import redpacket.events.AwardResult;
import redpacket.events.Outcome;
import redpacket.events.PacketEvent;
import redpacket.events.Topic;
import redpacket.reader.Committed;
import redpacket.reader.CommittedReader;
import redpacket.reader.ResultListener;

/** Reads the committed results in its own thread. Counts them, and measures the longest time without an answer. */
final class Witness implements ResultListener, AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(50);

    private static final Set<Class<? extends PacketEvent>> PACKET_EVENTS = Set.of(
            PacketEvent.Opened.class, PacketEvent.Rejected.class, PacketEvent.SoldOut.class, PacketEvent.Expired.class);

    /** Those that the load causes. */
    private static final Set<Outcome> OUTCOMES = EnumSet.range(Outcome.AWARDED, Outcome.UNKNOWN_PACKET);

    /** Number of packets to choose from for grabs: those opened last. */
    private static final int RECENT = 40;

    private final CommittedReader reader;
    private final LongSupplier asked;
    private final Thread thread = new Thread(this::read, "witness");
    private final List<String> recentPackets = new ArrayList<>();
    private final Set<String> openPackets = ConcurrentHashMap.newKeySet();

    /** When a command is sent again, its opening is published again, even if the packet is closed. */
    private final Set<String> closedPackets = new HashSet<>();

    private final Set<Outcome> outcomes = ConcurrentHashMap.newKeySet();
    private final Set<Class<?>> packetEvents = ConcurrentHashMap.newKeySet();
    private volatile boolean sawRepeat;

    private final AtomicLong answered = new AtomicLong();
    private final AtomicLong answeredOpens = new AtomicLong();

    /** By partition: the append time of the grab that was answered last. */
    private final AtomicLongArray answeredToMillis = new AtomicLongArray(BreakablePipeline.PARTITIONS);

    /** By partition, as {@link System#nanoTime}. */
    private final long[] lastAnswerOfPartition = new long[BreakablePipeline.PARTITIONS];

    private final AtomicLong longestPauseOfPartition = new AtomicLong();

    private volatile long lastAnswerNanos = System.nanoTime();
    private volatile long longestPauseNanos;
    private volatile RuntimeException failure;

    /**
     * Starts to read.
     *
     * @param asked the number of grabs that Kafka has acknowledged
     */
    Witness(KafkaAddress kafka, LongSupplier asked) {
        this.reader = CommittedReader.fromBeginning(kafka.clientSettings(), Set.of(Topic.AWARDS, Topic.PACKETS));
        this.asked = asked;
        Arrays.fill(lastAnswerOfPartition, System.nanoTime());
        thread.start();
    }

    void requireAlive() {
        if (failure != null) {
            throw new IllegalStateException("reading the answers has failed", failure);
        }
    }

    long answered() {
        return answered.get();
    }

    long answeredOpens() {
        return answeredOpens.get();
    }

    /** The time of the last answer, as {@link System#nanoTime}. */
    long lastAnswerNanos() {
        return lastAnswerNanos;
    }

    boolean isAnsweredEverywhereSince(long millis) {
        return IntStream.range(0, answeredToMillis.length())
                .allMatch(partition -> answeredToMillis.get(partition) >= millis);
    }

    /** The longest time without an answer while grabs were unanswered. */
    Duration longestPause() {
        return Duration.ofNanos(longestPauseNanos);
    }

    /**
     * The longest time without an answer in one partition while a grab was waiting there, since the last call of this
     * method. Grabs that wait now count when they are answered.
     */
    Duration takeLongestPauseOfPartition() {
        return Duration.ofNanos(longestPauseOfPartition.getAndSet(0));
    }

    /** Whether every outcome, a repeat, and every kind of packet event occurred. */
    boolean sawEveryAnswer() {
        return outcomes.containsAll(OUTCOMES) && sawRepeat && packetEvents.containsAll(PACKET_EVENTS);
    }

    boolean sawAllClose() {
        return openPackets.isEmpty();
    }

    /** One of the packets opened last. Null if there is none yet. */
    String anyPacket(Random random) {
        synchronized (recentPackets) {
            return recentPackets.isEmpty() ? null : recentPackets.get(random.nextInt(recentPackets.size()));
        }
    }

    @Override
    public void onAward(Committed<AwardResult> award) {
        answered.incrementAndGet();
        outcomes.add(award.event().outcome());
        sawRepeat |= award.event().repeat();
        answeredToMillis.set(award.partition(), award.event().grabbedAtMillis());
        lastAnswerNanos = System.nanoTime();
        long waitedMillis = System.currentTimeMillis() - award.event().grabbedAtMillis();
        long waitedNanos = Math.min(
                TimeUnit.MILLISECONDS.toNanos(waitedMillis),
                lastAnswerNanos - lastAnswerOfPartition[award.partition()]);
        longestPauseOfPartition.accumulateAndGet(waitedNanos, Math::max);
        lastAnswerOfPartition[award.partition()] = lastAnswerNanos;
    }

    @Override
    public void onPacketEvent(Committed<PacketEvent> committed) {
        packetEvents.add(committed.event().getClass());
        committed
                .event()
                .handle(
                        this::opened,
                        this::closed,
                        rejected -> answeredOpens.incrementAndGet(),
                        cancelAnswered -> answeredOpens.incrementAndGet());
    }

    private void opened(PacketEvent.Opened opened) {
        if (!closedPackets.contains(opened.packetId())) {
            openPackets.add(opened.packetId());
        }
        synchronized (recentPackets) {
            recentPackets.add(opened.packetId());
            if (recentPackets.size() > RECENT) {
                recentPackets.remove(0);
            }
        }
        // Counted last, so that all opened packets are known once all commands count as answered.
        answeredOpens.incrementAndGet();
    }

    private void closed(PacketEvent.Closed closed) {
        closedPackets.add(closed.packetId());
        openPackets.remove(closed.packetId());
    }

    @Override
    public void close() {
        reader.wakeup();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void read() {
        try (reader) {
            while (true) {
                long before = lastAnswerNanos;
                boolean waiting = asked.getAsLong() > answered.get();
                reader.poll(POLL, this);
                long now = System.nanoTime();
                if (waiting) {
                    longestPauseNanos = Math.max(longestPauseNanos, now - before);
                } else {
                    lastAnswerNanos = now;
                }
            }
        } catch (WakeupException e) {
            // close() was called.
        } catch (RuntimeException e) {
            failure = e;
        }
    }
}
