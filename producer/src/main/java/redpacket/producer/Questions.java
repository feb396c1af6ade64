package redpacket.producer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The open questions of a process. An answer names the partition and the offset of its question. Thread-safe.
 *
 * <p>An answer can be read before the producer knows the offset of the question. So answers are kept whose subject is
 * that of a question without an offset.
 *
 * @param <A> an answer
 */
final class Questions<A> {
    /** Early answers with the same subject. There are several only if other processes ask the same at this moment. */
    private static final int MOST_EARLY = 100;

    private final int most;
    private final Duration patience;
    private final Function<A, String> subjectOfAnswer;
    private final LongSupplier nanoTime;

    /** By identity, in the order of their deadlines, because all are asked with the same patience. */
    private final Map<String, Question> open = new LinkedHashMap<>();

    private final Map<Place, Question> stored = new HashMap<>();
    private final Map<String, WithoutOffset> withoutOffset = new HashMap<>();
    private int askers;
    private RuntimeException ended;

    /**
     * @param most how many askers can wait; each costs less than a kilobyte
     * @param patience how long a question waits for its answer
     * @param nanoTime such as {@link System#nanoTime}
     */
    Questions(int most, Duration patience, Function<A, String> subjectOfAnswer, LongSupplier nanoTime) {
        this.most = most;
        this.patience = patience;
        this.subjectOfAnswer = subjectOfAnswer;
        this.nanoTime = nanoTime;
    }

    private record Place(int partition, long offset) {
        static Place of(Appended record) {
            return new Place(record.partition(), record.offset());
        }
    }

    private final class Question {
        private final Record content;
        private final String identity;
        private final String subject;
        private final long deadlineNanos = nanoTime.getAsLong() + patience.toNanos();
        private final List<CompletableFuture<A>> waiting = new ArrayList<>(1);
        private Appended record;

        Question(Record content, String identity, String subject) {
            this.content = content;
            this.identity = identity;
            this.subject = subject;
        }

        boolean isLate(long nowNanos) {
            return deadlineNanos - nowNanos <= 0;
        }

        UnknownAnswerException unknown(String state, Throwable cause) {
            return new UnknownAnswerException(
                    content + " " + state + ". Ask again with the same ids: the answer is the same", record, cause);
        }
    }

    /** Questions with the same subject that have no offset yet, and answers that may be theirs. */
    private final class WithoutOffset {
        private int questions;
        private final Map<Place, A> early = new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Place, A> eldest) {
                return size() > MOST_EARLY;
            }
        };
    }

    /** Those who wait for a question that has ended. Their futures are completed without the lock. */
    private record Ended<A>(List<CompletableFuture<A>> waiting) {
        void with(A answer) {
            waiting.forEach(future -> future.complete(answer));
        }

        void with(RuntimeException failure) {
            waiting.forEach(future -> future.completeExceptionally(failure));
        }
    }

    /**
     * Asks, unless a question with the same identity is open: then both get its answer. The future fails with {@link
     * UnknownAnswerException}, {@link TooManyQuestionsException}, or the failure given to {@link #end}.
     *
     * @param content for messages
     * @param identity of questions that have the same answer. A string, because a table of strings stays fast when
     *     hashes collide
     * @param subject what the question and its answer have in common
     * @param send sends the question
     */
    CompletableFuture<A> ask(
            Record content, String identity, String subject, Supplier<CompletableFuture<Appended>> send) {
        CompletableFuture<A> future = new CompletableFuture<>();
        Question question;
        synchronized (this) {
            if (ended != null) {
                return CompletableFuture.failedFuture(ended);
            }
            if (askers >= most) {
                return CompletableFuture.failedFuture(new TooManyQuestionsException(most));
            }
            askers++;
            Question same = open.get(identity);
            if (same != null) {
                same.waiting.add(future);
                return future;
            }
            question = new Question(content, identity, subject);
            question.waiting.add(future);
            open.put(identity, question);
            withoutOffset.computeIfAbsent(subject, none -> new WithoutOffset()).questions++;
        }
        // Without the lock, because a producer may block.
        var unused = sent(send).whenComplete((record, failure) -> {
            if (failure == null) {
                isStored(question, record);
            } else {
                isNotStored(question, failure);
            }
        });
        return future;
    }

    private static CompletableFuture<Appended> sent(Supplier<CompletableFuture<Appended>> send) {
        try {
            return send.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void isStored(Question question, Appended record) {
        A answer;
        Ended<A> answered;
        synchronized (this) {
            question.record = record;
            answer = learnFate(question).early.remove(Place.of(record));
            if (answer == null) {
                if (open.get(question.identity) == question) {
                    stored.put(Place.of(record), question);
                }
                return;
            }
            answered = remove(question);
        }
        answered.with(answer);
    }

    private void isNotStored(Question question, Throwable failure) {
        Ended<A> unstored;
        synchronized (this) {
            learnFate(question);
            unstored = remove(question);
        }
        unstored.with(question.unknown("was perhaps not stored: " + failure.getMessage(), failure));
    }

    private WithoutOffset learnFate(Question question) {
        WithoutOffset alike = withoutOffset.get(question.subject);
        alike.questions--;
        if (alike.questions == 0) {
            withoutOffset.remove(question.subject);
        }
        return alike;
    }

    /** Takes the answer to a record, which may be the record of another process. */
    void answer(int partition, long offset, A answer) {
        Ended<A> answered;
        synchronized (this) {
            Place place = new Place(partition, offset);
            Question question = stored.get(place);
            if (question == null) {
                keepIfEarly(place, answer);
                return;
            }
            answered = remove(question);
        }
        answered.with(answer);
    }

    private void keepIfEarly(Place place, A answer) {
        if (!withoutOffset.isEmpty()) {
            WithoutOffset alike = withoutOffset.get(subjectOfAnswer.apply(answer));
            if (alike != null) {
                alike.early.put(place, answer);
            }
        }
    }

    /** Ends the questions that have waited long enough. */
    void expire() {
        Map<Question, Ended<A>> late = new LinkedHashMap<>();
        synchronized (this) {
            long nowNanos = nanoTime.getAsLong();
            while (!open.isEmpty() && first().isLate(nowNanos)) {
                Question question = first();
                late.put(question, remove(question));
            }
        }
        late.forEach((question, ended) -> {
            String state = question.record == null ? "was perhaps not stored" : "is stored, but was not answered";
            ended.with(question.unknown(state + " within " + patience.toMillis() + " ms", null));
        });
    }

    /** Fails all questions, these and later ones. */
    void end(RuntimeException failure) {
        List<Ended<A>> failed = new ArrayList<>();
        synchronized (this) {
            ended = failure;
            while (!open.isEmpty()) {
                failed.add(remove(first()));
            }
        }
        failed.forEach(each -> each.with(failure));
    }

    private Question first() {
        return open.values().iterator().next();
    }

    /** Forgets a question, unless it has ended before. */
    private Ended<A> remove(Question question) {
        if (!open.remove(question.identity, question)) {
            return new Ended<>(List.of());
        }
        if (question.record != null) {
            stored.remove(Place.of(question.record), question);
        }
        askers -= question.waiting.size();
        return new Ended<>(question.waiting);
    }

    /** How many questions and early answers are in memory. */
    synchronized int remembered() {
        return open.size() + stored.size() + withoutOffset.size();
    }

    /** How many askers wait. */
    synchronized int askers() {
        return askers;
    }
}
