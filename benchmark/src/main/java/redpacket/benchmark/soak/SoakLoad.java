package redpacket.benchmark.soak;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import redpacket.clients.KafkaAddress;
import redpacket.events.Grab;
import redpacket.events.OpenPacket;
import redpacket.events.Split;
import redpacket.producer.PacketProducer;

/** Opens packets at a fixed rate and grabs from recent ones, until it is closed. */
final class SoakLoad implements AutoCloseable {
    private static final int TURNS_PER_SECOND = 100;
    private static final long TURN_NANOS = TimeUnit.SECONDS.toNanos(1) / TURNS_PER_SECOND;

    private static final int SHARES = 10;
    private static final int USERS = 1_000_000;
    private static final long OPEN_FOR_MILLIS = TimeUnit.SECONDS.toMillis(10);

    /** Minimum age in seconds of a packet that is grabbed. By then its opening is committed. */
    private static final int YOUNGEST = 1;

    private static final int OLDEST = 5;

    private final int grabsPerSecond;
    private final int packetsPerSecond;
    private final PacketProducer producer;
    private final Thread thread = new Thread(this::run, "load");
    private final Random random = new Random(1);
    private final AtomicLong stored = new AtomicLong();
    private volatile boolean stopping;

    static SoakLoad start(KafkaAddress kafka, int grabsPerSecond, int packetsPerSecond) {
        SoakLoad load = new SoakLoad(kafka, grabsPerSecond, packetsPerSecond);
        load.thread.start();
        return load;
    }

    private SoakLoad(KafkaAddress kafka, int grabsPerSecond, int packetsPerSecond) {
        this.grabsPerSecond = grabsPerSecond;
        this.packetsPerSecond = packetsPerSecond;
        this.producer = PacketProducer.connect(kafka.clientSettings());
    }

    /** Number of grabs that Kafka has stored. */
    long stored() {
        return stored.get();
    }

    @Override
    public void close() {
        stopping = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        producer.close();
    }

    private void run() {
        long start = System.nanoTime();
        long packets = 0;
        long grabs = 0;
        for (long turn = 1; !stopping; turn++) {
            for (; packets < turn * packetsPerSecond / TURNS_PER_SECOND; packets++) {
                open(packets);
            }
            // No grabs before a packet is old enough.
            long grabsDue = Math.max(0, turn - (long) YOUNGEST * TURNS_PER_SECOND) * grabsPerSecond / TURNS_PER_SECOND;
            for (; grabs < grabsDue; grabs++) {
                long age = (long) YOUNGEST * packetsPerSecond + random.nextInt((OLDEST - YOUNGEST) * packetsPerSecond);
                grab(grabs, Math.max(0, packets - 1 - age));
            }
            LockSupport.parkNanos(start + turn * TURN_NANOS - System.nanoTime());
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // a packet that is lost is one of many
    private void open(long packet) {
        producer.open(new OpenPacket(
                "packet-" + packet,
                "sender-" + random.nextInt(USERS),
                100L * SHARES,
                SHARES,
                Split.RANDOM,
                null,
                OPEN_FOR_MILLIS));
    }

    @SuppressWarnings("FutureReturnValueIgnored") // what hangs on it counts
    private void grab(long grab, long packet) {
        producer.grab(new Grab("grab-" + grab, "packet-" + packet, "user-" + random.nextInt(USERS)))
                .thenRun(stored::incrementAndGet);
    }
}
