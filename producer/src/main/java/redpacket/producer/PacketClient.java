package redpacket.producer;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redpacket.events.AwardResult;
import redpacket.events.CancelPacket;
import redpacket.events.Grab;
import redpacket.events.InvalidEventException;
import redpacket.events.OpenPacket;
import redpacket.events.PacketEvent;
import redpacket.events.Topic;
import redpacket.events.TraceContext;
import redpacket.reader.Committed;
import redpacket.reader.CommittedReader;
import redpacket.reader.MissingTopicException;
import redpacket.reader.ResultListener;

/**
 * Opens and cancels packets and grabs shares, and waits for the answers. Thread-safe; a process needs one instance,
 * which reads the answers to all processes from its creation on.
 *
 * <p>An answer is final: the transaction that contains it is committed. A future that fails with {@link
 * UnknownAnswerException} says nothing about the question. Then ask again with the same ids: the answer is the same.
 * Restarts and failures of the topology and of brokers only delay answers.
 *
 * <p>Futures complete on a thread of the client, so callbacks must not block.
 */
public final class PacketClient implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PacketClient.class);

    /** Grabs that can wait for their answers, and as many opens. Some 100 MB then. */
    private static final int MOST_QUESTIONS = 100_000;

    /** Also how late the end of a question is noticed. */
    private static final Duration POLL = Duration.ofMillis(100);

    private static final Duration AFTER_A_FAILURE = Duration.ofSeconds(1);

    private final Questions<AwardResult> grabs;
    private final Questions<PacketEvent.Answer> opens;
    private final Questions<PacketEvent.CancelAnswered> cancels;
    private final Set<Topic> answers;
    private final CommittedReader reader;
    private final PacketProducer producer;
    private final Thread thread = new Thread(this::read, "redpacket-answers");
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile String trouble;

    private PacketClient(CommittedReader reader, PacketProducer producer, Duration patience, Set<Topic> answers) {
        this.grabs = new Questions<>(MOST_QUESTIONS, patience, PacketClient::identity, System::nanoTime);
        this.opens = new Questions<>(MOST_QUESTIONS, patience, PacketEvent::packetId, System::nanoTime);
        this.cancels = new Questions<>(MOST_QUESTIONS, patience, PacketEvent::packetId, System::nanoTime);
        this.answers = Set.copyOf(answers);
        this.reader = reader;
        this.producer = producer;
        thread.setDaemon(true);
        thread.start();
    }

    /** Connects a client that can both open and grab. Otherwise like {@link #connect(Map, Duration, Set)}. */
    public static PacketClient connect(Map<String, ?> kafkaSettings, Duration patience) {
        return connect(kafkaSettings, patience, Set.of(Topic.AWARDS, Topic.PACKETS));
    }

    /**
     * Connects a client that may not read all topics.
     *
     * @param kafkaSettings settings of any Kafka client, {@code bootstrap.servers} at least
     * @param patience how long a question waits for its answer; also how long this method waits for Kafka
     * @param answers {@link Topic#AWARDS} to grab, {@link Topic#PACKETS} to open
     * @throws MissingTopicException if a topic does not exist
     * @throws org.apache.kafka.common.errors.TimeoutException if Kafka does not answer
     * @throws IllegalArgumentException if the settings spread the records of a packet over partitions
     */
    public static PacketClient connect(Map<String, ?> kafkaSettings, Duration patience, Set<Topic> answers) {
        int millis = Math.toIntExact(patience.toMillis());
        Map<String, Object> readerSettings = new HashMap<>(kafkaSettings);
        readerSettings.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, millis);
        // Milliseconds. Closing waits for the fetch that is under way. The default is 500.
        readerSettings.putIfAbsent(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 100);
        Map<String, Object> producerSettings = new HashMap<>(kafkaSettings);
        // A question waits for its answer, not for others that could share a batch. Under load they do.
        producerSettings.putIfAbsent(ProducerConfig.LINGER_MS_CONFIG, 0);
        // A client that knows a topic never blocks again to learn it.
        producerSettings.putIfAbsent(ProducerConfig.METADATA_MAX_IDLE_CONFIG, Long.MAX_VALUE);
        // Nothing is sent after the question has ended.
        producerSettings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, millis);
        producerSettings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, millis);
        // Kafka requires that this and linger.ms are at most the delivery timeout.
        producerSettings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, millis);
        // Reads before anything is sent, so that no answer is missed.
        CommittedReader reader = CommittedReader.fromNow(readerSettings, answers);
        try {
            return new PacketClient(reader, PacketProducer.connect(producerSettings), patience, answers);
        } catch (RuntimeException e) {
            reader.close();
            throw e;
        }
    }

    /**
     * Grabs, and waits for the answer. The same grab, while it waits for its answer, is sent once.
     *
     * <p>Blocks while the buffer of the producer is full, and until the topic's metadata is loaded, at most as long as
     * a question waits. The future fails with {@link UnknownAnswerException}, with {@link TooManyQuestionsException},
     * or with {@link IllegalStateException} after {@link #close}.
     *
     * @throws InvalidEventException if the grab is null
     * @throws IllegalStateException if the client does not read awards
     */
    public CompletableFuture<AwardResult> grab(Grab grab) {
        return grab(grab, TraceContext.NONE);
    }

    /**
     * Grabs in a trace, which the answer on the topic continues for its readers. The same grab, while it waits for its
     * answer, stays in the trace with which it was sent. Otherwise like {@link #grab(Grab)}.
     */
    public CompletableFuture<AwardResult> grab(Grab grab, TraceContext trace) {
        requireReading(Topic.AWARDS);
        Objects.requireNonNull(trace, "trace");
        if (grab == null) {
            throw new InvalidEventException("the grab is null");
        }
        String identity = identity(grab.grabId(), grab.packetId(), grab.userId());
        return grabs.ask(grab, identity, identity, () -> producer.grab(grab, trace));
    }

    /**
     * Opens a packet, and waits for the answer. Blocks and fails like {@link #grab(Grab)}. Once the answer is {@link
     * PacketEvent.Opened}, the packet can be grabbed.
     *
     * @throws InvalidEventException if the command is null, or if no packet can have its terms
     * @throws IllegalStateException if the client does not read packet events
     */
    public CompletableFuture<PacketEvent.Answer> open(OpenPacket command) {
        return open(command, TraceContext.NONE);
    }

    /** Opens a packet in a trace, like {@link #grab(Grab, TraceContext)}. Otherwise like {@link #open(OpenPacket)}. */
    public CompletableFuture<PacketEvent.Answer> open(OpenPacket command, TraceContext trace) {
        requireReading(Topic.PACKETS);
        Objects.requireNonNull(trace, "trace");
        if (command == null) {
            throw new InvalidEventException("the open command is null");
        }
        command.requirePossible();
        return opens.ask(command, command.toString(), command.packetId(), () -> producer.open(command, trace));
    }

    /**
     * Cancels a packet, and waits for the answer. Blocks and fails like {@link #grab(Grab)}. If the answer is {@link
     * PacketEvent.CancelOutcome#CANCELLED}, nobody wins a share of the packet any more, and its rest is refunded.
     *
     * @throws InvalidEventException if the command is null
     * @throws IllegalStateException if the client does not read packet events
     */
    public CompletableFuture<PacketEvent.CancelAnswered> cancel(CancelPacket command) {
        return cancel(command, TraceContext.NONE);
    }

    /** Cancels a packet as a part of a trace. Otherwise like {@link #cancel(CancelPacket)}. */
    public CompletableFuture<PacketEvent.CancelAnswered> cancel(CancelPacket command, TraceContext trace) {
        requireReading(Topic.PACKETS);
        if (command == null) {
            throw new InvalidEventException("the command to cancel is null");
        }
        return cancels.ask(command, command.toString(), command.packetId(), () -> producer.cancel(command, trace));
    }

    /** How many callers wait for an answer. */
    public int waiting() {
        return grabs.askers() + opens.askers() + cancels.askers();
    }

    /** Why answers cannot be read at present, in words of Kafka. Empty while they can. */
    public Optional<String> trouble() {
        return Optional.ofNullable(trouble);
    }

    /** Waits until all records are sent. Questions without an answer fail. */
    @Override
    public void close() {
        closing.countDown();
        reader.wakeup();
        producer.close();
        try {
            if (Thread.currentThread() != thread) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void requireReading(Topic topic) {
        if (!answers.contains(topic)) {
            throw new IllegalStateException("this client does not read " + topic);
        }
    }

    private void read() {
        RuntimeException end = new IllegalStateException("the client is closed");
        try (reader) {
            while (closing.getCount() > 0) {
                readOrBackOff();
                grabs.expire();
                opens.expire();
                cancels.expire();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Error e) {
            // For example out of memory. Without this thread no question would end.
            trouble = e.toString();
            end = new IllegalStateException("the client has failed", e);
            throw e;
        } finally {
            grabs.end(end);
            opens.end(end);
            cancels.end(end);
        }
    }

    /** Most failures pass: a right can be given back, a broker can return. The position is kept. */
    private void readOrBackOff() throws InterruptedException {
        try {
            reader.poll(POLL, new Listener());
            trouble = null;
        } catch (WakeupException e) {
            // close() was called.
        } catch (RuntimeException e) {
            if (trouble == null) {
                LOG.warn("Answers cannot be read at present: {}", e.getMessage(), e);
            }
            trouble = e.getMessage();
            closing.await(AFTER_A_FAILURE.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private final class Listener implements ResultListener {
        @Override
        public void onAward(Committed<AwardResult> award) {
            grabs.answer(award.partition(), award.event().grabOffset(), award.event());
        }

        @Override
        public void onPacketEvent(Committed<PacketEvent> event) {
            // A closing event answers no command.
            event.event()
                    .handle(
                            opened -> answer(event, opened),
                            closed -> {},
                            rejected -> answer(event, rejected),
                            cancelAnswered ->
                                    cancels.answer(event.partition(), cancelAnswered.openOffset(), cancelAnswered));
        }

        private void answer(Committed<PacketEvent> event, PacketEvent.Answer answer) {
            opens.answer(event.partition(), answer.openOffset(), answer);
        }
    }

    private static String identity(AwardResult award) {
        return identity(award.grabId(), award.packetId(), award.userId());
    }

    /** Ids contain no blanks. */
    private static String identity(String grabId, String packetId, String userId) {
        return grabId + ' ' + packetId + ' ' + userId;
    }
}
