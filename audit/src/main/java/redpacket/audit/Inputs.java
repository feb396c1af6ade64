package redpacket.audit;

import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import redpacket.audit.Violation.Kind;
import redpacket.clients.PacketKey;
import redpacket.events.Grab;
import redpacket.events.InvalidEventException;
import redpacket.events.Json;
import redpacket.events.Limits;
import redpacket.events.PacketCommand;
import redpacket.events.Topic;

/**
 * One partition of an input topic, read side by side with its answers. A readable record is kept until its answer is
 * read. Records that remain were not answered.
 */
final class Inputs<T> {

    /**
     * A record that can be read.
     *
     * @param appendedAtMillis when the broker appended it
     * @param latestMillis the latest append time in the partition up to and including this record: broker clocks can
     *     step back
     * @param logMillis the same without times of a wrong clock
     */
    record Input<T>(T event, long offset, long appendedAtMillis, long latestMillis, long logMillis) {}

    /** A time that is further ahead of a later record, or of now, comes from a wrong clock. */
    static final long CLOCK_ERROR_MILLIS = Duration.ofMinutes(1).toMillis();

    private final CommittedLog log;
    private final Function<ConsumerRecord<byte[], byte[]>, T> reader;
    private final DeadLetters deadLetters;
    private final Findings findings;
    private final long coveredFromMillis;
    private final long requiredEnd;

    private final Map<Long, Input<T>> unanswered = new HashMap<>();

    /** The code of the first answer to each record, by offset from the beginning; 0 for none. */
    private byte[] answered = new byte[2];

    /** Records before this offset are older than the audited range. */
    private long coveredFrom;

    private long nextOffset;
    private long lastRequired = -1;
    private long lastAnswered = -1;
    private long latestMillis = Long.MIN_VALUE;
    private long logMillis = Long.MIN_VALUE;
    private long requiredLogMillis = Long.MIN_VALUE;
    private long answeredLogMillis = Long.MIN_VALUE;
    private boolean movedOn;
    private long readable;
    private long unreadable;

    /**
     * Every readable record before the present end of the log needs an answer. Later records may have one.
     *
     * @param reader returns null for a record that needs no answer
     * @param coveredFromMillis records older than this need no answer
     */
    private Inputs(
            CommittedLog log,
            Function<ConsumerRecord<byte[], byte[]>, T> reader,
            DeadLetters deadLetters,
            Findings findings,
            long coveredFromMillis) {
        this.log = log;
        this.reader = reader;
        this.deadLetters = deadLetters;
        this.findings = findings;
        this.coveredFromMillis = coveredFromMillis;
        this.requiredEnd = log.end();
        this.coveredFrom = log.begin();
        this.nextOffset = log.begin();
    }

    /** @param partitions of the topic; a record in the wrong partition counts as unreadable */
    static Inputs<PacketCommand> opens(
            CommittedLog log, int partitions, DeadLetters letters, Findings findings, long coveredFromMillis) {
        return new Inputs<>(log, record -> readCommand(record, partitions), letters, findings, coveredFromMillis);
    }

    static Inputs<Grab> grabs(
            CommittedLog log, int partitions, DeadLetters letters, Findings findings, long coveredFromMillis) {
        return new Inputs<>(log, record -> readGrab(record, partitions), letters, findings, coveredFromMillis);
    }

    private static PacketCommand readCommand(ConsumerRecord<byte[], byte[]> record, int partitions) {
        PacketCommand command = Json.readCommand(record.value());
        requireKey(record, command.packetId());
        PacketKey.requirePartition(record.key(), record.partition(), partitions);
        return command;
    }

    private static Grab readGrab(ConsumerRecord<byte[], byte[]> record, int partitions) {
        if (isTick(record)) {
            return null;
        }
        Grab grab = Json.readGrab(record.value());
        requireKey(record, grab.packetId());
        PacketKey.requirePartition(record.key(), record.partition(), partitions);
        return grab;
    }

    static boolean isTick(ConsumerRecord<byte[], byte[]> record) {
        return record.value() == null
                && record.topic().equals(Topic.GRABS.topicName())
                && record.headers().lastHeader(Topic.TICK_HEADER) != null;
    }

    static void requireKey(ConsumerRecord<byte[], byte[]> record, String packetId) {
        PacketKey.require(record.key(), packetId);
    }

    /** Returns the code of the first answer to a record, as passed to {@link #answeredBy}; 0 if there was none. */
    int firstAnswer(long offset) {
        boolean isInRange = offset >= log.begin() && offset < log.begin() + answered.length;
        return isInRange ? answered[index(offset)] : 0;
    }

    /**
     * Returns the input that a record answers. Notes a violation and returns null if it answers none.
     *
     * @param code of the answer, from 1 to 127
     */
    Input<T> answeredBy(ConsumerRecord<?, ?> answer, long offset, String packetId, int code) {
        readThrough(offset);
        Input<T> input = unanswered.remove(offset);
        if (input != null) {
            int index = index(offset);
            answered = atLeast(index + 1, answered);
            answered[index] = (byte) code;
            if (offset > lastAnswered) {
                lastAnswered = offset;
                answeredLogMillis = input.logMillis();
            }
        } else if (offset >= coveredFrom) {
            noteWrongAnswer(answer, offset, packetId);
        }
        return input;
    }

