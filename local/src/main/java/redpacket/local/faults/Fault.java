package redpacket.local.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import redpacket.events.Topic;
import redpacket.parts.LocalBroker;

/** The kinds of faults that a pipeline must survive. */
public enum Fault {
    INSTANCE_KILLED(Part.INSTANCES, 0, 3_000, (pipeline, random) -> {
        PipelineProcess instance = pipeline.anyInstance(random);
        instance.kill();
        return instance::start;
    }),
    ALL_INSTANCES_KILLED(Part.INSTANCES, 0, 2_000, (pipeline, random) -> {
        List<PipelineProcess> running =
                pipeline.instances().stream().filter(PipelineProcess::isAlive).toList();
        running.forEach(PipelineProcess::kill);
        return () -> running.forEach(PipelineProcess::start);
    }),
    INSTANCE_LOST_WITH_ITS_DISK(Part.INSTANCES, 0, 3_000, (pipeline, random) -> {
        PipelineProcess instance = pipeline.anyInstance(random);
        instance.kill();
        pipeline.loseState(instance);
        return instance::start;
    }),
    INSTANCE_REMOVED(Part.INSTANCES, 3_000, 8_000, (pipeline, random) -> {
        PipelineProcess instance = pipeline.anyInstance(random);
        instance.stop();
        return () -> {
            instance.awaitGone();
            instance.start();
        };
    }),
    /** An additional instance joins, and leaves later. */
    INSTANCE_ADDED(Part.INSTANCES, 8_000, 12_000, (pipeline, random) -> {
        PipelineProcess added = pipeline.instances().stream()
                .filter(instance -> !instance.isAlive())
                .findFirst()
                .orElseGet(pipeline::addInstance);
        added.start();
        return () -> {
            added.stop();
            added.awaitGone();
        };
    }),
    /**
     * Pauses an instance for longer than the session timeout of 6 s. The others take over its tasks. Then it resumes
     * and still acts as their owner.
     */
    INSTANCE_TURNED_ZOMBIE(Part.INSTANCES, 8_000, 12_000, (pipeline, random) -> {
        PipelineProcess instance = pipeline.anyInstance(random);
        instance.pause();
        return instance::resume;
    }),

    /** All instances stop and start without committed offsets, so they read everything again. */
    OFFSETS_DELETED(Part.INSTANCES, 0, 0, (pipeline, random) -> {
        List<PipelineProcess> running =
                pipeline.instances().stream().filter(PipelineProcess::isAlive).toList();
        running.forEach(PipelineProcess::stop);
        running.forEach(PipelineProcess::awaitGone);
        boolean deleted = pipeline.log().deleteCommittedOffsets();
        running.forEach(PipelineProcess::start);
        return healed(deleted ? 1 : 0);
    }),
    /** A grab for an unknown packet has a time up to two days in the future. */
    CLOCK_JUMPED(Part.KAFKA, 0, 0, (pipeline, random) -> {
        pipeline.log().appendGrabDatedAhead(Duration.ofMinutes(1 + random.nextInt(2_880)));
        return () -> {};
    }),

    /** Another producer dies in a transaction, which hides later grabs of its partition until its timeout. */
    TRANSACTION_ABANDONED(Part.KAFKA, 0, 0, (pipeline, random) -> {
        pipeline.log()
                .leaveTransactionOpen(
                        random.nextInt(BreakablePipeline.PARTITIONS), Duration.ofMillis(4_000 + random.nextInt(6_000)));
        return () -> {};
    }),
    /** The same with the longest timeout. An operator ends the transaction, as the runbook says. */
    TRANSACTION_HANGING(Part.KAFKA, 4_000, 14_000, (pipeline, random) -> {
        pipeline.log()
                .leaveTransactionOpen(random.nextInt(BreakablePipeline.PARTITIONS), BreakableLog.LONGEST_TRANSACTION);
        return pipeline.log()::abortTransactions;
    }),
    /** A record whose headers take fifty times the memory that they take in the log. */
    BOMB(Part.KAFKA, 0, 0, (pipeline, random) -> {
        pipeline.log().appendBomb("bomb-" + random.nextInt(1_000));
        return () -> {};
    }),

