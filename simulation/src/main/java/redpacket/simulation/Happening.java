package redpacket.simulation;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import redpacket.audit.TermsMix;
import redpacket.events.CancelPacket;
import redpacket.events.Grab;
import redpacket.events.Json;
import redpacket.events.OpenPacket;
import redpacket.events.Split;
import redpacket.events.Topic;

/** The kinds of things that happen in a history. */
enum Happening {
    // What clients do.
    OPEN(10, false, Happening::open),
    OPEN_AGAIN(2, false, Happening::openAgain),
    CANCEL(2, false, Happening::cancel),
    GRABS(30, false, Happening::grab),
    SAME_GRAB_AGAIN(8, false, Happening::grabAgain),
    BAD_RECORD(3, false, Happening::sendBadRecord),
    DEAD_LETTERS_ARE_SENT_BACK(3, false, world -> redrive(world, Redriver.End.COMMITTED)),

    // What instances do.
    WORK(60, false, Happening::work),
    TIME_PASSES(6, false, Happening::passTime),
    PACKETS_ARE_FORGOTTEN(1, false, Happening::passMinutes),

    // Faults.
    PROCESS_DIES(7, true, Happening::die),
    PROCESS_DIES_IN_AN_OPERATION(7, true, Happening::dieInAnOperation),
    PROCESS_STARTS(14, false, Happening::start),
    PROCESS_IS_PAUSED(4, true, Happening::pause),
    PROCESS_GOES_ON(6, false, Happening::resume),
    PROCESS_STOPS(2, true, Happening::stop),
    OPERATION_FAILS(5, true, Happening::failInAnOperation),
    COMMIT_IS_NOT_ANSWERED(4, true, Happening::loseCommitAnswer),
    SILENT_MEMBERS_ARE_REMOVED(8, true, Happening::removeSilentMembers),
    MEMBER_IS_REMOVED(2, true, Happening::removeMember),
    TASKS_MOVE(3, true, Happening::rebalance),
    PRODUCER_IS_FENCED(4, true, Happening::fence),
    RECORD_MEETS_A_BUG(3, true, Happening::meetBug),
    BUGS_ARE_MENDED(3, false, world -> world.bugs.mend()),
    REDRIVE_IS_ABORTED(1, true, world -> redrive(world, Redriver.End.ABORTED)),
    REDRIVE_DIES(2, true, world -> redrive(world, Redriver.End.ABANDONED)),
    OLD_RECORDS_ARE_DELETED(2, true, Happening::deleteOldRecords),
    OFFSETS_ARE_DELETED(2, true, Happening::deleteOffsets),
    OFFSETS_ARE_SET(3, true, Happening::setOffsets),
    REDIS_IS_EMPTIED(3, true, Happening::flush),
    REDIS_LOSES_A_KEY(3, true, Happening::loseKey),
    REDIS_LOSES_PART_OF_A_LIST(3, true, Happening::halve),
    REDIS_GOES_BACK(3, true, Happening::goBack),
    REDIS_IS_DAMAGED(4, true, Happening::damage),
    REDIS_HAS_ANOTHER_TYPE(2, true, Happening::changeType),
    REDIS_HAS_FOREIGN_SHARES(2, true, Happening::putForeignShares),
    REDIS_IS_SLOW(2, true, Happening::slowRedis),
    REDIS_IS_DOWN(2, true, Happening::stopRedis),
    REDIS_IS_WELL(6, false, Happening::healRedis),
    COMMAND_IS_LATE(4, true, world -> befall(world, FlakyRedis.Mishap.LATE)),
    COMMAND_RUNS_TWICE(4, true, world -> befall(world, FlakyRedis.Mishap.TWICE)),
    COMMAND_IS_LOST(3, true, world -> befall(world, FlakyRedis.Mishap.NEVER)),
    ANSWER_IS_LOST(3, true, world -> befall(world, FlakyRedis.Mishap.UNANSWERED)),
    BROKERS_CLOCK_JUMPS(3, true, Happening::setBrokersClock),
    CLOCK_OF_A_PROCESS_JUMPS(2, true, Happening::setClock),
    CLOCK_OF_REDIS_JUMPS(1, true, Happening::setRedisClock),
    CLOCKS_ARE_RIGHT(4, false, Happening::rightClocks);

