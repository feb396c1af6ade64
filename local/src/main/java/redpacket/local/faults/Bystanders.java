package redpacket.local.faults;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import redpacket.clients.KafkaAddress;
import redpacket.clients.PacketKey;
import redpacket.events.AwardResult;
import redpacket.events.Grab;
import redpacket.events.OpenPacket;
import redpacket.events.PacketEvent;
import redpacket.events.Split;
import redpacket.events.Topic;
import redpacket.producer.PacketProducer;
import redpacket.reader.Committed;
import redpacket.reader.CommittedReader;
import redpacket.reader.ResultListener;

/**
 * Users who grab in all partitions but one, at a fixed rate. Each grab is timed from the moment at which it was due
 * until its committed answer can be read, so a grab that is sent late does not look fast.
 */
public final class Bystanders implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration POLL = Duration.ofMillis(20);
    private static final long NAP_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int SHARES = 1_000_000;
    private static final String GRAB = "bystander-";

    private final List<String> packets;
    private final int perSecond;
    private final PacketProducer producer;
    private final CommittedReader reader;
    private final Set<String> opened = ConcurrentHashMap.newKeySet();

    /** In nanoseconds, by the number of the grab; 0 while it has no answer. */
    private final AtomicLongArray waits;

    private final Thread sender = new Thread(this::send, "bystanders");
    private final Thread listener = new Thread(this::listen, "answers of bystanders");
    private volatile long startNanos;
    private final AtomicInteger sent = new AtomicInteger();
    private volatile boolean closing;

    /**
     * Opens a packet in each partition but one, and starts to grab.
     *
     * @param spared the partition without bystanders
     * @param most grabs in total, at most a million for each packet
     */
    public static Bystanders start(KafkaAddress kafka, int spared, int perSecond, int most) {
        Bystanders bystanders = new Bystanders(kafka, spared, perSecond, most);
        bystanders.listener.start();
        bystanders.open();
        bystanders.sender.start();
        return bystanders;
    }

    private Bystanders(KafkaAddress kafka, int spared, int perSecond, int most) {
        this.perSecond = perSecond;
        this.packets = IntStream.range(0, BreakablePipeline.PARTITIONS)
                .filter(partition -> partition != spared)
                .mapToObj(partition -> idIn(partition, "beside"))
                .toList();
        this.waits = new AtomicLongArray(most);
        this.producer = PacketProducer.connect(kafka.clientSettings());
        this.reader = CommittedReader.fromNow(kafka.clientSettings(), Set.of(Topic.AWARDS, Topic.PACKETS));
    }

    /** An id of a packet that belongs to a partition. */
    public static String idIn(int partition, String prefix) {
        return IntStream.iterate(0, i -> i + 1)
                .mapToObj(i -> prefix + "-" + i)
                .filter(id -> PacketKey.partition(id, BreakablePipeline.PARTITIONS) == partition)
                .findFirst()
                .orElseThrow();
    }

    /** The number of grabs sent so far. */
    public int sent() {
        return sent.get();
    }

    /**
     * The wait of the slowest grab but one in a hundred. Returns when all these grabs are answered.
     *
     * @param from number of the first grab
     * @param to number after the last one, which is sent
     */
    public Duration p99(int from, int to) {
        await(() -> IntStream.range(from, to).allMatch(grab -> waits.get(grab) > 0), "answers");
        long[] sorted = IntStream.range(from, to).mapToLong(waits::get).toArray();
        Arrays.sort(sorted);
        return Duration.ofNanos(sorted[(int) (sorted.length * 0.99)]);
    }

    @Override
    public void close() {
        closing = true;
        try {
            sender.join();
            listener.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        producer.close();
        reader.close();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // The event is awaited.
    private void open() {
        packets.forEach(packetId -> producer.open(new OpenPacket(
                packetId, "sender", 10L * SHARES, SHARES, Split.RANDOM, null, TimeUnit.DAYS.toMillis(1))));
        await(() -> opened.containsAll(packets), "opened packets");
    }

    @SuppressWarnings("FutureReturnValueIgnored") // The answer is awaited.
    private void send() {
        startNanos = System.nanoTime();
        for (int grab = 0; !closing && grab < waits.length(); grab++) {
            while (System.nanoTime() < dueNanos(grab)) {
                LockSupport.parkNanos(NAP_NANOS);
            }
            producer.grab(new Grab(GRAB + grab, packets.get(grab % packets.size()), "user-" + grab));
            sent.set(grab + 1);
        }
    }

    private long dueNanos(int grab) {
        return startNanos + grab * TimeUnit.SECONDS.toNanos(1) / perSecond;
    }

    private void listen() {
        ResultListener timing = new ResultListener() {
            @Override
            public void onAward(Committed<AwardResult> award) {
                String grabId = award.event().grabId();
                if (grabId.startsWith(GRAB)) {
                    int grab = Integer.parseInt(grabId.substring(GRAB.length()));
                    waits.compareAndSet(grab, 0, System.nanoTime() - dueNanos(grab));
                }
            }

            @Override
            public void onPacketEvent(Committed<PacketEvent> event) {
                opened.add(event.event().packetId());
            }
        };
        while (!closing) {
            reader.poll(POLL, timing);
        }
    }

    private static void await(BooleanSupplier condition, String what) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("Waited " + PATIENCE.toSeconds() + " s in vain for " + what);
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
    }
}
