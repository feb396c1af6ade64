package redpacket.local.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import redpacket.topology.watch.InputLook;
import redpacket.topology.watch.Inquest;
import redpacket.topology.watch.Watch;

/**
 * Watches a pipeline that is healed. If a partition stands for a minute all the same, saves what tells why: the threads
 * of all instances, and what Kafka knows of transactions, producers and committed offsets.
 */
public final class Investigation implements AutoCloseable {
    private static final Duration TOO_LONG = Duration.ofMinutes(1);
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final BreakablePipeline pipeline;
    private final Watch watch;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "investigation");
    private volatile String finding;

    private Investigation(BreakablePipeline pipeline) {
        this.pipeline = pipeline;
        this.watch = Watch.over(pipeline.kafkaAddress(), BreakablePipeline.GROUP);
        thread.setDaemon(true);
        thread.start();
    }

    /** Begins to watch. */
    public static Investigation of(BreakablePipeline pipeline) {
        return new Investigation(pipeline);
    }

    /** What stood, and why; with the file that has the details. Empty if nothing stood for a minute. */
    public Optional<String> finding() {
        return Optional.ofNullable(finding);
    }

    @Override
    public void close() {
        closing.countDown();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        watch.close();
    }

    private void run() {
        try {
            while (!closing.await(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                if (watch.inputs().stream().anyMatch(Investigation::standsTooLong)) {
                    finding = investigate(watch.trouble().orElse("a partition stood, and goes on now"));
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean standsTooLong(InputLook input) {
        return input.standing().compareTo(TOO_LONG) >= 0;
    }

    private String investigate(String trouble) throws InterruptedException {
        pipeline.instances().stream().filter(PipelineProcess::isAlive).forEach(PipelineProcess::printThreads);
        Path file = pipeline.keepLogs().get(0).resolve("standing.txt");
        try {
            Files.writeString(file, trouble + "\n\n" + Inquest.of(pipeline.kafkaAddress(), BreakablePipeline.GROUP));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return trouble + ". Details: " + file + "; the threads of the instances are in their logs beside it";
    }
}
