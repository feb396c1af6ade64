package redpacket.application;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import me.tongfei.progressbar.ProgressBar;
import redpacket.events.AwardResult;
import redpacket.events.Grab;
import redpacket.events.InvalidEventException;
import redpacket.events.Json;
import redpacket.events.Outcome;
import redpacket.events.Topic;
import redpacket.producer.PacketProducer;
import redpacket.reader.Committed;
import redpacket.reader.CommittedReader;
import redpacket.reader.ResultListener;

/** Sends a file of grabs as fast as Kafka accepts them, then counts the answers. */
final class ManyGrabs implements ResultListener {
    /** Number of bad lines to report. A file in the wrong format has only bad lines. */
    private static final int BAD_LINES_TOLD = 10;

    private final PipelineOptions pipeline;
    private final OutputOptions output;
    private final Unanswered unanswered = new Unanswered();
    private final AtomicLong notStored = new AtomicLong();
    private final AtomicReference<Throwable> firstFailure = new AtomicReference<>();
    private final Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
    private long badLines;
    private long answered;

    ManyGrabs(PipelineOptions pipeline, OutputOptions output) {
        this.pipeline = pipeline;
        this.output = output;
    }

    /**
     * Sends every readable line and waits for the answers.
     *
     * @param file {@code -} for standard input
     */
    int grabAll(String file) {
        // Open the file first: a wrong name is reported before Kafka is asked.
        try (BufferedReader lines = open(file);
                CommittedReader reader = pipeline.fromNow(Set.of(Topic.AWARDS))) {
            send(lines);
            await(reader);
        } catch (IOException e) {
            throw CommandException.failed("file '" + file + "' cannot be read: " + Errors.reason(e));
        }
        return conclude();
    }

    @Override
    public void onAward(Committed<AwardResult> award) {
        if (unanswered.remove(award.partition(), award.event().grabOffset())) {
            answered++;
            outcomes.merge(award.event().outcome(), 1L, Long::sum);
            if (output.isJson()) {
                output.print(award.event());
            }
        }
    }

    private void send(BufferedReader lines) throws IOException {
        long start = System.nanoTime();
        long sent = 0;
        try (PacketProducer producer = pipeline.bulkProducer();
                ProgressBar bar = Progress.of("sent", -1)) {
            long number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                Grab grab = line.isBlank() ? null : read(number, line);
                if (grab != null) {
                    send(producer, grab);
                    sent++;
                    bar.step();
                }
            }
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        if (badLines > BAD_LINES_TOLD) {
            output.err().println("and " + (badLines - BAD_LINES_TOLD) + " more lines that are not grabs");
        }
        output.err()
                .println(String.format(
                        Locale.ROOT, "sent %d grabs in %.1f s (%.0f a second)", sent, seconds, sent / seconds));
    }

    private void send(PacketProducer producer, Grab grab) {
        var unused = producer.grab(grab).whenComplete((stored, failure) -> {
            if (failure == null) {
                unanswered.add(stored);
            } else {
                notStored.incrementAndGet();
                firstFailure.compareAndSet(null, failure);
            }
        });
    }

    private Grab read(long number, String line) {
        try {
            return Json.readGrab(line.getBytes(StandardCharsets.UTF_8));
        } catch (InvalidEventException e) {
            badLines++;
            if (badLines <= BAD_LINES_TOLD) {
                output.err().println("line " + number + " is not a grab and was not sent: " + e.getMessage());
            }
            return null;
        }
    }

    /** Gives up when no answer has come within the user's --timeout. */
    private void await(CommittedReader reader) {
        try (ProgressBar bar = Progress.of("answered", unanswered.count())) {
            boolean more = true;
            while (more && unanswered.count() > 0) {
                long before = answered;
                more = pipeline.readUntil(() -> answered > before, reader, this);
                bar.stepTo(answered);
            }
        }
    }

    private int conclude() {
        String summary = outcomes.entrySet().stream()
                .map(outcome -> outcome.getKey() + " " + outcome.getValue())
                .collect(Collectors.joining(", "));
        (output.isJson() ? output.err() : output.out())
                .println(answered + " answers" + (answered == 0 ? "" : ": " + summary));
        if (notStored.get() > 0) {
            throw CommandException.setup(
                    "Kafka did not store " + notStored + " grabs: " + Errors.reason(firstFailure.get()),
                    firstFailure.get());
        }
        if (unanswered.count() > 0) {
            throw CommandException.failed(unanswered.count() + " grabs got no answer within " + pipeline.patience()
                    + " after the last one. Is a topology running? The grabs are stored, and will be answered when it"
                    + " runs");
        }
        return badLines == 0 ? ExitCode.GOOD : ExitCode.FAILED;
    }

    private static BufferedReader open(String file) {
        if (file.equals("-")) {
            return new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        }
        try {
            return Files.newBufferedReader(Path.of(file));
        } catch (NoSuchFileException | InvalidPathException e) {
            throw CommandException.usage("file '" + file + "' does not exist");
        } catch (IOException e) {
            throw CommandException.usage("file '" + file + "' cannot be read");
        }
    }
}
