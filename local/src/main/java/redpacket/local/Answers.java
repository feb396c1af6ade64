package redpacket.local;

import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.apache.kafka.common.errors.WakeupException;
import redpacket.clients.KafkaAddress;
import redpacket.events.AwardResult;
import redpacket.events.Outcome;
import redpacket.events.PacketEvent;
import redpacket.events.Topic;
import redpacket.reader.Committed;
import redpacket.reader.CommittedReader;
import redpacket.reader.ResultListener;

/**
 * Reads the answers in its own thread. Counts them, and measures the latency from each grab to its committed answer.
 */
final class Answers implements ResultListener, AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final long LONGEST_MILLIS = TimeUnit.HOURS.toMillis(1);

    private final CommittedReader reader;
    private final Set<String> shownPackets;
    private final Semaphore inFlight;
    private final CountDownLatch opened;
    private final CountDownLatch answered;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(work -> new Thread(work, "answers"));

    private final Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
    private final Histogram latencyMillis = new Histogram(LONGEST_MILLIS, 3);
    private final Map<String, Map<Integer, AwardResult>> winners = new LinkedHashMap<>();
    private final Map<String, PacketEvent.Closed> closings = new LinkedHashMap<>();
    private long repeats;
    private volatile RuntimeException failure;
    private volatile Runnable onEach = () -> {};

    /**
     * Starts to read.
     *
     * @param packets number of packets to be opened
     * @param grabs number of grabs to be answered
     * @param shownPackets packets whose winners and closings are kept
     * @param inFlight released once for each answer
     */
    Answers(KafkaAddress kafka, int packets, int grabs, Set<String> shownPackets, Semaphore inFlight) {
        this.reader = CommittedReader.fromNow(kafka.clientSettings(), Set.of(Topic.AWARDS, Topic.PACKETS));
        this.shownPackets = shownPackets;
        this.inFlight = inFlight;
        this.opened = new CountDownLatch(packets);
        this.answered = new CountDownLatch(grabs);
        thread.execute(this::read);
    }

    void onEach(Runnable action) {
        onEach = action;
    }

    void awaitOpened(Duration atMost) throws InterruptedException {
        await(opened, atMost, "packets to be opened");
    }

    void awaitAnswered(Duration atMost) throws InterruptedException {
        await(answered, atMost, "answers");
    }

    Map<Outcome, Long> outcomes() {
        return outcomes;
    }

    long repeats() {
        return repeats;
    }

    /** The time from the append of a grab on the broker until its committed answer is read. */
    Histogram latencyMillis() {
        return latencyMillis;
    }

    /** The winners of a shown packet, by share index. */
    Map<Integer, AwardResult> winnersOf(String packetId) {
        return winners.getOrDefault(packetId, Map.of());
    }

    /** Null while the packet is open. */
    PacketEvent.Closed closingOf(String packetId) {
        return closings.get(packetId);
    }

    @Override
    public void onAward(Committed<AwardResult> committed) {
        AwardResult award = committed.event();
        outcomes.merge(award.outcome(), 1L, Long::sum);
        latencyMillis.recordValue(
                Math.min(LONGEST_MILLIS, Math.max(0, System.currentTimeMillis() - award.grabbedAtMillis())));
        if (award.repeat()) {
            repeats++;
        }
        if (award.movesMoney() && shownPackets.contains(award.packetId())) {
            winners.computeIfAbsent(award.packetId(), id -> new LinkedHashMap<>())
                    .put(award.share().index(), award);
        }
        inFlight.release();
        answered.countDown();
        onEach.run();
    }

    @Override
    public void onPacketEvent(Committed<PacketEvent> committed) {
        committed
                .event()
                .handle(
                        event -> opened.countDown(),
                        closed -> {
                            if (shownPackets.contains(closed.packetId())) {
                                closings.put(closed.packetId(), closed);
                            }
                        },
                        // The demo opens valid packets only.
                        rejected -> {},
                        cancelAnswered -> {});
    }

    @Override
    public void close() {
        reader.wakeup();
        thread.shutdown();
    }

    private void read() {
        try (reader) {
            while (true) {
                reader.poll(POLL, this);
            }
        } catch (WakeupException e) {
            // close() was called.
        } catch (RuntimeException e) {
            failure = e;
        }
    }

    private void await(CountDownLatch latch, Duration atMost, String what) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (!latch.await(POLL.toMillis(), TimeUnit.MILLISECONDS)) {
            if (failure != null) {
                throw failure;
            }
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(
                        "still waiting for " + latch.getCount() + " " + what + " after " + atMost.toSeconds() + " s");
            }
        }
    }
}
