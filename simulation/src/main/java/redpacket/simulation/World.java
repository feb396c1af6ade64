package redpacket.simulation;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import redpacket.events.CancelPacket;
import redpacket.events.Grab;
import redpacket.events.InvalidEventException;
import redpacket.events.Json;
import redpacket.events.OpenPacket;
import redpacket.events.PacketCommand;
import redpacket.events.Topic;
import redpacket.simulation.Violation.Rule;

/** Kafka, Redis, the instances and their clients in one history, and the judge of what they do. */
final class World {
    static final String SECRET = "only for simulations, 32 characters";
    static final Duration GRACE = Duration.ofSeconds(2);
    static final Duration RETENTION = Duration.ofMinutes(1);
    static final Duration WINDOW = Duration.ofSeconds(1);

    /** Enough for what a record may need after the last fault: restarts, waits for Redis, and its decision. */
    private static final int ROUNDS_PER_RECORD = 20;

    private static final int ROUNDS = 4_000;
    private static final int IDLE_ROUNDS = 8;
    private static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final int SHORT_PAUSES = 10;
    private static final int PAUSES = 150;

    final Random random = new Random(0);
    final SimulatedTime time = new SimulatedTime();
    final SimulatedLog log;
    final ConsumerGroup group;
    final FlakyRedis redis;
    final List<Instance> instances = new ArrayList<>();

    /** For live packets, in bytes. */
    final long memory;

    /** Everything that was sent, for clients that send it again. */
    final List<OpenPacket> opens = new ArrayList<>();

    final List<Grab> grabs = new ArrayList<>();

    /** Of each instance. */
    final int threads;

    final Bugs bugs = new Bugs();
    final Redriver redriver = new Redriver(this);

    Runnable redisSnapshot;

    private final Oracle oracle;
    private final Map<String, Integer> counts = new TreeMap<>();
    private final Story story;
    private int faults;
    private long tasks;

    /**
     * @param story gets a line for each thing that happens; null for none
     */
    World(Plan plan, Story story) {
        this.story = story;
        memory = plan.memory();
        threads = plan.threads();
        log = new SimulatedLog(time, random, plan.partitions(), transaction -> committed(transaction));
        oracle = new Oracle(log, bugs);
        group = new ConsumerGroup(random, plan.partitions());
        redis = new FlakyRedis(time, random);
        redisSnapshot = redis.model.snapshot();
        for (int i = 0; i < plan.instances(); i++) {
            instances.add(new Instance(String.valueOf((char) ('a' + i)), this));
        }
    }

    private void committed(SimulatedLog.Transaction transaction) {
        if (!transaction.written.isEmpty()) {
            say(() -> transaction.id + " commits " + transaction.written.size() + " records");
        }
        oracle.committed(transaction);
    }

    /** Runs the history to its end, when all must be well. */
    void run(Plan plan) {
        instances.forEach(instance -> instance.start(true, threads));
        for (Step step : plan.steps()) {
            random.setSeed(step.seed());
            time.pass(TimeUnit.MILLISECONDS.toNanos(step.millis()));
            if (step.kind().happen(this) && step.kind().isFault()) {
                faults++;
                count(step.kind().toString());
            }
        }
        goOn();
    }

    private void goOn() {
        say(() -> "all faults end");
        redis.heal();
        log.clockMillis = 0;
        for (Instance instance : instances) {
            instance.heal();
            if (instance.state() == Instance.State.PAUSED) {
                instance.resume();
            } else if (instance.state() == Instance.State.DOWN) {
                instance.start(true, threads);
            }
        }
        removeDeadMembers();
        answerAll();
        closeAll();
        new TopicsCheck(log, bugs).check();
    }

    private void answerAll() {
        long most = ROUNDS + ROUNDS_PER_RECORD * oracle.records();
        for (long round = 0; oracle.answers() < oracle.records(); round++) {
            if (round > most) {
                throw new Violation(
                        Rule.EVERYTHING_GOES_ON,
                        "Only " + oracle.answers() + " of " + oracle.records() + " records are decided, " + round
                                + " rounds after the last fault");
            }
            round();
        }
    }

    private void closeAll() {
        TopicsCheck check = new TopicsCheck(log, bugs);
        for (int pause = 0; pause < PAUSES && !check.isSettled(); pause++) {
            time.pass(TimeUnit.SECONDS.toNanos(pause < SHORT_PAUSES ? 1 : 60));
            int idle = 0;
            for (int round = 0; idle < IDLE_ROUNDS && round < ROUNDS; round++) {
                idle = round() ? 0 : idle + 1;
            }
        }
    }

    private boolean round() {
        boolean worked = false;
        for (Instance instance : instances) {
            worked |= instance.stepAll();
        }
        time.pass(worked ? TimeUnit.MILLISECONDS.toNanos(1) : IDLE_NANOS);
        return worked;
    }

