package redpacket.simulation;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.streams.StreamsConfig;
import redpacket.clients.KafkaAddress;
import redpacket.events.Topic;
import redpacket.topology.inputs.DrainedInputs;
import redpacket.topology.inputs.LookAhead;
import redpacket.topology.packet.SeedSecret;
import redpacket.topology.shares.ShareQueues;
import redpacket.topology.shares.Time;
import redpacket.topology.state.LiveMemory;
import redpacket.topology.state.PacketLifetime;
import redpacket.topology.stats.WindowSettings;
import redpacket.topology.stores.InputTopics;
import redpacket.topology.streams.PacketMeters;
import redpacket.topology.streams.RedPacketTopology;
import redpacket.topology.streams.StreamsSettings;
import redpacket.topology.streams.TopologyDependencies;

/** A process with some stream threads, which share its connection to Redis and its memory. */
final class Instance {
    private static final boolean EXACTLY_ONCE = StreamsConfig.EXACTLY_ONCE_V2.equals(
            new StreamsSettings(KafkaAddress.of("simulated:1"), "simulated", Path.of("simulated"), 1, 1)
                    .toProperties()
                    .get(StreamsConfig.PROCESSING_GUARANTEE_CONFIG));

    private final String name;
    private final World world;
    private final List<StreamThread> threads = new ArrayList<>();

    private Nodes nodes;
    private ShareQueues queues;

    /** The thread that works at the moment, or worked last. */
    private StreamThread working;

    private State state = State.DOWN;
    private int life;

    /** What the clock of this machine adds to the true time. */
    long clockMillis;

    enum State {
        DOWN,
        RUNNING,
        PAUSED
    }

    Instance(String name, World world) {
        this.name = name;
        this.world = world;
    }

    /** @param count of stream threads */
    void start(boolean withDisk, int count) {
        if (!withDisk) {
            life++;
        }
        Properties settings = new Properties();
        LookAhead lookAhead = new LookAhead();
        DrainedInputs drained = new DrainedInputs();
        lookAhead.addTo(settings);
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
                () -> working.patience());
        nodes = new Nodes();
        RedPacketTopology.addTo(nodes, dependencies, world.log.partitions(), lookAhead, drained, new Topics());
        threads.clear();
        for (int i = 1; i <= count; i++) {
            threads.add(new StreamThread(this, world, i, fetched(settings), drained.polls(StreamThread.FULL_POLL)));
        }
        state = State.RUNNING;
        for (StreamThread thread : threads) {
            working = thread;
            thread.enter();
        }
    }

    private static LookAhead.Fetched fetched(Properties settings) {
        LookAhead.Fetched fetched = new LookAhead.Fetched();
        Map<String, Object> ofConsumer = new HashMap<>();
        settings.forEach((key, value) -> ofConsumer.put(key.toString().replaceFirst("^main\\.consumer\\.", ""), value));
        fetched.configure(ofConsumer);
        return fetched;
    }

    /** Lets one thread do one thing. Returns whether it was more than waiting. */
    boolean step() {
        return !threads.isEmpty() && step(anyThread());
    }

    /** Lets each thread do one thing. Returns whether one did more than waiting. */
    boolean stepAll() {
        boolean worked = false;
        for (StreamThread thread : List.copyOf(threads)) {
            worked |= step(thread);
        }
        return worked;
    }

    /** Lets this thread do one thing. */
    boolean step(StreamThread thread) {
        if (state != State.RUNNING) {
            return false;
        }
        working = thread;
        return thread.step();
    }

    /** Leaves open transactions and members of the group behind. */
    void die() {
        world.say(() -> name + " dies while it " + doing());
        world.count("died while it " + doing());
        state = State.DOWN;
        threads.forEach(StreamThread::end);
        queues.close();
    }

    /** What the thread that worked last does next, in words. */
    String doing() {
        return working.doing();
    }

    /** Stops in an orderly way. */
    void stop() {
        for (StreamThread thread : threads) {
            for (int i = 0; i < 2 * StreamThread.STEPS_OF_A_COMMIT && thread.isCommitting(); i++) {
                step(thread);
            }
        }
        if (state == State.RUNNING && threads.stream().noneMatch(StreamThread::isCommitting)) {
            threads.forEach(StreamThread::leave);
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

    /** What its producers are called; another one with another disk. */
    String processId() {
        return name + "-" + life;
    }

    boolean isExactlyOnce() {
        return EXACTLY_ONCE;
    }

    Nodes nodes() {
        return nodes;
    }

    /** One of the threads, running or not; null before the first start. */
    StreamThread anyThread() {
        return threads.isEmpty() ? null : threads.get(world.random.nextInt(threads.size()));
    }

    /** One of the threads that have tasks, or any if none has. */
    StreamThread busyThread() {
        List<StreamThread> busy =
                threads.stream().filter(StreamThread::hasTasks).toList();
        return busy.isEmpty() ? anyThread() : busy.get(world.random.nextInt(busy.size()));
    }

    boolean isMember(String member) {
        return threads.stream().anyMatch(thread -> thread.member().equals(member));
    }

    void heal() {
        threads.forEach(StreamThread::heal);
        clockMillis = 0;
    }

    long wallMillis() {
        return world.time.currentTimeMillis() + clockMillis;
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
            working.mayFail();
            world.time.park(nanos);
        }

        @Override
        public <T> T get(CompletableFuture<T> future, long nanos)
                throws InterruptedException, ExecutionException, TimeoutException {
            if (!future.isDone()) {
                working.mayFail();
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
        public long beginningAtStart(Topic topic, int partition) {
            return world.log.partition(topic, partition).firstOffset;
        }

        @Override
        public long goBackTo(TopicPartition partition, long offset) {
            return working.goBackTo(partition, offset);
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
