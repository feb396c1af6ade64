package redpacket.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.record.TimestampType;
import redpacket.clients.Causes;
import redpacket.events.Topic;
import redpacket.topology.inputs.DrainedInputs;
import redpacket.topology.inputs.LookAhead;
import redpacket.topology.packet.SeedSecret;
import redpacket.topology.shares.Patience;
import redpacket.topology.shares.ShareQueues;
import redpacket.topology.shares.SharesUnavailableException;
import redpacket.topology.shares.Time;
import redpacket.topology.state.LiveMemory;
import redpacket.topology.state.PacketLifetime;
import redpacket.topology.stats.WindowSettings;
import redpacket.topology.stores.InputTopics;
import redpacket.topology.streams.PacketMeters;
import redpacket.topology.streams.RedPacketTopology;
import redpacket.topology.streams.TopologyDependencies;

/**
 * A process with one stream thread, which does one thing at a time: it joins the group, starts a task, polls, decides a
 * record, or takes one step of a commit. Between any two steps, and in the middle of them, it may die.
 */
final class Instance {
    static final int STEPS_OF_A_COMMIT = 4;
    private static final int FULL_POLL = 6;
    private static final long COMMIT_INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final String name;
    private final World world;
    private final Map<Integer, Task> tasks = new TreeMap<>();
    private LookAhead.Fetched fetched;
    private DrainedInputs.Polls polls;

    private Nodes nodes;
    private Patience patience;
    private ShareQueues queues;
    private SimulatedLog.Producer producer;
    private String member;
    private State state = State.DOWN;
    private int life;
    private Phase phase = Phase.WORK;
    private boolean commitRequested;
    private long lastCommitNanos;
    private int failAfter = -1;
    private Runnable failure;
    private boolean loseNextCommitAnswer;

    /** What the clock of this machine adds to the true time. */
    long clockMillis;

    enum State {
        DOWN,
        RUNNING,
        PAUSED
    }

    private enum Phase {
        WORK,
        FLUSH,
        OFFSETS,
        END,
        KNOWN
    }

    /** The process died here. */
    static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    Instance(String name, World world) {
        this.name = name;
        this.world = world;
    }

    void start(boolean withDisk) {
        if (!withDisk) {
            life++;
        }
        Properties settings = new Properties();
        LookAhead lookAhead = new LookAhead();
        DrainedInputs drained = new DrainedInputs();
        lookAhead.addTo(settings);
        fetched = new LookAhead.Fetched();
        fetched.configure(ofConsumer(settings));
        polls = drained.polls(FULL_POLL);
        Waiting waiting = new Waiting();
        queues = new ShareQueues(
                world.redis::commands,
                () -> world.redis.isDown ? Optional.of("simulated: down") : Optional.empty(),
                waiting,
                new Later(world.time));
        PacketLifetime lifetime = new PacketLifetime(World.GRACE, World.RETENTION);
        TopologyDependencies dependencies = new TopologyDependencies(
                SeedSecret.of(World.SECRET),
                queues,
                lifetime,
                WindowSettings.of(World.WINDOW, World.GRACE),
                new LiveMemory(world.memory),
                new PacketMeters(),
                waiting,
                () -> patience);
        nodes = new Nodes();
        RedPacketTopology.addTo(nodes, dependencies, world.log.partitions(), lookAhead, drained, new Topics());
        failAfter = -1;
        failure = null;
        loseNextCommitAnswer = false;
        state = State.RUNNING;
        enter();
    }

    private void enter() {
        tasks.clear();
        phase = Phase.WORK;
        patience = new Patience(TopologyDependencies.GRABS_PATIENCE);
        commitRequested = false;
        lastCommitNanos = world.time.nanoTime();
        producer = world.log.producer(transactionalId());
        member = world.group.enter(name);
    }

    String transactionalId() {
        return name + "-" + life;
    }

    /** Does one thing. Returns whether it was more than waiting. */
    boolean step() {
        if (state != State.RUNNING) {
            return false;
        }
        try {
            return phase == Phase.WORK ? work() : commitStep();
        } catch (Killed e) {
            die();
        } catch (RuntimeException e) {
            fail(e);
        }
        return true;
    }

