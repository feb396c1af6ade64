package redpacket.benchmark.figures;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.regex.Pattern;
import redpacket.clients.RedisConnection;

/**
 * CPU time in nanoseconds. Unlike rates it hardly depends on other load on the machine.
 *
 * @param streams the stream threads and the threads of their producers and consumers
 * @param kafka the broker's request and network threads; 0 when the broker is not in this JVM
 * @param redis the whole process
 * @param sink the thread of the read model, if there is one
 */
public record Cpu(long streams, long kafka, long redis, long sink) {
    /** Threads of clients carry the names of their stream threads. */
    private static final Pattern STREAMS = Pattern.compile(".*-StreamThread-.*");

    private static final Pattern KAFKA = Pattern.compile("data-plane-kafka-.*");
    private static final Pattern SINK = Pattern.compile("read-model");
    private static final Pattern REDIS = Pattern.compile("used_cpu_(?:sys|user):([\\d.]+)");

    /** The CPU time used so far. */
    public static Cpu now(RedisConnection redis) {
        String info = redis.commands().info("cpu").toCompletableFuture().join();
        double redisSeconds = REDIS.matcher(info)
                .results()
                .mapToDouble(found -> Double.parseDouble(found.group(1)))
                .sum();
        return new Cpu(ofThreads(STREAMS), ofThreads(KAFKA), (long) (redisSeconds * 1e9), ofThreads(SINK));
    }

    public Cpu since(Cpu before) {
        return new Cpu(streams - before.streams, kafka - before.kafka, redis - before.redis, sink - before.sink);
    }

    private static long ofThreads(Pattern names) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
                .filter(thread ->
                        thread != null && names.matcher(thread.getThreadName()).matches())
                .mapToLong(thread -> Math.max(0, threads.getThreadCpuTime(thread.getThreadId())))
                .sum();
    }
}
