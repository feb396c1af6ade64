package redpacket.local.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import redpacket.clients.KafkaAddress;
import redpacket.events.Grab;
import redpacket.events.Json;
import redpacket.events.OpenPacket;
import redpacket.events.Split;
import redpacket.events.Topic;
import redpacket.producer.Appended;
import redpacket.producer.PacketProducer;

/**
 * Keeps a pipeline busy. It opens small and hot packets, many with short deadlines. Its users grab, click twice, send
 * the same grab again, and guess packet ids. It also sends impossible commands and unreadable records. The same seed
 * makes the same choices.
 */
public final class Load implements AutoCloseable {
    private static final Duration TURN = Duration.ofMillis(20);
    private static final int TURNS_PER_SECOND = 50;

    /** Some 4 packets a second. */
    private static final int TURNS_PER_PACKET = 12;

    private static final int TURNS_PER_HOT_PACKET = 10 * TURNS_PER_SECOND;
    private static final int USERS = 2_000;

    /**
     * At this number of unanswered grabs no more are sent, or at those of half a second if these are more. So the
     * pipeline catches up within seconds after a fault, and a rate that is too high keeps it saturated.
     */
    private static final int MAX_UNANSWERED = 10_000;

    /** A sender that is later than this sends no grabs for the time that it missed. */
    private static final Duration TOO_LATE = Duration.ofSeconds(1);

    private static final byte[][] UNREADABLE = {
        "grab!".getBytes(UTF_8), "{\"grabId\":\"g\"".getBytes(UTF_8), "{\"grabId\":7}".getBytes(UTF_8), {}, null
    };

    private final Random random;
    private volatile int grabsPerSecond;
    private final int longestOpenMillis;
    private final PacketProducer producer;
    private final KafkaProducer<byte[], byte[]> badProducer;
    private final Witness witness;
    private final Thread thread = new Thread(this::run, "load");
    private volatile boolean stopping;
    private volatile RuntimeException failure;

    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong stored = new AtomicLong();
    private final AtomicLong storedOpens = new AtomicLong();
    private final AtomicLong unsure = new AtomicLong();
    private final AtomicLong unreadableOpens = new AtomicLong();
    private final AtomicLong unreadableGrabs = new AtomicLong();

    private int packets;
    private String hotPacket;
    private OpenPacket lastOpen;
    private Grab lastGrab;

    private Load(KafkaAddress kafka, long seed, int grabsPerSecond, Duration longestOpen) {
        this.random = new Random(seed);
        this.grabsPerSecond = grabsPerSecond;
        this.longestOpenMillis = Math.toIntExact(longestOpen.toMillis());
        this.producer = PacketProducer.connect(kafka.clientSettings());
        this.badProducer =
                new KafkaProducer<>(kafka.clientSettings(), new ByteArraySerializer(), new ByteArraySerializer());
        this.witness = new Witness(kafka, stored::get);
    }

    /**
     * Starts to send, until {@link #stop}.
     *
     * @param longestOpen time from the opening of a hot packet to its deadline. Other packets are open for at most two
     *     thirds of it. {@link #awaitClosed} waits this long, and longer outages leave no packet open
     */
    public static Load on(KafkaAddress kafka, long seed, int grabsPerSecond, Duration longestOpen) {
        Load load = new Load(kafka, seed, grabsPerSecond, longestOpen);
        load.thread.start();
        return load;
    }

    /** Changes the rate. */
    public void send(int newGrabsPerSecond) {
        grabsPerSecond = newGrabsPerSecond;
    }

    /** Opens an additional packet. Bypasses the packet producer, which refuses impossible terms. */
    @SuppressWarnings("FutureReturnValueIgnored")
    public void open(OpenPacket command) {
        badProducer.send(
                new ProducerRecord<>(Topic.OPENS.topicName(), command.packetId().getBytes(UTF_8), Json.write(command)),
                (record, failed) -> (failed == null ? storedOpens : unsure).incrementAndGet());
    }

    /** Sends an additional grab. */
    @SuppressWarnings("FutureReturnValueIgnored")
    public void grab(Grab grab) {
        producer.grab(grab).whenComplete(this::grabbed);
    }

    /** The number of grabs sent so far. Kafka may not have stored all of them. */
    public long sent() {
        return sent.get();
    }

    /** The number of grabs that Kafka has acknowledged. */
    public long stored() {
        return stored.get();
    }

    /** The number of failed sends. Kafka may or may not have stored these records. */
    public long unsure() {
        return unsure.get();
    }

    /**
     * Whether every kind of record occurred: each outcome, each kind of packet event, unreadable commands and
     * unreadable grabs. Before that, the topics cannot prove every promise.
     */
    public boolean sawEveryKindOfRecord() {
        requireAlive();
        return unreadableOpens.get() > 0 && unreadableGrabs.get() > 0 && witness.sawEveryAnswer();
    }

    /** The number of committed answers to grabs. */
    public long answered() {
        requireAlive();
        return witness.answered();
    }

    /** Whether every partition has an answer to a grab that the broker appended at this time or later. */
    public boolean isAnsweredEverywhereSince(long millis) {
        requireAlive();
        return witness.isAnsweredEverywhereSince(millis);
    }

    /** The longest time without an answer while grabs were unanswered. */
    public Duration longestPause() {
        return witness.longestPause();
    }

    /**
     * The longest time without an answer in one partition while a grab was waiting there, since the last call of this
     * method.
     */
    public Duration takeLongestPauseOfPartition() {
        return witness.takeLongestPauseOfPartition();
    }