    private boolean work() {
        if (tasks.values().stream().anyMatch(Task::hasFetched)) {
            for (Task task : List.copyOf(tasks.values())) {
                if (task.hasFetched()) {
                    task.processNext();
                }
            }
            if (commitRequested) {
                phase = Phase.FLUSH;
            }
            return true;
        }
        if (!world.group.isMember(member)) {
            world.say(() -> name + " notices that the group has removed it");
            rejoin(false);
            return true;
        }
        if (world.group.mustJoin(member)) {
            if (tasks.values().stream().anyMatch(Task::isChanged)) {
                phase = Phase.FLUSH;
            } else {
                world.say(() -> name + " gives its tasks back, and joins the group again");
                closeTasks();
                world.group.join(member);
            }
            return true;
        }
        for (Task task : tasks.values()) {
            if (task.isPunctuationDue()) {
                task.punctuate();
                return true;
            }
        }
        if (commitRequested
                || (world.time.nanoTime() - lastCommitNanos >= COMMIT_INTERVAL_NANOS
                        && tasks.values().stream().anyMatch(Task::isChanged))) {
            phase = Phase.FLUSH;
            return true;
        }
        return startTask() || poll();
    }

    private boolean startTask() {
        for (int partition : world.group.assigned(member)) {
            if (!tasks.containsKey(partition)
                    && world.log.isSettled(Task.changelogs(nodes, partition), Task.inputs(nodes, partition))) {
                world.say(() -> name + " starts task " + partition);
                Task task = new Task(this, nodes, partition);
                tasks.put(partition, task);
                task.start();
                return true;
            }
        }
        return false;
    }

    private boolean poll() {
        Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> polled = new HashMap<>();
        int left = FULL_POLL;
        for (Task task : tasks.values()) {
            for (Topic topic : nodes.sources.keySet()) {
                List<ConsumerRecord<byte[], byte[]>> records = fetch(task, topic, left);
                left -= records.size();
                if (!records.isEmpty()) {
                    polled.put(new TopicPartition(topic.topicName(), task.partition()), records);
                    task.addFetched(topic, records);
                }
            }
        }
        if (polled.isEmpty()) {
            return false;
        }
        Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>();
        ConsumerRecords<byte[], byte[]> records = new ConsumerRecords<>(polled, next);
        fetched.onConsume(records);
        polls.returned(records, this::lag);
        return true;
    }

    private OptionalLong lag(TopicPartition from) {
        Topic topic = nodes.sources.keySet().stream()
                .filter(source -> source.topicName().equals(from.topic()))
                .findFirst()
                .orElseThrow();
        long end = world.log.stableEnd(world.log.partition(topic, from.partition()));
        return OptionalLong.of(end - tasks.get(from.partition()).position(topic));
    }

    private List<ConsumerRecord<byte[], byte[]>> fetch(Task task, Topic topic, int most) {
        SimulatedLog.Partition from = world.log.partition(topic, task.partition());
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        long offset = task.position(topic);
        long end = world.log.stableEnd(from);
        for (; offset < end && records.size() < most; offset++) {
            SimulatedLog.Entry entry = from.entries.get((int) offset);
            if (SimulatedLog.isRecord(entry)) {
                records.add(new ConsumerRecord<>(
                        topic.topicName(),
                        task.partition(),
                        offset,
                        entry.timestamp(),
                        TimestampType.CREATE_TIME,
                        ConsumerRecord.NULL_SIZE,
                        ConsumerRecord.NULL_SIZE,
                        entry.key(),
                        entry.value(),
                        entry.headers(),
                        Optional.empty()));
            }
        }
        task.setPosition(topic, offset);
        return records;
    }

    private boolean commitStep() {
        mayFail();
        switch (phase) {
            case FLUSH -> {
                tasks.values().stream().filter(Task::isChanged).forEach(Task::flush);
                phase = Phase.OFFSETS;
            }
            case OFFSETS -> {
                Map<TopicPartition, Long> offsets = new HashMap<>();
                tasks.values().stream().filter(Task::isChanged).forEach(task -> offsets.putAll(task.offsets()));
                producer.sendOffsets(offsets, world.group.isMember(member));
                phase = Phase.END;
            }
            case END -> {
                producer.commit();
                phase = Phase.KNOWN;
            }
            case KNOWN -> {
                if (loseNextCommitAnswer) {
                    loseNextCommitAnswer = false;
                    throw new KafkaException("simulated: no answer to the commit");
                }
                tasks.values().forEach(Task::committed);
                commitRequested = false;
                lastCommitNanos = world.time.nanoTime();
                phase = Phase.WORK;
            }
            case WORK -> throw new IllegalStateException();
        }
        return true;
    }

    /** The thread fails and is replaced, which repeats what is not committed. */
    private void fail(RuntimeException e) {
        boolean outage = Causes.find(e, KafkaException.class).isPresent()
                || Causes.find(e, SharesUnavailableException.class).isPresent();
        if (!outage) {
            throw e instanceof Violation violation
                    ? violation
                    : new Violation(
                            Violation.Rule.ONLY_OUTAGES_FAIL_THREADS, "The thread of " + name + " failed: " + e, e);
        }
        world.say(() -> "the thread of " + name + " fails and is replaced: "
                + Causes.root(e).getMessage());
        rejoin(world.coin());
    }

