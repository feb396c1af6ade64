package redpacket.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import redpacket.clients.Causes;
import redpacket.events.Topic;
import redpacket.topology.inputs.DrainedInputs;
import redpacket.topology.inputs.LookAhead;
import redpacket.topology.shares.Patience;
import redpacket.topology.shares.SharesUnavailableException;
import redpacket.topology.streams.TopologyDependencies;

/**
 * A stream thread, which does one thing at a time: it joins the group, starts a task, polls, decides a record, or takes
 * one step of a commit. Between any two steps, and in the middle of them, its process may die.
 */
final class StreamThread {
    static final int STEPS_OF_A_COMMIT = 4;
    static final int FULL_POLL = 6;
    private static final long COMMIT_INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Instance instance;
    private final World world;
    private final String name;
    private final int number;
    private final LookAhead.Fetched fetched;
    private final DrainedInputs.Polls polls;
    private final Map<Integer, Task> tasks = new TreeMap<>();

    private Patience patience;
    private SimulatedLog.Producer producer;
    private String member;
    private Phase phase = Phase.WORK;
    private boolean commitRequested;
    private long lastCommitNanos;
    private int failAfter = -1;
    private Runnable failure;
    private boolean loseNextCommitAnswer;

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

    StreamThread(Instance instance, World world, int number, LookAhead.Fetched fetched, DrainedInputs.Polls polls) {
        this.instance = instance;
        this.world = world;
        this.number = number;
        this.name = instance.name() + number;
        this.fetched = fetched;
        this.polls = polls;
    }

    /** Begins as a new member of the group, with a new producer that fences its predecessor. */
    void enter() {
        tasks.clear();
        phase = Phase.WORK;
        patience = new Patience(TopologyDependencies.GRABS_PATIENCE);
        commitRequested = false;
        lastCommitNanos = world.time.nanoTime();
        producer = world.log.producer(transactionalId(), instance.isExactlyOnce());
        member = world.group.enter(name, instance.name());
    }

    String transactionalId() {
        return instance.processId() + "-" + number;
    }

    /** Does one thing. Returns whether it was more than waiting. */
    boolean step() {
        try {
            return phase == Phase.WORK ? work() : commitStep();
        } catch (Killed e) {
            instance.die();
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
        Nodes nodes = instance.nodes();
        for (int partition : world.group.assigned(member)) {
            if (!tasks.containsKey(partition)
                    && world.log.isSettled(Task.changelogs(nodes, partition), Task.inputs(nodes, partition))) {
                world.say(() -> name + " starts task " + partition);
                Task task = new Task(this, nodes, partition, world.nextTask());
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
            for (Topic topic : instance.nodes().sources.keySet()) {
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
        long end = world.log.stableEnd(world.log.partition(topic(from), from.partition()));
        return OptionalLong.of(end - tasks.get(from.partition()).position(topic(from)));
    }

    private Topic topic(TopicPartition input) {
        return instance.nodes().sources.keySet().stream()
                .filter(source -> source.topicName().equals(input.topic()))
                .findFirst()
                .orElseThrow();
    }

    private List<ConsumerRecord<byte[], byte[]>> fetch(Task task, Topic topic, int most) {
        SimulatedLog.Partition from = world.log.partition(topic, task.partition());
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        // Out of range: the consumer begins with the first record that is left.
        long offset = Math.max(from.firstOffset, task.position(topic));
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
        boolean expected = Causes.find(e, KafkaException.class).isPresent()
                || Causes.find(e, SharesUnavailableException.class).isPresent()
                || Causes.find(e, Bugs.BugException.class).isPresent();
        if (!expected) {
            throw e instanceof Violation violation
                    ? violation
                    : new Violation(
                            Violation.Rule.ONLY_OUTAGES_FAIL_THREADS, "The thread of " + name + " failed: " + e, e);
        }
        world.say(() -> "the thread " + name + " fails and is replaced: "
                + Causes.root(e).getMessage());
        rejoin(world.coin());
    }

    private void rejoin(boolean abort) {
        closeTasks();
        if (abort) {
            producer.abort();
        }
        world.group.remove(member);
        heal();
        enter();
    }

    private void closeTasks() {
        tasks.values().forEach(Task::close);
        tasks.clear();
    }

    /** Ends in an orderly way. */
    void leave() {
        world.group.remove(member);
        closeTasks();
        producer.abort();
    }

    /** Ends with its process. */
    void end() {
        tasks.clear();
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

    boolean hasTasks() {
        return !tasks.isEmpty();
    }

    boolean isCommitting() {
        return phase != Phase.WORK;
    }

    String member() {
        return member;
    }

    Patience patience() {
        return patience;
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
    }

    /** Called at each operation that can fail. A failure stays, as that of a producer does. */
    void mayFail() {
        if (failAfter > 0) {
            failAfter--;
        } else if (failAfter == 0) {
            failure.run();
        }
    }

    /** As {@link redpacket.topology.stores.InputTopics#goBackTo}. */
    long goBackTo(TopicPartition partition, long offset) {
        Task task = tasks.get(partition.partition());
        Topic topic = topic(partition);
        long position = task.position(topic);
        task.setPosition(topic, Math.min(position, offset));
        return Math.max(position, offset);
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

    Bugs bugs() {
        return world.bugs;
    }

    SimulatedLog.Producer producer() {
        return producer;
    }

    long wallMillis() {
        return instance.wallMillis();
    }
}