    /** The time of the last answer, as {@link System#nanoTime}. */
    public long lastAnswerNanos() {
        requireAlive();
        return witness.lastAnswerNanos();
    }

    /** Ends the sending, and returns when Kafka has acknowledged all records or the sends have failed. */
    public void stop() {
        stopping = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
        producer.flush();
        badProducer.flush();
    }

    /**
     * Waits, after {@link #stop}, until all grabs and commands are answered. Returns false if no answer arrives for the
     * given time.
     */
    public boolean awaitAnswered(Duration patience) {
        while (answered() < stored()) {
            if (System.nanoTime() - lastAnswerNanos() > patience.toNanos()) {
                return false;
            }
            LockSupport.parkNanos(TURN.toNanos());
        }
        return await(patience, () -> witness.answeredOpens() >= storedOpens.get());
    }

    /**
     * Waits, after {@link #awaitAnswered}, until all packets are closed. Returns false after the given time.
     */
    public boolean awaitClosed(Duration patience) {
        return await(patience, witness::sawAllClose);
    }

    private boolean await(Duration patience, BooleanSupplier condition) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            requireAlive();
            if (System.nanoTime() > deadline) {
                return false;
            }
            LockSupport.parkNanos(TURN.toNanos());
        }
        return true;
    }

    @Override
    public void close() {
        stopping = true;
        witness.close();
        producer.close();
        badProducer.close(Duration.ofSeconds(10));
    }

    private void run() {
        try {
            long dueNanos = System.nanoTime();
            for (int turn = 0; !stopping; turn++) {
                if (turn % TURNS_PER_HOT_PACKET == 0) {
                    openHot();
                }
                if (turn % TURNS_PER_PACKET == 0) {
                    openSome();
                }
                int rate = grabsPerSecond;
                if (sent.get() - witness.answered() < Math.max(MAX_UNANSWERED, rate / 2)) {
                    for (int i = 0; i < rate / TURNS_PER_SECOND; i++) {
                        grab();
                    }
                }
                dueNanos = Math.max(dueNanos + TURN.toNanos(), System.nanoTime() - TOO_LATE.toNanos());
                LockSupport.parkNanos(dueNanos - System.nanoTime());
            }
        } catch (RuntimeException e) {
            failure = e;
        }
    }

    /** Fails if the thread that sends has failed. Otherwise a caller would wait for answers, and blame the pipeline. */
    private void requireAlive() {
        if (failure != null) {
            throw new IllegalStateException("sending grabs has failed", failure);
        }
        witness.requireAlive();
    }

    private void openHot() {
        hotPacket = "hot-" + packets++;
        int shares = 1_000 + random.nextInt(4_000);
        open(new OpenPacket(hotPacket, "company", 100L * shares, shares, Split.RANDOM, "hot", longestOpenMillis));
    }

    private void openSome() {
        String packetId = "packet-" + packets++;
        int shares = 1 + random.nextInt(random.nextInt(4) == 0 ? 300 : 10);
        OpenPacket command = new OpenPacket(
                packetId,
                "sender/" + random.nextInt(USERS),
                shares + random.nextInt(100 * shares),
                shares,
                random.nextInt(5) == 0 ? Split.EQUAL : Split.RANDOM,
                random.nextInt(3) == 0 ? "campaign" : null,
                1_000 + random.nextInt(longestOpenMillis * 2 / 3));
        OpenPacket earlier = lastOpen == null ? command : lastOpen;
        switch (random.nextInt(30)) {
            case 0 -> open(earlier);
            case 1 -> open(withShares(earlier, earlier.shares() + 1));
            case 2 -> open(withShares(command, 0));
            default -> open(command);
        }
        lastOpen = command;
    }

    private static OpenPacket withShares(OpenPacket command, int shares) {
        return new OpenPacket(
                command.packetId(),
                command.senderId(),
                command.totalCents(),
                shares,
                command.split(),
                command.campaign(),
                command.openForMillis());
    }

    private void grab() {
        int kind = random.nextInt(100);
        if (kind == 0) {
            sendUnreadable();
            return;
        }
        String packetId = random.nextInt(2) == 0 ? hotPacket : witness.anyPacket(random);
        if (packetId == null) {
            return;
        }
        String grabId = "grab-" + sent.incrementAndGet();
        Grab grab = new Grab(grabId, packetId, "user|" + random.nextInt(USERS) + "@example.com");
        if (lastGrab != null && kind < 5) {
            grab = lastGrab;
        } else if (lastGrab != null && kind < 10) {
            grab = new Grab(grabId, lastGrab.packetId(), lastGrab.userId());
        } else if (kind == 10) {
            grab = new Grab(grabId, "nowhere-" + random.nextInt(USERS), grab.userId());
        }
        lastGrab = grab;
        grab(grab);
    }

    private void grabbed(Appended appended, Throwable failed) {
        if (failed == null) {
            stored.incrementAndGet();
        } else {
            unsure.incrementAndGet();
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored")
    private void sendUnreadable() {
        byte[] value = UNREADABLE[random.nextInt(UNREADABLE.length)];
        byte[] key = random.nextBoolean() ? null : ("packet-" + random.nextInt(packets)).getBytes(UTF_8);
        Topic topic = random.nextInt(10) == 0 ? Topic.OPENS : Topic.GRABS;
        badProducer.send(new ProducerRecord<>(topic.topicName(), key, value), (record, failed) -> {
            if (failed == null) {
                (topic == Topic.OPENS ? unreadableOpens : unreadableGrabs).incrementAndGet();
            } else {
                unsure.incrementAndGet();
            }
        });
    }
}