    private void rejoin(boolean abort) {
        closeTasks();
        if (abort) {
            producer.abort();
        }
        world.group.remove(member);
        failAfter = -1;
        failure = null;
        loseNextCommitAnswer = false;
        enter();
    }

    private void closeTasks() {
        tasks.values().forEach(Task::close);
        tasks.clear();
    }

    /** Leaves an open transaction and a member of the group behind. */
    void die() {
        world.say(() -> name + " dies while it " + doing());
        world.count("died while it " + doing());
        state = State.DOWN;
        tasks.clear();
        queues.close();
    }

    /** What the next step is, in words. */
    String doing() {
        return switch (phase) {
            case WORK -> tasks.values().stream().anyMatch(Task::hasFetched) ? "decides grabs" : "waits";
            case FLUSH -> "is about to write its stores";
            case OFFSETS -> "has written its stores";
            case END -> "has sent its offsets";
            case KNOWN -> "has committed and does not know";
        };
    }

    /** Stops in an orderly way. */
    void stop() {
        for (int i = 0; i < 2 * STEPS_OF_A_COMMIT && phase != Phase.WORK; i++) {
            step();
        }
        if (state == State.RUNNING && phase == Phase.WORK) {
            world.group.remove(member);
            closeTasks();
            producer.abort();
            queues.close();
            state = State.DOWN;
        }
    }

    void pause() {
        state = State.PAUSED;
    }

    void resume() {
        state = State.RUNNING;
    }

    State state() {
        return state;
    }

    String name() {
        return name;
    }

    String member() {
        return member;
    }

    boolean isCommitting() {
        return phase != Phase.WORK;
    }

    /** Lets one of the next operations fail. */
    void failAfter(int operations, Runnable how) {
        failAfter = operations;
        failure = how;
    }

    void loseNextCommitAnswer() {
        loseNextCommitAnswer = true;
    }

    void heal() {
        failAfter = -1;
        failure = null;
        loseNextCommitAnswer = false;
        clockMillis = 0;
    }

    /** Called at each operation that can fail. A failure stays, as that of a producer does. */
    void mayFail() {
        if (failAfter > 0) {
            failAfter--;
        } else if (failAfter == 0) {
            failure.run();
        }
    }

    void requestCommit() {
        commitRequested = true;
    }

    SimulatedLog log() {
        return world.log;
    }

    SimulatedTime time() {
        return world.time;
    }

    SimulatedLog.Producer producer() {
        return producer;
    }

    long wallMillis() {
        return world.time.currentTimeMillis() + clockMillis;
    }

    private static Map<String, Object> ofConsumer(Properties settings) {
        Map<String, Object> own = new HashMap<>();
        settings.forEach((key, value) -> own.put(key.toString().replaceFirst("^main\\.consumer\\.", ""), value));
        return own;
    }

    /** The time as this process sees it. It may die while it waits. */
    private final class Waiting implements Time {
        @Override
        public long nanoTime() {
            return world.time.nanoTime();
        }

        @Override
        public long currentTimeMillis() {
            return wallMillis();
        }

        @Override
        public void park(long nanos) {
            mayFail();
            world.time.park(nanos);
        }

        @Override
        public <T> T get(CompletableFuture<T> future, long nanos)
                throws InterruptedException, ExecutionException, TimeoutException {
            if (!future.isDone()) {
                mayFail();
            }
            return world.time.get(future, nanos);
        }

        @Override
        public <T> T join(CompletableFuture<T> future) {
            return world.time.join(future);
        }
    }

    private final class Topics implements InputTopics {
        @Override
        public Uuid idAtStart(Topic topic) {
            return new Uuid(1, 1);
        }

        @Override
        public long goBackTo(TopicPartition partition, long offset) {
            Task task = tasks.get(partition.partition());
            for (Topic topic : nodes.sources.keySet()) {
                if (topic.topicName().equals(partition.topic())) {
                    long position = task.position(topic);
                    task.setPosition(topic, Math.min(position, offset));
                    return Math.max(position, offset);
                }
            }
            throw new IllegalArgumentException("no input: " + partition);
        }
    }

    /** Runs work as an event of its own. */
    private static final class Later extends AbstractExecutorService {
        private final SimulatedTime time;
        private boolean stopped;

        Later(SimulatedTime time) {
            this.time = time;
        }

        @Override
        public void execute(Runnable work) {
            time.after(1, () -> {
                if (!stopped) {
                    work.run();
                }
            });
        }

        @Override
        public void shutdown() {
            stopped = true;
        }

        @Override
        public List<Runnable> shutdownNow() {
            stopped = true;
            return List.of();
        }

        @Override
        public boolean isShutdown() {
            return stopped;
        }

        @Override
        public boolean isTerminated() {
            return stopped;
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) {
            return true;
        }
    }
}