    BROKER_RESTARTED(Part.KAFKA, 0, 0, (pipeline, random) -> {
        pipeline.restartKafka();
        return () -> {};
    }),
    LEADER_KILLED(Part.KAFKA, 0, 12_000, (pipeline, random) -> {
        LocalBroker leader = pipeline.brokers().leaderOf(anyInput(random));
        leader.kill();
        return leader::start;
    }),
    COORDINATOR_KILLED(Part.KAFKA, 0, 12_000, (pipeline, random) -> {
        LocalBroker coordinator = pipeline.brokers().coordinator();
        coordinator.kill();
        return coordinator::start;
    }),
    CONTROLLER_KILLED(Part.KAFKA, 0, 12_000, (pipeline, random) -> {
        LocalBroker controller = pipeline.brokers().controller();
        controller.kill();
        return controller::start;
    }),
    BROKER_PAUSED(Part.KAFKA, 5_000, 15_000, (pipeline, random) -> {
        LocalBroker leader = pipeline.brokers().leaderOf(anyInput(random));
        leader.pause();
        return leader::resume;
    }),
    /** Two of three brokers are away, so that too few replicas are in sync: writes wait. */
    TWO_BROKERS_KILLED(Part.KAFKA, 0, 5_000, (pipeline, random) -> {
        List<LocalBroker> two = new ArrayList<>(pipeline.brokers().brokers());
        two.remove(random.nextInt(two.size()));
        two.forEach(LocalBroker::kill);
        return () -> two.forEach(LocalBroker::start);
    }),
    /** A broker comes back with an empty disk, while the others have all records. */
    BROKER_LOST_ITS_DISK(Part.KAFKA, 0, 0, (pipeline, random) -> {
        pipeline.brokers().awaitAll();
        LocalBroker leader = pipeline.brokers().leaderOf(anyInput(random));
        leader.kill();
        leader.loseDisk();
        leader.start();
        pipeline.brokers().awaitAll();
        return () -> {};
    }),

    REDIS_KILLED(Part.REDIS, 0, 6_000, (pipeline, random) -> {
        pipeline.redis().kill();
        return pipeline.redis()::restart;
    }),
    REDIS_STALLED(Part.REDIS, 500, 8_000, (pipeline, random) -> {
        pipeline.redis().pause();
        return pipeline.redis()::resume;
    }),
    REDIS_FLUSHED(Part.REDIS, 0, 0, (pipeline, random) -> {
        return healed(pipeline.onRedis("local keys = redis.call('DBSIZE') redis.call('FLUSHALL') return keys"));
    }),
    /** Like an eviction of keys. */
    REDIS_LOST_HALF_OF_A_QUEUE(Part.REDIS, 0, 0, (pipeline, random) -> {
        String half = random.nextBoolean() ? "shares" : "popped";
        return healed(pipeline.onRedis(
                "local hit = 0 for i, key in ipairs(redis.call('KEYS', ARGV[1])) do"
                        + " if i % 2 == 0 then hit = hit + redis.call('UNLINK', key) end end return hit",
                "redpacket:*:" + half));
    }),
    /** Like a failover to a replica that lags behind. */
    REDIS_FORGOT_ITS_LAST_POPS(Part.REDIS, 0, 0, (pipeline, random) -> {
        return healed(pipeline.onRedis(
                "local hit = 0 for _, popped in ipairs(redis.call('KEYS', 'redpacket:*:popped')) do"
                        + " local shares = string.gsub(popped, 'popped$', 'shares')"
                        + " for _ = 1, ARGV[1] do"
                        + " if redis.call('RPOPLPUSH', popped, shares) then hit = hit + 1 end end end return hit",
                String.valueOf(1 + random.nextInt(300))));
    }),
    /** Shares that are not numbers, impossible, or possible but wrong: one cent more, or the next share. */
    REDIS_DAMAGED(Part.REDIS, 0, 0, (pipeline, random) -> {
        return healed(pipeline.onRedis(
                "local hit = 0 for _, key in ipairs(redis.call('KEYS', 'redpacket:*:shares')) do"
                        + " local changed, first = ARGV[1], redis.call('LINDEX', key, 0)"
                        + " local cents, tag = string.match(first, '^(%d+)(.*)$')"
                        + " if changed == 'a cent more' and cents then"
                        + " changed = string.format('%.0f', cents + 1) .. tag"
                        + " elseif changed == 'the next' then changed = redis.call('LINDEX', key, 1) or changed end"
                        + " redis.call('LSET', key, 0, changed) hit = hit + 1 end return hit",
                List.of("0", "-5", "9007199254740993", "plenty", "a cent more", "the next")
                        .get(random.nextInt(6))));
    }),
    /** Another writer reverses the shares of each queue. Their number, their sum and the keys are right. */
    FOREIGN_QUEUE(Part.REDIS, 0, 0, (pipeline, random) -> {
        return healed(pipeline.onRedis("local hit, queues = 0, {}"
                + " for _, key in ipairs(redis.call('KEYS', 'redpacket:{*}:*')) do"
                + " queues[string.gsub(key, ':[a-z]+$', '')] = true end"
                + " for queue in pairs(queues) do local popped, shares = queue .. ':popped', queue .. ':shares'"
                + " local all = redis.call('LRANGE', popped, 0, -1)"
                + " for _, share in ipairs(redis.call('LRANGE', shares, 0, -1)) do all[#all + 1] = share end"
                + " redis.call('DEL', popped, shares)"
                + " for i = #all, 1, -1 do redis.call('RPUSH', shares, all[i]) end"
                + " if #all > 1 then hit = hit + 1 end end return hit"));
    }),
    REDIS_FULL(Part.REDIS, 1_000, 6_000, (pipeline, random) -> {
        pipeline.onRedis(commands -> commands.configSet("maxmemory", "1"));
        return () -> pipeline.onRedis(commands -> commands.configSet("maxmemory", "0"));
    }),
    /** A failed failover: a replica without a master. */
    REDIS_READ_ONLY(Part.REDIS, 1_000, 6_000, (pipeline, random) -> {
        pipeline.onRedis(commands -> commands.replicaof("127.0.0.1", 1));
        return () -> pipeline.onRedis(commands -> commands.replicaofNoOne());
    }),

