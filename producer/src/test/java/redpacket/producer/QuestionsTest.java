package redpacket.producer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;

class QuestionsTest {
    private static final int MOST = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private long nanos;
    private final Questions<Answer> questions = new Questions<>(MOST, PATIENCE, Answer::subject, () -> nanos);
    private final List<CompletableFuture<Appended>> sent = new ArrayList<>();

    private record Question(String subject) {}

    private record Answer(String subject, long offset) {}

    @Test
    void shouldTellTheAnswerWhenItNamesTheOffset() {
        CompletableFuture<Answer> asked = ask("a");
        store(0, 10);

        answer("a", 11);
        assertThat(asked).isNotDone();
        answer("a", 10);
        assertThat(asked).isCompletedWithValue(new Answer("a", 10));
        assertThat(questions.remembered()).isZero();
    }

    @Test
    void shouldTellTheAnswerWhenItIsReadBeforeTheOffsetIsKnown() {
        CompletableFuture<Answer> asked = ask("a");
        answer("b", 9);
        // Another process has asked the same.
        answer("a", 8);
        answer("a", 10);
        answer("a", 12);
        assertThat(asked).isNotDone();

        store(0, 10);
        assertThat(asked).isCompletedWithValue(new Answer("a", 10));
        assertThat(questions.remembered()).isZero();
    }

    @Test
    void shouldSendOnceWhenTheSameIsAskedByMany() {
        CompletableFuture<Answer> first = ask("a");
        CompletableFuture<Answer> second = ask("a");
        store(0, 10);
        CompletableFuture<Answer> third = ask("a");
        assertThat(sent).hasSize(1);
        // Each asker has a future of his own.
        second.cancel(false);

        answer("a", 10);
        assertThat(first).isCompletedWithValue(new Answer("a", 10));
        assertThat(third).isCompletedWithValue(new Answer("a", 10));
        assertThat(questions.askers()).isZero();
    }

    @Test
    void shouldSayWhetherTheQuestionIsStoredWhenNoAnswerComesInTime() {
        CompletableFuture<Answer> stored = ask("stored");
        store(0, 10);
        CompletableFuture<Answer> perhaps = ask("perhaps");
        nanos += PATIENCE.toNanos() - 1;
        questions.expire();
        assertThat(stored).isNotDone();

        nanos++;
        CompletableFuture<Answer> later = ask("later");
        questions.expire();
        assertThat(unknown(stored).stored()).contains(new Appended(0, 10, 0));
        assertThat(unknown(stored))
                .hasMessage("Question[subject=stored] is stored, but was not answered within 10000 ms."
                        + " Ask again with the same ids: the answer is the same");
        assertThat(unknown(perhaps).stored()).isEmpty();
        assertThat(unknown(perhaps)).hasMessageContaining("was perhaps not stored within 10000 ms");
        assertThat(later).isNotDone();
    }

    @Test
    void shouldTellTheAnswerToTheNewRecordWhenAskedAgainAfterATimeout() {
        CompletableFuture<Answer> first = ask("a");
        nanos += PATIENCE.toNanos();
        questions.expire();
        assertThat(first).isCompletedExceptionally();

        CompletableFuture<Answer> again = ask("a");
        assertThat(sent).hasSize(2);
        store(0, 10);
        answer("a", 10);
        assertThat(again).isNotDone();
        answer("a", 11);
        store(1, 11);
        assertThat(again).isCompletedWithValue(new Answer("a", 11));
        assertThat(questions.remembered()).isZero();
    }

    @Test
    void shouldGiveTheReasonWhenTheProducerFails() {
        CompletableFuture<Answer> asked = ask("a");
        IllegalStateException failure = new IllegalStateException("no broker");
        sent.get(0).completeExceptionally(failure);
        CompletableFuture<Answer> thrown = questions.ask(new Question("b"), "b", "b", () -> {
            throw failure;
        });

        assertThat(unknown(asked))
                .hasMessageContaining("was perhaps not stored: no broker")
                .hasCause(failure);
        assertThat(unknown(thrown)).hasCause(failure);
        assertThat(questions.remembered() + questions.askers()).isZero();
    }

