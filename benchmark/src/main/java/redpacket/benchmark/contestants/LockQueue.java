package redpacket.benchmark.contestants;

import io.lettuce.core.RedisClient;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SetArgs;
import io.lettuce.core.TransactionResult;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import redpacket.benchmark.figures.Cpu;
import redpacket.benchmark.figures.Measured;
import redpacket.benchmark.figures.Memory;
import redpacket.benchmark.ground.Ground;
import redpacket.benchmark.ground.Setup;
import redpacket.benchmark.load.AnswerCheck;
import redpacket.benchmark.load.Workload;
import redpacket.events.Grab;
import redpacket.events.OpenPacket;

/**
 * The contestant {@code lock-queue}, which is the tutorials' solution: a lock per packet, a sorted set of shares, a pop
 * in a transaction, a counter, directly on Redis without Kafka. It stores no answers. A process that dies between pop
 * and answer loses a share.
 */
final class LockQueue implements Contestant {
    private static final int THREADS = 8;
    private static final SetArgs LOCK = SetArgs.Builder.nx().px(10_000);

    /** Releases the lock only if this thread still holds it. */
    private static final String UNLOCK =
            "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) else return 0 end";

    /** Between attempts to get the lock: about as long as it is held. */
    private static final long RETRY_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

    private record Award(String packetId, String userId, int index) {}

    @Override
    public String name() {
        return "lock-queue";
    }

    @Override
    public String idea() {
        return "the tutorials' solution: a lock, a sorted set, WATCH and MULTI, a counter; on Redis, without Kafka";
    }

    @Override
    public int grabs(int asked) {
        return Math.max(1000, asked / 100);
    }

    @Override
    public Measured run(Workload workload, Setup setup) {
        try (Ground ground = Ground.start(1, setup);
                RedisClient client = RedisClient.create(ground.redis().uri())) {
            open(workload, client);
            LongAdder calls = new LongAdder();
            AnswerCheck check = AnswerCheck.of(workload);
            List<Grab> grabs = workload.grabStream().toList();
            long started = System.nanoTime();
            List<List<Award>> awards = grabAll(grabs, client, calls);
            long nanos = System.nanoTime() - started;
            check.countAnswers(grabs.size());
            awards.forEach(some -> some.forEach(award -> check.count(award.packetId, award.userId, award.index)));
            check.conclude(workload.expectedAwards());
            return new Measured(
                    grabs.size(),
                    nanos,
                    nanos,
                    calls.sum(),
                    new Cpu(0, 0, ground.cpu().redis(), 0),
                    Memory.now());
        }
    }

    private static void open(Workload workload, RedisClient client) {
        try (StatefulRedisConnection<String, String> connection = client.connect()) {
            RedisCommands<String, String> redis = connection.sync();
            for (OpenPacket open : (Iterable<OpenPacket>) workload.openStream()::iterator) {
                for (int i = 0; i < open.shares(); i++) {
                    redis.zadd(key(open.packetId(), "shares"), i, i + " " + open.totalCents() / open.shares());
                }
            }
        }
    }

    private static List<List<Award>> grabAll(List<Grab> grabs, RedisClient client, LongAdder calls) {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<List<Award>>> parts = IntStream.range(0, THREADS)
                    .mapToObj(thread -> threads.submit(() -> grabSome(grabs, thread, client, calls)))
                    .toList();
            List<List<Award>> awards = new ArrayList<>();
            for (Future<List<Award>> part : parts) {
                awards.add(part.get());
            }
            return awards;
        } catch (ExecutionException e) {
            throw new IllegalStateException("A grab failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while grabbing", e);
        } finally {
            threads.shutdownNow();
        }
    }

    private static List<Award> grabSome(List<Grab> grabs, int thread, RedisClient client, LongAdder calls) {
        List<Award> awards = new ArrayList<>();
        // A transaction belongs to its connection, so every thread has its own connection.
        try (StatefulRedisConnection<String, String> connection = client.connect()) {
            for (int i = thread; i < grabs.size(); i += THREADS) {
                Award award = grab(grabs.get(i), connection.sync(), calls);
                if (award != null) {
                    awards.add(award);
                }
            }
        }
        return awards;
    }

    private static Award grab(Grab grab, RedisCommands<String, String> redis, LongAdder calls) {
        String lock = key(grab.packetId(), "lock");
        String token = Long.toHexString(ThreadLocalRandom.current().nextLong());
        calls.increment();
        while (redis.set(lock, token, LOCK) == null) {
            LockSupport.parkNanos(RETRY_NANOS);
            calls.increment();
        }
        try {
            return grabLocked(grab, redis, calls);
        } finally {
            calls.increment();
            redis.eval(UNLOCK, ScriptOutputType.INTEGER, new String[] {lock}, token);
        }
    }

    /** Returns null when the user gets no share. */
    private static Award grabLocked(Grab grab, RedisCommands<String, String> redis, LongAdder calls) {
        String winners = key(grab.packetId(), "winners");
        String shares = key(grab.packetId(), "shares");
        calls.increment();
        if (redis.hget(winners, grab.userId()) != null) {
            return null;
        }
        while (true) {
            calls.add(2);
            redis.watch(shares);
            List<String> first = redis.zrange(shares, 0, 0);
            if (first.isEmpty()) {
                calls.increment();
                redis.unwatch();
                return null;
            }
            String share = first.get(0);
            calls.add(5);
            redis.multi();
            redis.zrem(shares, share);
            redis.hset(winners, grab.userId(), grab.grabId() + " " + share);
            redis.incr(key(grab.packetId(), "count"));
            TransactionResult done = redis.exec();
            if (!done.wasDiscarded()) {
                return new Award(
                        grab.packetId(), grab.userId(), Integer.parseInt(share.substring(0, share.indexOf(' '))));
            }
        }
    }

    private static String key(String packetId, String part) {
        return "lock-queue:{" + packetId + "}:" + part;
    }
}