    /** Returns whether there was one. */
    boolean removeDeadMembers() {
        boolean removed = false;
        for (Map.Entry<String, String> each : new HashMap<>(group.members()).entrySet()) {
            Instance instance = instance(each.getValue());
            boolean alive = instance.state() == Instance.State.RUNNING && instance.isMember(each.getKey());
            if (!alive) {
                removed |= group.remove(each.getKey());
            }
        }
        return removed;
    }

    private Instance instance(String name) {
        return instances.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Returns the offset. */
    long send(OpenPacket open) {
        opens.add(open);
        byte[] key = open.packetId().getBytes(ISO_8859_1);
        int partition = BuiltInPartitioner.partitionForKey(key, log.partitions());
        long offset = log.append(Topic.OPENS, partition, key, Json.write(open));
        oracle.sent(Topic.OPENS, partition, offset, open);
        say(() -> "opens-" + partition + "@" + offset + ": " + open);
        return offset;
    }

    void send(CancelPacket cancel) {
        byte[] key = cancel.packetId().getBytes(ISO_8859_1);
        int partition = BuiltInPartitioner.partitionForKey(key, log.partitions());
        long offset = log.append(Topic.OPENS, partition, key, Json.write(cancel));
        oracle.sent(Topic.OPENS, partition, offset, cancel);
        say(() -> "opens-" + partition + "@" + offset + ": " + cancel);
    }

    /** Returns the offset. */
    long send(Grab grab) {
        grabs.add(grab);
        byte[] key = grab.packetId().getBytes(ISO_8859_1);
        int partition = BuiltInPartitioner.partitionForKey(key, log.partitions());
        long offset = log.append(Topic.GRABS, partition, key, Json.write(grab));
        oracle.sent(Topic.GRABS, partition, offset, grab);
        say(() -> "grabs-" + partition + "@" + offset + ": " + grab);
        return offset;
    }

    void sendUnreadable(Topic topic, int partition, byte[] key, byte[] value) {
        long offset = log.append(topic, partition, key, value);
        oracle.sent(topic, partition, offset, null);
        say(() -> topic + "-" + partition + "@" + offset + ": a record that cannot be read");
    }

    void meetBug(Topic topic, String packetId, long offset) {
        int partition = BuiltInPartitioner.partitionForKey(packetId.getBytes(ISO_8859_1), log.partitions());
        bugs.add(topic, partition, offset);
        say(() -> topic + "-" + partition + "@" + offset + " meets a bug");
    }

    void sentBack(Redriver.SentBack record) {
        oracle.sent(record.topic(), record.partition(), record.offset(), read(record));
        say(() -> record.topic() + "-" + record.partition() + "@" + record.offset()
                + ": a dead letter that was sent back");
    }

    private Object read(Redriver.SentBack record) {
        try {
            boolean open = record.topic() == Topic.OPENS;
            Object event = open ? Json.readCommand(record.value()) : Json.readGrab(record.value());
            String packetId = event instanceof PacketCommand command ? command.packetId() : ((Grab) event).packetId();
            return isRight(packetId, record.key(), record.partition(), log.partitions()) ? event : null;
        } catch (InvalidEventException unreadable) {
            return null;
        }
    }

    /** Deletes records that were decided, as retention does. Returns whether there was one. */
    boolean deleteOldRecords() {
        boolean any = false;
        for (Topic topic : List.of(Topic.OPENS, Topic.GRABS, Topic.STATS_DELTAS)) {
            for (int number = 0; number < log.partitions(); number++) {
                SimulatedLog.Partition partition = log.partition(topic, number);
                long old = oracle.decidedTo(topic, number) - partition.firstOffset;
                if (old > 0) {
                    partition.firstOffset += 1 + random.nextLong(old);
                    any = true;
                }
            }
        }
        return any;
    }

    /** A number that no other task of this history has. */
    long nextTask() {
        return tasks++;
    }

    static boolean isRight(String packetId, byte[] key, int partition, int partitions) {
        return key != null
                && packetId.equals(new String(key, ISO_8859_1))
                && BuiltInPartitioner.partitionForKey(key, partitions) == partition;
    }

    Instance anyInstance() {
        return instances.get(random.nextInt(instances.size()));
    }

    boolean coin() {
        return random.nextBoolean();
    }

    void say(Supplier<String> line) {
        if (story != null) {
            story.add(time.nanoTime() / 1e9, line);
        }
    }

    void count(String what) {
        counts.merge(what, 1, Integer::sum);
    }

    Map<String, Integer> counts() {
        return counts;
    }

    int faults() {
        return faults;
    }

    long answers() {
        return oracle.answers();
    }
}
