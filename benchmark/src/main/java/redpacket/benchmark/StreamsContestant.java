package redpacket.benchmark;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.Arrays;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KafkaStreams.State;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import redpacket.events.Json;
import redpacket.producer.PacketProducer;
import redpacket.topology.streams.StreamsSettings;

/**
 * A Kafka Streams topology, run with the settings of the real one.
 *
 * <p>Packets are opened while it runs. Then it is stopped, all grabs are put on their topic, and it is started again: neither
 * the opening nor the sending of grabs is part of the measure. It starts with nothing at hand, as after a deployment.
 *
 * @param grabsOfHundred so many of a hundred grabs it is given
 */
record StreamsContestant(String name, String idea, int grabsOfHundred, Entry entry) implements Contestant {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** Makes a topology for a run. */
    interface Entry {
        Entrant enter(Workload workload, Ground ground);
    }

    /** A topology, and what it needs beside it, for one run. */
    interface Entrant extends AutoCloseable {
        Topology topology();

        /** Adds what it needs to the settings of Streams. */
        default void configure(Properties settings) {}

        /** Opens all packets; called while the topology runs for the first time, returns when they can be grabbed. */
        void open();

        long redisCalls();

        /** Shares that are to find a winner. */
        long expectedAwards();

        /** Called when all grabs are answered and the topology still runs. */
        void check();

        @Override
        void close();
    }

    @Override
    public int grabs(int asked) {
        return Math.max(1000, (int) (asked / 100L * grabsOfHundred));
    }

    @Override
    public Measured run(Workload workload, Duration redisDelay) {
        try (Ground ground = Ground.start(workload.partitions(), redisDelay);
                Entrant entrant = entry.enter(workload, ground)) {
            try (CommittedAnswers answers = CommittedAnswers.on(ground.kafka(), PATIENCE);
                    KafkaStreams streams = streams(entrant, workload, ground)) {
                start(streams);
                entrant.open();
                streams.pause();
                send(workload, ground);
                long cpuNanosBefore = cpuNanosOfStreamThreads();
                streams.resume();
                long nanos = answers.await(workload.grabs(), seen -> {});
                Measured measured = new Measured(
                        workload.grabs(), nanos, entrant.redisCalls(), cpuNanosOfStreamThreads() - cpuNanosBefore);
                AnswerCheck.of(workload).check(ground.kafka(), entrant.expectedAwards());
                entrant.check();
                return measured;
            }
        }
    }

    /**
     * Answers grabs that come at a fixed rate, and checks the answers. It runs on from the opening: this is about a pipeline that
     * is up.
     *
     * @param settling grabs at the beginning that do not count
     * @return microseconds from when a grab was to be sent until its answer could be read
     */
    Histogram latency(Workload workload, int perSecond, int settling) {
        Histogram micros = new Histogram(3);
        try (Ground ground = Ground.start(workload.partitions(), Duration.ZERO);
                Entrant entrant = entry.enter(workload, ground);
                CommittedAnswers answers = CommittedAnswers.on(ground.kafka(), PATIENCE);
                PacketProducer producer = PacketProducer.connect(ground.kafka().clientSettings());
                KafkaStreams streams = streams(entrant, workload, ground)) {
            start(streams);
            entrant.open();
            Arrivals arrivals = new Arrivals(perSecond);
            Thread sender = new Thread(() -> arrivals.send(workload, producer), "grabs");
            sender.setDaemon(true);
            sender.start();
            answers.await(workload.grabs(), seen -> {
                long now = System.nanoTime();
                for (ConsumerRecord<byte[], byte[]> answer : seen) {
                    int grab = Workload.numberOf(Json.readAward(answer.value()).grabId());
                    if (grab >= settling) {
                        micros.recordValue(TimeUnit.NANOSECONDS.toMicros(now - arrivals.nanosOf(grab)));
                    }
                }
            });
            AnswerCheck.of(workload).check(ground.kafka(), entrant.expectedAwards());
            entrant.check();
        }
        return micros;
    }

    private static KafkaStreams streams(Entrant entrant, Workload workload, Ground ground) {
        int threads = Math.min(workload.partitions(), Runtime.getRuntime().availableProcessors());
        StreamsSettings settings = new StreamsSettings(ground.kafka(), "bench", ground.folder(), threads, 1);
        Properties properties = settings.toProperties();
        entrant.configure(properties);
        return new KafkaStreams(entrant.topology(), properties);
    }

    private static void start(KafkaStreams streams) {
        CountDownLatch running = new CountDownLatch(1);
        streams.setStateListener((now, before) -> {
            if (now == State.RUNNING || now == State.ERROR) {
                running.countDown();
            }
        });
        streams.setUncaughtExceptionHandler(failure -> StreamThreadExceptionResponse.SHUTDOWN_CLIENT);
        streams.start();
        try {
            // It may be rebalancing already again, when its second thread has come: that passes.
            if (!running.await(PATIENCE.toSeconds(), TimeUnit.SECONDS) || streams.state() == State.ERROR) {
                throw new IllegalStateException("Kafka Streams did not start: it is " + streams.state());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while Kafka Streams starts", e);
        }
    }

    private static long cpuNanosOfStreamThreads() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
                .filter(thread -> thread != null && thread.getThreadName().contains("-StreamThread-"))
                .mapToLong(thread -> Math.max(0, threads.getThreadCpuTime(thread.getThreadId())))
                .sum();
    }

    private static void send(Workload workload, Ground ground) {
        try (PacketProducer producer = PacketProducer.connect(ground.kafka().clientSettings())) {
            workload.grabStream().forEach(grab -> {
                var unused = producer.grab(grab).whenComplete((stored, failure) -> {
                    if (failure != null) {
                        // Noticed when its answer does not come.
                        failure.printStackTrace();
                    }
                });
            });
        }
    }
}