    /** The input at an offset, if it has no answer yet; null otherwise. */
    Input<T> unansweredAt(long offset) {
        readThrough(offset);
        return unanswered.get(offset);
    }

    private void noteWrongAnswer(ConsumerRecord<?, ?> answer, long offset, String packetId) {
        String where = log.partition() + "@" + offset;
        if (firstAnswer(offset) != 0) {
            findings.add(Kind.ANSWERED_TWICE, answer, packetId, where + " was answered before.");
        } else {
            findings.add(Kind.ANSWER_WITHOUT_INPUT, answer, packetId, "There is nothing to answer at " + where + ".");
        }
    }

    /** Reads every record that needs an answer. */
    void readRequired() {
        readThrough(requiredEnd - 1);
    }

    /** Whether an answer may still come. Answers come in the order of the inputs, so the last input decides. */
    boolean awaitsAnswers() {
        return lastRequired > lastAnswered && !deadLetters.tellOfFailure(partition(), lastRequired);
    }

    /** Sets aside the records at which the pipeline failed: a dead letter says so, and they get no answer. */
    void setAsideFailed() {
        unanswered.keySet().removeIf(offset -> {
            boolean failed = deadLetters.tellOfFailure(partition(), offset);
            if (failed) {
                deadLetters.accept(partition(), offset);
            }
            return failed;
        });
    }

    /** Whether anything but ticks was appended after the records that need an answer. */
    boolean movedOn() {
        log.extend();
        while (!movedOn && nextOffset < log.end()) {
            readThrough(nextOffset);
        }
        return movedOn;
    }

    boolean needsAnswer(long offset) {
        return offset < requiredEnd;
    }

    /** Whether the log reaches this offset, so that a record is or was there. */
    boolean reaches(long offset) {
        return offset < log.end() || (log.extend() && offset < log.end());
    }

    /**
     * The offset before which every record must have an answer.
     *
     * @param complete whether the pipeline has answered everything; otherwise this is the offset of its last answer
     */
    long dueEnd(boolean complete) {
        return complete ? requiredEnd : Math.min(requiredEnd, lastAnswered);
    }

    void noteUnanswered(long dueEnd, Function<T, String> packetId) {
        unanswered.values().stream()
                .filter(input -> input.offset() < dueEnd)
                .sorted(Comparator.comparingLong(Input::offset))
                .forEach(input -> findings.add(
                        Kind.UNANSWERED,
                        log.topic(),
                        log.partition().partition(),
                        input.offset(),
                        packetId.apply(input.event()),
                        input.event() + " has no answer."));
    }

    long countUnanswered() {
        return unanswered.values().stream()
                .filter(input -> needsAnswer(input.offset()))
                .count();
    }

    /** The latest append time read so far. */
    long logMillis() {
        return logMillis;
    }

    /** The latest append time of the records that need an answer. */
    long requiredLogMillis() {
        return requiredLogMillis;
    }

    /** The latest append time up to the last answered record. */
    long answeredLogMillis() {
        return answeredLogMillis;
    }

    long readable() {
        return readable;
    }

    long unreadable() {
        return unreadable;
    }

    /** Whether dead letters for this offset are checked: it is between the first audited and the last read record. */
    boolean hasRead(long offset) {
        return offset >= coveredFrom && offset < nextOffset;
    }

    TopicPartition partition() {
        return log.partition();
    }

    private void readThrough(long offset) {
        if (offset >= log.end()) {
            log.extend();
        }
        while (nextOffset <= offset) {
            ConsumerRecord<byte[], byte[]> record = log.next();
            if (record == null) {
                nextOffset = Math.max(nextOffset, Math.min(offset + 1, log.end()));
                return;
            }
            nextOffset = record.offset() + 1;
            read(record);
        }
    }

    private void read(ConsumerRecord<byte[], byte[]> record) {
        long appendedAtMillis = Limits.timeOf(record.timestamp());
        latestMillis = Math.max(latestMillis, appendedAtMillis);
        if (appendedAtMillis < logMillis - CLOCK_ERROR_MILLIS) {
            logMillis = appendedAtMillis;
        } else if (appendedAtMillis < System.currentTimeMillis() + CLOCK_ERROR_MILLIS) {
            logMillis = Math.max(logMillis, appendedAtMillis);
        }
        if (needsAnswer(record.offset())) {
            requiredLogMillis = logMillis;
        }
        movedOn |= !needsAnswer(record.offset()) && !isTick(record);
        if (appendedAtMillis < coveredFromMillis) {
            coveredFrom = record.offset() + 1;
            return;
        }
        try {
            T event = reader.apply(record);
            if (event != null) {
                readable += needsAnswer(record.offset()) ? 1 : 0;
                unanswered.put(
                        record.offset(),
                        new Input<>(event, record.offset(), appendedAtMillis, latestMillis, logMillis));
                if (needsAnswer(record.offset())) {
                    lastRequired = record.offset();
                }
            }
        } catch (InvalidEventException e) {
            unreadable += needsAnswer(record.offset()) ? 1 : 0;
            deadLetters.expect(record, e.getMessage());
        }
    }

    private int index(long offset) {
        return Math.toIntExact(offset - log.begin());
    }

    private static byte[] atLeast(int length, byte[] bytes) {
        return length <= bytes.length ? bytes : Arrays.copyOf(bytes, Math.max(length, bytes.length * 3 / 2));
    }
}
