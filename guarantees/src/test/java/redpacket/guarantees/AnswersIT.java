package redpacket.guarantees;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import redpacket.events.AwardResult;
import redpacket.events.Grab;
import redpacket.events.OpenPacket;
import redpacket.events.Outcome;
import redpacket.events.PacketEvent;
import redpacket.events.Split;
import redpacket.local.faults.BreakablePipeline;
import redpacket.local.faults.PipelineProcess;
import redpacket.producer.PacketClient;
import redpacket.producer.UnknownAnswerException;

/** Whoever asks through a {@link PacketClient} is told what was committed. */
class AnswersIT {
    private static final String SECRET = "secret of those who ask";
    private static final int THREADS = 8;
    private static final int GRABS_PER_PACKET = 40;
    private static final int SHARES = 10;

    /** Shorter than the faults, so that some questions are asked again. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final AtomicLong answered = new AtomicLong();
    private final AtomicLong unknown = new AtomicLong();
    private volatile boolean stopping;

    /** The topology is killed with open transactions, and the broker restarts. Every grab has one outcome. */
    @Test
    void shouldTellEveryoneWhatIsCommittedWhenTheTopologyAndTheBrokerFail() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try (BreakablePipeline pipeline = BreakablePipeline.start(SECRET, 1);
                PacketClient client =
                        PacketClient.connect(pipeline.kafkaAddress().clientSettings(), PATIENCE)) {
            List<Future<List<AwardResult>>> askers = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                int number = thread;
                askers.add(threads.submit(() -> askUntilStopped(client, number)));
            }
            awaitAnswers();
            PipelineProcess instance = pipeline.instances().get(0);
            instance.kill();
            instance.start();
            awaitAnswers();
            pipeline.restartKafka();
            awaitAnswers();
            stopping = true;

            Set<AwardResult> committed = new HashSet<>();
            List<AwardResult> told = new ArrayList<>();
            for (Future<List<AwardResult>> asker : askers) {
                told.addAll(asker.get(2, TimeUnit.MINUTES));
            }
            CommittedRecords.read(pipeline.kafkaAddress()).awards().forEach(award -> committed.add(award.result()));
            System.out.println(told.size() + " answers, " + unknown + " questions were asked again");
            assertThat(committed).containsAll(told);
            assertThat(told).extracting(AwardResult::outcome).contains(Outcome.AWARDED, Outcome.SOLD_OUT);
            assertThat(client.waiting()).isZero();
        } finally {
            stopping = true;
            threads.shutdownNow();
        }
    }

    private void awaitAnswers() {
        long wanted = answered.get() + 200;
        await().atMost(Duration.ofMinutes(2)).until(() -> answered.get() >= wanted);
    }

    private List<AwardResult> askUntilStopped(PacketClient client, int thread) throws InterruptedException {
        List<AwardResult> told = new ArrayList<>();
        Random random = new Random(thread);
        for (int packet = 0; !stopping; packet++) {
            String packetId = "packet-" + thread + "-" + packet;
            OpenPacket command = new OpenPacket(packetId, "alice", 1_000, SHARES, Split.RANDOM, null, 3_600_000);
            assertThat(ask(() -> client.open(command))).isInstanceOf(PacketEvent.Opened.class);
            for (int grab = 0; grab < GRABS_PER_PACKET; grab++) {
                Grab question = new Grab("grab-" + grab, packetId, "user-" + random.nextInt(SHARES * 2));
                AwardResult answer = ask(() -> client.grab(question));
                assertThat(new Grab(answer.grabId(), answer.packetId(), answer.userId()))
                        .isEqualTo(question);
                told.add(answer);
                answered.incrementAndGet();
            }
        }
        return told;
    }

    private <A> A ask(Supplier<CompletableFuture<A>> question) throws InterruptedException {
        while (true) {
            try {
                return question.get().get();
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnknownAnswerException)) {
                    throw new IllegalStateException(e);
                }
                unknown.incrementAndGet();
            }
        }
    }
}
