package redpacket.application;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import redpacket.options.Range;

/** Lists the records that were put away, and sends them back to their topics. */
@Command(
        name = "dead-letters",
        description = {
            "Lists the records that the pipeline put away, because it could not read them or failed at them twice, with"
                    + " the reason. Filters can be combined: a record is listed if it passes all of them.",
            "With --redrive it also sends the listed records back to their topics, unchanged. Use it after the cause is"
                    + " fixed, or for records that were in the wrong partition. A record that is still unreadable"
                    + " becomes a new dead letter. The dead letters stay on their topic, with a mark. No letter is sent"
                    + " back twice."
        })
final class DeadLettersCommand implements Callable<Integer> {
    /** Maximum number of characters of a key to print. */
    private static final int KEY_SHOWN = 20;

    private static final String LINE = "%-28s  %-20s  %-" + KEY_SHOWN + "s  %9s  %s%n";
    private static final JsonMapper JSON = new JsonMapper();

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            defaultValue = "",
            description = "Only records whose reason contains this text. Ignores case.")
    private String reason;

    @Option(names = "--topic", paramLabel = "NAME", description = "Only records of this topic.")
    private String topic;

    @Option(names = "--partition", paramLabel = "N", description = "Only records of this partition of their topic.")
    @Range(least = "0", most = "2147483647")
    private Long partition;

    @Option(
            names = "--offset",
            paramLabel = "N",
            split = ",",
            description = "Only records with this offset in their partition, or with one of several: 7,12,13.")
    @Range(least = "0", most = "9223372036854775807")
    private List<Long> offsets = List.of();

    @Option(names = "--redrive", description = "Send the listed records back to their topics.")
    private boolean redrive;

    @Mixin
    private OutputOptions output;

    @Mixin
    private PipelineOptions pipeline;

    /** Number of records that passed the filters so far. */
    private long chosen;

    /** Number of the chosen letters that an earlier redrive sent back. */
    private long sentBackBefore;

    /** A line of JSON. */
    private record Line(
            String topic,
            long partition,
            long offset,
            long appendedAtMillis,
            String reason,
            String cut,
            Boolean sentBack,
            String keyBase64,
            String valueBase64,
            List<HeaderLine> headers) {
        static Line of(DeadLetter letter) {
            return new Line(
                    letter.topic(),
                    letter.partition(),
                    letter.offset(),
                    letter.appendedAtMillis(),
                    letter.reason(),
                    letter.cut().isEmpty() ? null : letter.cut(),
                    letter.wasSentBack() ? true : null,
                    base64(letter.key()),
                    base64(letter.value()),
                    letter.ownHeaders().stream()
                            .map(header -> new HeaderLine(header.key(), base64(header.value())))
                            .toList());
        }
    }

    private record HeaderLine(String name, String valueBase64) {}

    @Override
    public Integer call() {
        return redrive ? sendBack() : list();
    }

    private int list() {
        try (DeadLetters letters = pipeline.deadLetters()) {
            letters.forEach(letter -> {
                if (isChosen(letter)) {
                    print(letter);
                }
            });
        }
        summary(chosen == 1 ? "1 dead letter" : chosen + " dead letters");
        return ExitCode.GOOD;
    }

    private int sendBack() {
        try (Redrive back = pipeline.redrive();
                DeadLetters letters = pipeline.deadLettersWithAllMarks();
                ProgressBar bar = Progress.of("sent back", -1)) {
            letters.forEach(letter -> {
                if (isChosen(letter)) {
                    sendBack(letter, back, bar);
                }
            });
            back.finish();
            summary("sent back " + back.stored() + " of " + chosen + " dead letters"
                    + (sentBackBefore == 0 ? "" : "; " + sentBackBefore + " were sent back before"));
            back.firstFailure().ifPresent(failure -> {
                throw CommandException.setup("Kafka did not store all of them: " + Errors.reason(failure), failure);
            });
            return back.stored() + sentBackBefore == chosen && chosen > 0 ? ExitCode.GOOD : ExitCode.FAILED;
        }
    }

    private void sendBack(DeadLetter letter, Redrive back, ProgressBar bar) {
        chosen++;
        if (letter.wasSentBack()) {
            sentBackBefore++;
        } else if (!letter.cut().isEmpty()) {
            output.err()
                    .println(visible(letter.origin()) + " was not sent back: it was too large to be kept whole ("
                            + visible(letter.cut()) + ")");
        } else if (!letter.isFromInput()) {
            output.err().println("a dead letter was not sent back: its headers do not name an input topic");
        } else {
            back.send(letter);
            bar.step();
            if (output.isJson()) {
                output.out().println(json(letter));
            }
        }
    }

    private boolean isChosen(DeadLetter letter) {
        return letter.reason().toLowerCase(Locale.ROOT).contains(reason.toLowerCase(Locale.ROOT))
                && (topic == null || topic.equals(letter.topic()))
                && (partition == null || partition == letter.partition())
                && (offsets.isEmpty() || offsets.contains(letter.offset()));
    }

    private void print(DeadLetter letter) {
        if (output.isJson()) {
            output.out().println(json(letter));
        } else {
            if (chosen == 0) {
                output.out().printf(LINE, "RECORD", "TIME", "KEY", "BYTES", "REASON");
            }
            output.out()
                    .printf(
                            LINE,
                            visible(letter.origin()),
                            Instant.ofEpochMilli(letter.appendedAtMillis()).truncatedTo(ChronoUnit.SECONDS),
                            shown(letter.key()),
                            letter.value() == null ? "null" : letter.value().length,
                            (letter.wasSentBack() ? "(sent back) " : "")
                                    + visible(letter.reason())
                                    + (letter.cut().isEmpty() ? "" : " (cut: " + visible(letter.cut()) + ")"));
        }
        chosen++;
    }

    private void summary(String sentence) {
        (output.isJson() ? output.err() : output.out()).println(sentence);
    }

    private static String shown(byte[] key) {
        if (key == null) {
            return "null";
        }
        String text = visible(new String(key, UTF_8));
        return text.length() <= KEY_SHOWN ? text : text.substring(0, KEY_SHOWN - 3) + "...";
    }

    /** Escapes control characters: a hostile record must not control the user's terminal. */
    private static String visible(String text) {
        return text.codePoints()
                .map(c -> Character.isLetterOrDigit(c) || (c >= ' ' && c <= '~') ? c : '?')
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static String base64(byte[] bytes) {
        return bytes == null ? null : Base64.getEncoder().encodeToString(bytes);
    }

    private static String json(DeadLetter letter) {
        try {
            return JSON.writeValueAsString(Line.of(letter));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a dead letter can always be written", e);
        }
    }
}