    NETWORK_SLOW(Part.NETWORK, 2_000, 8_000, (pipeline, random) -> {
        pipeline.network().delay(50 + random.nextInt(950));
        return pipeline.network()::heal;
    }),
    NETWORK_CUT(Part.NETWORK, 500, 4_000, (pipeline, random) -> {
        pipeline.network().cutReplies();
        return pipeline.network()::heal;
    }),
    NETWORK_HALF_OPEN(Part.NETWORK, 1_000, 8_000, (pipeline, random) -> {
        pipeline.network().swallow();
        return pipeline.network()::heal;
    }),

    SINK_KILLED(Part.SINK, 0, 3_000, (pipeline, random) -> {
        pipeline.sink().kill();
        return pipeline.sink()::start;
    }),
    /** Mostly longer than the session timeout of 10 s. The sink then resumes without its partitions. */
    SINK_PAUSED(Part.SINK, 8_000, 14_000, (pipeline, random) -> {
        pipeline.sink().pause();
        return pipeline.sink()::resume;
    }),
    POSTGRES_KILLED(Part.SINK, 0, 6_000, (pipeline, random) -> {
        pipeline.postgres().kill();
        return pipeline.postgres()::restart;
    });

    /** The part that a fault breaks. Only one fault of a part lasts at a time, because healing it heals the part. */
    public enum Part {
        INSTANCES,
        KAFKA,
        REDIS,
        NETWORK,
        /** The sink and the PostgreSQL of its ledger. */
        SINK
    }

    /**
     * Returned by {@link #strike} if there was nothing to break. An anonymous class, because it is compared by identity
     * and lambdas have no specified identity.
     */
    @SuppressWarnings("UnnecessaryAnonymousClass")
    public static final Runnable MISSED = new Runnable() {
        @Override
        public void run() {}
    };

    private static final Set<Fault> OF_CLUSTERS = EnumSet.range(LEADER_KILLED, BROKER_LOST_ITS_DISK);

    private interface Strike {
        Runnable on(BreakablePipeline pipeline, Random random);
    }

    private final Part part;
    private final long leastMillis;
    private final long mostMillis;

    /** A lambda without state. */
    @SuppressWarnings("ImmutableEnumChecker")
    private final Strike strike;

    Fault(Part part, long leastMillis, long mostMillis, Strike strike) {
        this.part = part;
        this.leastMillis = leastMillis;
        this.mostMillis = mostMillis;
        this.strike = strike;
    }

    /** The kinds of faults that can happen to a pipeline: some need three brokers. */
    static Set<Fault> of(BreakablePipeline pipeline) {
        return pipeline.brokers() == null
                ? EnumSet.complementOf(EnumSet.copyOf(OF_CLUSTERS))
                : EnumSet.allOf(Fault.class);
    }

    public Part part() {
        return part;
    }

    /** A random duration for one strike. */
    public long millis(Random random) {
        return random.nextLong(leastMillis, mostMillis + 1);
    }

    /**
     * Breaks something, and returns the action that heals it. Returns {@link #MISSED} if there was nothing to break.
     */
    public Runnable strike(BreakablePipeline pipeline, Random random) {
        return strike.on(pipeline, random);
    }

    private static TopicPartition anyInput(Random random) {
        return new TopicPartition(Topic.GRABS.topicName(), random.nextInt(BreakablePipeline.PARTITIONS));
    }

    /** For faults in data, which the pipeline must detect and repair. */
    private static Runnable healed(long hit) {
        return hit == 0 ? MISSED : () -> {};
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
