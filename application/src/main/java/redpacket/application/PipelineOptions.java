package redpacket.application;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import redpacket.clients.Causes;
import redpacket.events.Topic;
import redpacket.options.KafkaOptions;
import redpacket.options.Range;
import redpacket.options.ShortDuration;
import redpacket.producer.PacketClient;
import redpacket.producer.PacketProducer;
import redpacket.producer.UnknownAnswerException;
import redpacket.reader.CommittedReader;
import redpacket.reader.MissingTopicException;
import redpacket.reader.ResultListener;

/** Options for talking to a running pipeline. Use it as a mixin. */
final class PipelineOptions {
    private static final Duration STEP = Duration.ofMillis(200);

    @Mixin
    private KafkaOptions kafka;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            converter = ShortDuration.class,
            description = "How long to wait for Kafka, and then for an answer: 500ms, 10s, 5m. Default: 10s")
    @Range(least = "1ms", most = "1d")
    private Duration timeout = Duration.ofSeconds(10);

    /**
     * Sends one record to the topology and waits for the answer until --timeout.
     *
     * @param name the name of the record for users
     * @param answers the topic of the answer
     */
    <A> A ask(String name, Topic answers, Function<PacketClient, CompletableFuture<A>> question) {
        try (PacketClient client = connect(() -> PacketClient.connect(settings(), timeout, Set.of(answers)))) {
            return question.apply(client).get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof UnknownAnswerException unknown ? unanswered(name, unknown) : failed(e);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private CommandException unanswered(String name, UnknownAnswerException unknown) {
        if (unknown.stored().isPresent()) {
            return CommandException.failed("no topology answered within " + patience() + ". Is one running? The " + name
                    + " is stored, and will be answered when one runs");
        }
        boolean isTooLate = Causes.root(unknown) instanceof org.apache.kafka.common.errors.TimeoutException
                || unknown.getCause() == null;
        return isTooLate ? CommandException.setup(noAnswer(), unknown) : failed(unknown);
    }

    private CommandException failed(Exception failure) {
        return CommandException.kafka(
                "Kafka at " + kafka.address() + " did not store it: " + Errors.reason(failure), failure);
    }

    /** A producer for many records. It waits longer for each record, because they queue up in the client. */
    PacketProducer bulkProducer() {
        Map<String, Object> settings = settings();
        settings.put("max.block.ms", millis());
        return connect(() -> PacketProducer.connect(settings));
    }

    Redrive redrive() {
        Map<String, Object> settings = settings();
        settings.put("max.block.ms", millis());
        settings.put("transactional.id", Redrive.TRANSACTIONAL_ID);
        // Milliseconds that the grabs behind it wait if this process is killed within a transaction.
        settings.put("transaction.timeout.ms", 10_000);
        // A record that fits into a dead letter fits here.
        settings.put("max.request.size", 2 * 1024 * 1024);
        return connect(() -> {
            Producer<byte[], byte[]> producer =
                    new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
            try {
                return new Redrive(producer);
            } catch (RuntimeException e) {
                producer.close(Duration.ZERO);
                throw e;
            }
        });
    }

    DeadLetters deadLetters() {
        return connect(() -> new DeadLetters(readerSettings(), timeout, IsolationLevel.READ_COMMITTED));
    }

    /** With every mark of an earlier redrive, also one that an open transaction hides. */
    DeadLetters deadLettersWithAllMarks() {
        return connect(() -> new DeadLetters(readerSettings(), timeout, IsolationLevel.READ_UNCOMMITTED));
    }

    CommittedReader fromNow(Set<Topic> topics) {
        return connect(() -> CommittedReader.fromNow(readerSettings(), topics));
    }

    CommittedReader fromBeginning(Set<Topic> topics) {
        return connect(() -> CommittedReader.fromBeginning(readerSettings(), topics));
    }

    /** Reads until the listener has its result, or --timeout has passed. Returns whether it has the result. */
    boolean readUntil(BooleanSupplier found, CommittedReader reader, ResultListener listener) {
        long start = System.nanoTime();
        while (!found.getAsBoolean()) {
            if (System.nanoTime() - start >= timeout.toNanos()) {
                return false;
            }
            reader.poll(STEP, listener);
        }
        return true;
    }

    /** The timeout as the user would write it. */
    String patience() {
        return timeout.toMillis() % 1_000 == 0 ? timeout.toSeconds() + " s" : timeout.toMillis() + " ms";
    }

    private Map<String, Object> settings() {
        return kafka.address().clientSettings();
    }

    private Map<String, Object> readerSettings() {
        Map<String, Object> settings = settings();
        settings.put("default.api.timeout.ms", Math.toIntExact(millis()));
        return settings;
    }

    private long millis() {
        return timeout.toMillis();
    }

    private String noAnswer() {
        return kafka.address().noAnswer(patience());
    }

    private <T> T connect(Connection<T> connection) {
        try {
            return connection.open();
        } catch (MissingTopicException e) {
            throw CommandException.setup(
                    e.getMessage() + " at " + kafka.address() + ". Start the pipeline first: redpacket topology", e);
        } catch (InterruptException e) {
            throw e;
        } catch (org.apache.kafka.common.errors.TimeoutException e) {
            throw CommandException.setup(noAnswer(), e);
        } catch (KafkaException e) {
            throw CommandException.kafka("Kafka at " + kafka.address() + ": " + Errors.reason(e), e);
        } catch (IllegalArgumentException e) {
            throw CommandException.setup("Kafka at " + kafka.address() + ": " + Errors.reason(e), e);
        }
    }

    private interface Connection<T> {
        T open();
    }
}
