package redpacket.topology.watch;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import redpacket.clients.Causes;

/** The failures of stream threads. A thread that fails again and again is replaced later and later. */
public final class Failures {
    /** A process that has not failed for this long starts from zero. Longer than the longest pause. */
    private static final Duration FORGOTTEN = Duration.ofMinutes(1);

    /** The first failures are usual: a broker restarts, a member is fenced. */
    private static final int FREE = 2;

    /** A thread that fails at one record does so within the time that Kafka needs to give it its partitions. */
    private static final Duration PROBATION = Duration.ofSeconds(12);

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(2);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    /** Kafka Streams names the record in the message of its exception, and in others only the task. */
    private static final Pattern RECORD = Pattern.compile("topic=([^,]+), partition=(\\d+), offset=(\\d+)");

    private static final Pattern TASK = Pattern.compile("\\btask(?:Id=)? ?\\d+_(\\d+)");

    private Failure last;
    private long lastNanos;
    private long total;

    /**
     * The latest of several failures in a row.
     *
     * @param count in a row, over all threads
     * @param where the record or the task at which it failed, as far as known
     */
    public record Failure(Instant first, int count, String where, String reason) {
        @Override
        public String toString() {
            return "a stream thread failed%s, %s since %s: %s"
                    .formatted(where, count == 1 ? "once" : count + " times", first, reason);
        }
    }

    /** Notes a failure, and returns how long to wait before the thread is replaced. */
    public synchronized Duration add(Throwable failure) {
        Failure before = latest().orElse(null);
        last = new Failure(
                before == null ? Instant.now().truncatedTo(ChronoUnit.SECONDS) : before.first(),
                before == null ? 1 : before.count() + 1,
                where(failure),
                reason(failure));
        lastNanos = System.nanoTime();
        total++;
        return pause(last.count());
    }

    /** Empty if no thread has failed for a minute. */
    public synchronized Optional<Failure> latest() {
        boolean isRecent = last != null && System.nanoTime() - lastNanos < FORGOTTEN.toNanos();
        return isRecent ? Optional.of(last) : Optional.empty();
    }

    /** The latest of several failures in a row, until the thread that came after it has worked for a while. */
    public synchronized Optional<Failure> inARow() {
        return latest().filter(failure -> failure.count() > 1
                && System.nanoTime() - lastNanos
                        < pause(failure.count()).plus(PROBATION).toNanos());
    }

    /** Since the start of the process. */
    public synchronized long total() {
        return total;
    }

    static Duration pause(int count) {
        if (count <= FREE) {
            return Duration.ZERO;
        }
        long millis = FIRST_PAUSE.toMillis() << Math.min(count - FREE - 1, 10);
        return Duration.ofMillis(Math.min(millis, LONGEST_PAUSE.toMillis()));
    }

    static String where(Throwable failure) {
        String task = "";
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage());
            Matcher record = RECORD.matcher(message);
            if (record.find()) {
                return " at %s-%s offset %s".formatted(record.group(1), record.group(2), record.group(3));
            }
            Matcher named = TASK.matcher(message);
            if (named.find()) {
                task = " in the task of partition " + named.group(1);
            }
        }
        return task;
    }

    private static String reason(Throwable failure) {
        Throwable bottom = Causes.root(failure);
        String message = bottom.getMessage() == null
                ? ""
                : ": " + bottom.getMessage().lines().findFirst().orElse("");
        return bottom.getClass().getSimpleName() + message;
    }
}