    private static final List<Happening> WEIGHTED = List.of(values()).stream()
            .flatMap(each -> Collections.nCopies(each.weight, each).stream())
            .toList();

    private static final long[] JUMPS_MILLIS = {1_000, 5_000, 60_000, 1_800_000, -1_000, -5_000, -60_000};
    private static final List<String> USERS =
            IntStream.range(0, 9).mapToObj(i -> "u" + i).toList();

    /** Beyond the time for which a packet is made ready ahead of its start. */
    private static final long MOST_MILLIS_TO_START = 40_000;

    private static final int MOST_OPERATIONS = 12;

    private final int weight;
    private final boolean fault;

    @SuppressWarnings("ImmutableEnumChecker") // References to static methods.
    private final Predicate<World> happens;

    /**
     * @param happens returns whether it could
     */
    Happening(int weight, boolean fault, Predicate<World> happens) {
        this.weight = weight;
        this.fault = fault;
        this.happens = happens;
    }

    static Happening any(Random random) {
        return WEIGHTED.get(random.nextInt(WEIGHTED.size()));
    }

    boolean happen(World world) {
        return happens.test(world);
    }

    boolean isFault() {
        return fault;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static boolean open(World world) {
        world.send(anyPacket(world));
        return true;
    }

    private static OpenPacket anyPacket(World world) {
        Random random = world.random;
        int shares = random.nextInt(40) == 0 ? 300 : random.nextInt(7);
        long cents = random.nextInt(12) == 0 ? shares - 1 : (long) shares * (1 + random.nextInt(100));
        OpenPacket plain = new OpenPacket(
                "p" + world.opens.size(),
                "sender",
                cents,
                shares,
                random.nextInt(3) == 0 ? Split.EQUAL : Split.RANDOM,
                random.nextInt(3) == 0 ? "spring" : null,
                100 + random.nextInt(20_000));
        return new TermsMix(random, USERS, MOST_MILLIS_TO_START).addTo(plain, world.time.currentTimeMillis());
    }

    private static boolean cancel(World world) {
        if (world.opens.isEmpty()) {
            return false;
        }
        int last = world.opens.size() - 1;
        OpenPacket open = world.opens.get(Math.max(0, last - world.random.nextInt(6)));
        String packetId = world.random.nextInt(30) == 0 ? "nobody-opened-this" : open.packetId();
        String senderId = world.random.nextInt(8) == 0 ? "somebody-else" : open.senderId();
        world.send(new CancelPacket(packetId, senderId, "Why"));
        return true;
    }

    private static boolean openAgain(World world) {
        if (world.opens.isEmpty()) {
            return false;
        }
        OpenPacket before = world.opens.get(world.random.nextInt(world.opens.size()));
        world.send(
                world.coin()
                        ? before
                        : new OpenPacket(
                                before.packetId(),
                                before.senderId(),
                                before.totalCents() + 1,
                                before.shares(),
                                before.split(),
                                before.campaign(),
                                before.openForMillis()));
        return true;
    }

    private static boolean grab(World world) {
        int count = world.random.nextInt(20) == 0 ? 30 : 1 + world.random.nextInt(4);
        for (int i = 0; i < count; i++) {
            String packet = world.opens.isEmpty() || world.random.nextInt(30) == 0
                    ? "nobody-opened-this"
                    : world.opens
                            .get(Math.max(0, world.opens.size() - 1 - world.random.nextInt(4)))
                            .packetId();
            world.send(new Grab("g" + world.grabs.size(), packet, "u" + world.random.nextInt(count > 4 ? 100 : 9)));
        }
        return true;
    }

    private static boolean grabAgain(World world) {
        if (world.grabs.isEmpty()) {
            return false;
        }
        world.send(world.grabs.get(Math.max(0, world.grabs.size() - 1 - world.random.nextInt(8))));
        return true;
    }

    private static boolean sendBadRecord(World world) {
        Topic topic = world.coin() ? Topic.OPENS : Topic.GRABS;
        int partition = world.random.nextInt(world.log.partitions());
        byte[] key = "p0".getBytes(ISO_8859_1);
        if (world.coin()) {
            world.sendUnreadable(topic, partition, key, "{".getBytes(ISO_8859_1));
        } else {
            world.sendUnreadable(Topic.GRABS, partition, key, Json.write(new Grab("g", "another", "u0")));
        }
        return true;
    }

    private static boolean work(World world) {
        Instance instance = world.anyInstance();
        boolean worked = false;
        for (int left = 1 + world.random.nextInt(12); left > 0; left--) {
            worked |= instance.step();
            world.time.pass(world.random.nextInt(2_000_000));
        }
        return worked;
    }

    private static boolean passTime(World world) {
        long millis = world.random.nextInt(world.random.nextInt(4) == 0 ? 30_000 : 3_000);
        world.say(() -> millis + " ms pass");
        world.time.pass(TimeUnit.MILLISECONDS.toNanos(millis));
        return true;
    }

    private static boolean passMinutes(World world) {
        world.say(() -> "minutes pass");
        for (int i = 0; i < 30; i++) {
            world.time.pass(TimeUnit.SECONDS.toNanos(5));
            world.instances.forEach(Instance::stepAll);
        }
        return true;
    }

    private static boolean meetBug(World world) {
        if (world.opens.isEmpty()) {
            return false;
        }
        OpenPacket recent = world.opens.get(world.opens.size() - 1);
        if (world.random.nextInt(4) == 0) {
            OpenPacket open = anyPacket(world);
            world.meetBug(Topic.OPENS, open.packetId(), world.send(open));
        } else {
            Grab grab = new Grab("g" + world.grabs.size(), recent.packetId(), "u" + world.random.nextInt(9));
            world.meetBug(Topic.GRABS, grab.packetId(), world.send(grab));
        }
        return true;
    }

    private static boolean redrive(World world, Redriver.End end) {
        world.say(() -> "dead letters are sent back: " + end);
        List<Redriver.SentBack> sent = world.redriver.run(end);
        if (end == Redriver.End.COMMITTED) {
            sent.forEach(world::sentBack);
        }
        return !sent.isEmpty();
    }

    private static boolean deleteOldRecords(World world) {
        world.say(() -> "retention deletes decided records");
        return world.deleteOldRecords();
    }

    private static boolean die(World world) {
        Instance instance = world.anyInstance();
        if (instance.state() != Instance.State.RUNNING) {
            return false;
        }
        if (world.random.nextInt(4) > 0) {
            // Otherwise it would mostly die while it waits.
            grab(world);
            StreamThread thread = instance.busyThread();
            for (int i = 0; i < MOST_OPERATIONS && !thread.isCommitting(); i++) {
                instance.step(thread);
                world.time.pass(TimeUnit.MILLISECONDS.toNanos(1));
            }
            for (int left = world.random.nextInt(StreamThread.STEPS_OF_A_COMMIT); left > 0; left--) {
                instance.step(thread);
            }
        }
        if (instance.state() == Instance.State.RUNNING) {
            instance.die();
        }
        return true;
    }

    private static boolean dieInAnOperation(World world) {
        return failWithin(world, () -> {
            throw new StreamThread.Killed();
        });
    }

    private static boolean failInAnOperation(World world) {
        return failWithin(world, () -> {
            throw new KafkaException("simulated: a broker is away");
        });
    }

    private static boolean failWithin(World world, Runnable failure) {
        Instance instance = world.anyInstance();
        if (instance.state() != Instance.State.RUNNING) {
            return false;
        }
        grab(world);
        instance.busyThread().failAfter(world.random.nextInt(MOST_OPERATIONS), failure);
        work(world);
        return true;
    }

    private static boolean start(World world) {
        Instance instance = world.anyInstance();
        if (instance.state() != Instance.State.DOWN) {
            return false;
        }
        boolean withDisk = world.coin();
        world.say(() -> instance.name() + " starts " + (withDisk ? "with its disk" : "with an empty disk"));
        instance.start(withDisk, world.threads);
        return true;
    }

    private static boolean pause(World world) {
        Instance instance = world.anyInstance();
        if (instance.state() != Instance.State.RUNNING) {
            return false;
        }
        world.say(() -> instance.name() + " is paused while it " + instance.doing());
        instance.pause();
        return true;
    }

    private static boolean resume(World world) {
        Instance instance = world.anyInstance();
        if (instance.state() != Instance.State.PAUSED) {
            return false;
        }
        world.say(() -> instance.name() + " goes on");
        instance.resume();
        return work(world);
    }

    private static boolean stop(World world) {
        Instance instance = world.anyInstance();
        if (instance.state() != Instance.State.RUNNING) {
            return false;
        }
        world.say(() -> instance.name() + " stops");
        instance.stop();
        return true;
    }

    private static boolean loseCommitAnswer(World world) {
        Instance instance = world.anyInstance();
        if (instance.state() != Instance.State.RUNNING) {
            return false;
        }
        grab(world);
        instance.busyThread().loseNextCommitAnswer();
        return true;
    }

    private static boolean removeSilentMembers(World world) {
        return world.removeDeadMembers();
    }

    private static boolean removeMember(World world) {
        StreamThread thread = world.anyInstance().anyThread();
        world.say(() -> thread.member() + " is removed from the group");
        return world.group.remove(thread.member());
    }

    private static boolean rebalance(World world) {
        world.say(() -> "the group assigns its tasks again");
        world.group.rebalance();
        return true;
    }

    private static boolean fence(World world) {
        String id = world.anyInstance().busyThread().transactionalId();
        world.say(() -> id + " is fenced");
        return world.log.fence(id);
    }

    private static boolean deleteOffsets(World world) {
        world.say(() -> "the committed offsets are deleted");
        boolean any = !world.log.committedOffsets().isEmpty();
        world.log.committedOffsets().clear();
        world.group.rebalance();
        return any;
    }

    private static boolean setOffsets(World world) {
        Map<TopicPartition, Long> offsets = world.log.committedOffsets();
        if (offsets.isEmpty()) {
            return false;
        }
        TopicPartition partition = List.copyOf(offsets.keySet()).get(world.random.nextInt(offsets.size()));
        long to = Math.max(0, offsets.get(partition) + world.random.nextInt(21) - 10);
        long offset = Math.min(to, endOf(world, partition));
        world.say(() -> "the committed offset of " + partition + " is set to " + offset);
        offsets.put(partition, offset);
        world.group.rebalance();
        return true;
    }

    private static long endOf(World world, TopicPartition partition) {
        for (Topic topic : Topic.values()) {
            if (topic.topicName().equals(partition.topic())) {
                return world.log.partition(topic, partition.partition()).entries.size();
            }
        }
        throw new IllegalArgumentException("no topic: " + partition);
    }

    private static boolean flush(World world) {
        world.say(() -> "Redis is emptied");
        boolean any = !world.redis.model.keys().isEmpty();
        world.redis.model.flush();
        return any;
    }

    private static boolean loseKey(World world) {
        String key = anyList(world);
        if (key == null) {
            return false;
        }
        world.say(() -> "Redis loses " + key);
        return world.redis.model.unlink(key) > 0;
    }

    private static boolean halve(World world) {
        String key = anyList(world);
        if (key == null) {
            return false;
        }
        world.say(() -> "Redis loses half of " + key);
        world.redis.model.trim(key, world.redis.model.elements(key).size() / 2);
        return true;
    }

    private static boolean goBack(World world) {
        if (world.coin()) {
            world.redisSnapshot = world.redis.model.snapshot();
            return false;
        }
        world.say(() -> "Redis goes back to an earlier state");
        world.redisSnapshot.run();
        return true;
    }

    private static boolean damage(World world) {
        String key = anyList(world);
        if (key == null) {
            return false;
        }
        List<byte[]> elements = world.redis.model.elements(key);
        int index = world.random.nextInt(elements.size());
        byte[] old = elements.get(index);
        byte[] other = elements.get(world.random.nextInt(elements.size()));
        byte[] damaged = world.coin() ? other : oneMore(old);
        world.say(() -> "element " + index + " of " + key + " is now " + new String(damaged, ISO_8859_1));
        world.redis.model.setElement(key, index, damaged);
        return true;
    }

    /** The same entry with another number of cents. */
    private static byte[] oneMore(byte[] entry) {
        byte[] changed = entry.clone();
        changed[0] = (byte) (changed[0] == '9' ? '1' : changed[0] + 1);
        return changed;
    }

    private static boolean changeType(World world) {
        String key = anyList(world);
        if (key == null) {
            return false;
        }
        world.say(() -> key + " is a string now");
        world.redis.model.set(key, "foreign".getBytes(ISO_8859_1));
        return true;
    }

    private static boolean putForeignShares(World world) {
        String key = anyList(world);
        if (key == null) {
            return false;
        }
        List<byte[]> foreign = world.redis.model.elements(key).stream()
                .map(entry -> "7:0123456789abcdef".getBytes(ISO_8859_1))
                .toList();
        world.say(() -> key + " has shares of another program");
        world.redis.model.unlink(key);
        world.redis.model.push(key, foreign);
        return true;
    }

    private static String anyList(World world) {
        List<String> lists = world.redis.model.keys().stream()
                .filter(world.redis.model::isList)
                .toList();
        return lists.isEmpty() ? null : lists.get(world.random.nextInt(lists.size()));
    }

    private static boolean slowRedis(World world) {
        world.say(() -> "Redis is slow");
        world.redis.slowNanos = TimeUnit.MILLISECONDS.toNanos(1 + world.random.nextInt(4_000));
        return true;
    }

    private static boolean stopRedis(World world) {
        world.say(() -> "Redis is down");
        world.redis.isDown = true;
        return true;
    }

    private static boolean healRedis(World world) {
        world.redis.slowNanos = 0;
        world.redis.isDown = false;
        return true;
    }

    private static boolean befall(World world, FlakyRedis.Mishap mishap) {
        world.say(() -> "next command to Redis: " + mishap);
        world.redis.befallNextCommand(mishap);
        return true;
    }

    private static boolean setBrokersClock(World world) {
        world.log.clockMillis = anyJump(world);
        world.say(() -> "the broker's clock is " + world.log.clockMillis + " ms off");
        return true;
    }

    private static boolean setClock(World world) {
        Instance instance = world.anyInstance();
        instance.clockMillis = anyJump(world);
        world.say(() -> "the clock of " + instance.name() + " is " + instance.clockMillis + " ms off");
        return true;
    }

    private static boolean setRedisClock(World world) {
        world.redis.clockMillis = 20 * anyJump(world);
        world.say(() -> "the clock of Redis is " + world.redis.clockMillis + " ms off");
        return true;
    }

    private static long anyJump(World world) {
        return JUMPS_MILLIS[world.random.nextInt(JUMPS_MILLIS.length)];
    }

    private static boolean rightClocks(World world) {
        world.log.clockMillis = 0;
        world.redis.clockMillis = 0;
        world.instances.forEach(instance -> instance.clockMillis = 0);
        return true;
    }
}