    @Test
    void shouldSendNothingWhenTooManyWait() {
        List<CompletableFuture<Answer>> waiting = List.of(ask("a"), ask("a"), ask("b"));
        assertFailure(ask("c")).isInstanceOf(TooManyQuestionsException.class);
        assertFailure(ask("a")).isInstanceOf(TooManyQuestionsException.class);
        assertThat(sent).hasSize(2);

        store(1, 10);
        answer("b", 10);
        assertThat(ask("c")).isNotDone();
        assertThat(waiting.get(0)).isNotDone();
    }

    @Test
    void shouldKeepFewEarlyAnswersWhenOthersAskTheSameWithoutEnd() {
        CompletableFuture<Answer> asked = ask("a");
        for (int offset = 0; offset < 1_000; offset++) {
            answer("a", offset);
        }
        store(0, 1);

        assertThat(asked).as("its answer was forgotten").isNotDone();
    }

    @Test
    void shouldFailAllWhenTheClientEnds() {
        CompletableFuture<Answer> asked = ask("a");
        IllegalStateException closed = new IllegalStateException("closed");
        questions.end(closed);

        assertFailure(asked).isSameAs(closed);
        assertFailure(ask("b")).isSameAs(closed);
        assertThat(sent).hasSize(1);
        store(0, 10);
        assertThat(questions.remembered()).isZero();
    }

    /** Several threads ask, the offsets and the answers come in random order from two other threads. */
    @Test
    void shouldTellEveryoneTheirOwnAnswerWhenEverythingHappensTogether() throws Exception {
        long seed = Long.getLong("redpacket.seed", System.nanoTime());
        System.out.println("redpacket.seed=" + seed);
        int count = 10_000;
        Questions<Answer> many = new Questions<>(count, PATIENCE, Answer::subject, () -> 0);
        List<CompletableFuture<Appended>> records = IntStream.range(0, count)
                .mapToObj(i -> new CompletableFuture<Appended>())
                .toList();
        // The answers of ten questions have the same subject.
        List<CompletableFuture<Answer>> asked = new ArrayList<>(Collections.nCopies(count, null));
        CountDownLatch allAsked = new CountDownLatch(4);
        ExecutorService threads = Executors.newFixedThreadPool(6);
        try {
            for (int thread = 0; thread < 4; thread++) {
                int first = thread;
                threads.execute(() -> {
                    for (int i = first; i < count; i += 4) {
                        int number = i;
                        asked.set(
                                number,
                                many.ask(
                                        new Question("" + number),
                                        "" + number,
                                        subject(number),
                                        () -> records.get(number)));
                    }
                    allAsked.countDown();
                });
            }
            allAsked.await();
            threads.execute(() -> shuffled(count, new Random(seed))
                    .forEach(i -> records.get(i).complete(new Appended(i % 3, i, 0))));
            threads.execute(() -> shuffled(count, new Random(seed + 1))
                    .forEach(i -> many.answer(i % 3, i, new Answer(subject(i), i))));

            for (int i = 0; i < count; i++) {
                assertThat(asked.get(i).get(1, TimeUnit.MINUTES).offset()).isEqualTo(i);
            }
            assertThat(many.remembered() + many.askers()).isZero();
        } finally {
            threads.shutdownNow();
        }
    }

    private static String subject(int number) {
        return "subject-" + number / 10;
    }

    private static List<Integer> shuffled(int count, Random random) {
        List<Integer> numbers =
                new ArrayList<>(IntStream.range(0, count).boxed().toList());
        Collections.shuffle(numbers, random);
        return numbers;
    }

    private CompletableFuture<Answer> ask(String subject) {
        return questions.ask(new Question(subject), subject, subject, () -> {
            sent.add(new CompletableFuture<>());
            return sent.get(sent.size() - 1);
        });
    }

    private void store(int which, long offset) {
        sent.get(which).complete(new Appended(0, offset, 0));
    }

    private void answer(String subject, long offset) {
        questions.answer(0, offset, new Answer(subject, offset));
    }

    private static UnknownAnswerException unknown(CompletableFuture<Answer> asked) {
        return (UnknownAnswerException) failure(asked);
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> assertFailure(CompletableFuture<Answer> asked) {
        return assertThat(failure(asked));
    }

    private static Throwable failure(CompletableFuture<Answer> asked) {
        assertThat(asked).isCompletedExceptionally();
        try {
            throw new AssertionError("answered with " + asked.get());
        } catch (ExecutionException e) {
            return e.getCause();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
