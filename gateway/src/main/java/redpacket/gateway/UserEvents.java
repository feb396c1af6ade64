package redpacket.gateway;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redpacket.clients.KafkaAddress;
import redpacket.events.AwardResult;
import redpacket.events.Topic;
import redpacket.reader.Committed;
import redpacket.reader.CommittedReader;
import redpacket.reader.ResultListener;
import redpacket.reader.Start;

/**
 * Tells listeners the results of a user. Reads all awards in its own thread while anybody listens.
 *
 * <p>The id of an event is the position in every partition. So a listener can resume at any gateway: what it missed is
 * read again from Kafka, up to the position at which the thread began to tell it the rest.
 */
final class UserEvents implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(UserEvents.class);

    /** Each has a thread that writes to its connection. */
    private static final int MOST_LISTENERS = 500;

    /** A listener that is further behind has to read again what it wants to know. About a second's work. */
    private static final long MOST_READ_AGAIN = 500_000;

    /** A listener that reads more slowly than its user gets results is disconnected, and can resume. */
    private static final int MOST_QUEUED = 1_000;

    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration RETRY_BACKOFF = Duration.ofSeconds(1);

    /** Proxies close connections that are silent for long, often a minute. */
    private final Duration keepAlive;

    private final KafkaAddress kafka;
    private final Thread thread = new Thread(this::run, "user-events");

    /** By user. Guarded by this, like the fields below. */
    private final Map<String, List<Subscription>> subscriptions = new HashMap<>();

    private int listeners;
    private boolean closed;

    /** Null while nothing is read. */
    private Positions positions;

    UserEvents(KafkaAddress kafka, Duration keepAlive) {
        this.kafka = kafka;
        this.keepAlive = keepAlive;
        thread.setDaemon(true);
        thread.start();
    }

    /** Receives events. Each method returns false if the listener has gone. */
    interface Listener {
        /** Tells a result, after all results before it. */
        boolean result(String id, Committed<AwardResult> award);

        /** Tells that there was no result up to here. */
        boolean position(String id);

        /** Tells that results before this position may be missing. */
        boolean gap(String id);
    }

    private record Event(String id, Committed<AwardResult> award) {
        /** Wakes one who waits for an event. */
        static final Event END = new Event(null, null);
    }

    private static final class Subscription {
        private final Positions from;
        private final BlockingQueue<Event> queue = new LinkedBlockingQueue<>(MOST_QUEUED);
        private volatile boolean ended;

        Subscription(Positions from) {
            this.from = from;
        }

        void end() {
            ended = true;
            // A full queue wakes its listener, too.
            var unused = queue.offer(Event.END);
        }
    }

    /**
     * Tells the listener all results of the user, until it has gone or this is closed, or if reading fails. Then the
     * listener can resume.
     *
     * @param lastId the last id that the listener has got; null for results from now on
     */
    void listen(String userId, String lastId, Listener listener) throws InterruptedException {
        Optional<Subscription> subscribed = subscribe(userId);
        if (subscribed.isEmpty()) {
            return;
        }
        Subscription subscription = subscribed.get();
        try {
            if (begin(userId, lastId, subscription.from, listener)) {
                follow(subscription, listener);
            }
        } finally {
            unsubscribe(userId, subscription);
        }
    }

    private boolean begin(String userId, String lastId, Positions now, Listener listener) {
        if (lastId == null) {
            return listener.position(now.toString());
        }
        Optional<Positions> last = Positions.parse(lastId, now.partitions()).filter(since -> since.distanceTo(now)
                .filter(behind -> behind <= MOST_READ_AGAIN)
                .isPresent());
        if (last.isEmpty()) {
            return listener.gap(now.toString());
        }
        return readAgain(userId, last.get(), now, listener) && listener.position(now.toString());
    }

    private boolean readAgain(String userId, Positions since, Positions until, Listener listener) {
        Missed missed = new Missed(userId, since, until, listener);
        Start start = Start.at(partition -> since.next(partition));
        try (CommittedReader reader = CommittedReader.from(start, kafka.clientSettings(), Set.of(Topic.AWARDS))) {
            while (missed.isPresent && !hasReached(reader, until)) {
                reader.poll(POLL, missed);
            }
        }
        return missed.isPresent;
    }

    private static boolean hasReached(CommittedReader reader, Positions until) {
        Map<Integer, Long> reached = reader.positions(Topic.AWARDS);
        return reached.entrySet().stream().allMatch(each -> each.getValue() >= until.next(each.getKey()));
    }

    private static final class Missed implements ResultListener {
        private final String userId;
        private final Positions reached;
        private final Positions until;
        private final Listener listener;
        private boolean isPresent = true;

        Missed(String userId, Positions since, Positions until, Listener listener) {
            this.userId = userId;
            this.reached = since.copy();
            this.until = until;
            this.listener = listener;
        }

        @Override
        public void onAward(Committed<AwardResult> award) {
            if (award.offset() < until.next(award.partition())) {
                reached.read(award.partition(), award.offset());
                if (isPresent && award.event().userId().equals(userId)) {
                    isPresent = listener.result(reached.toString(), award);
                }
            }
        }
    }

    private void follow(Subscription subscription, Listener listener) throws InterruptedException {
        boolean isPresent = true;
        while (isPresent) {
            Event event = subscription.queue.poll(keepAlive.toMillis(), TimeUnit.MILLISECONDS);
            if (subscription.ended) {
                return;
            }
            if (event != null) {
                isPresent = listener.result(event.id, event.award);
            } else {
                Optional<String> quiet = positionIfQuiet(subscription);
                isPresent = quiet.isEmpty() || listener.position(quiet.get());
            }
        }
    }

    /** Empty if an event came meanwhile, which has to be told before. */
    private synchronized Optional<String> positionIfQuiet(Subscription subscription) {
        return subscription.queue.isEmpty() && positions != null ? Optional.of(positions.toString()) : Optional.empty();
    }

    /** Waits until awards are read. Empty if this is closed, or has too many listeners. */
    private synchronized Optional<Subscription> subscribe(String userId) throws InterruptedException {
        if (listeners == MOST_LISTENERS) {
            return Optional.empty();
        }
        listeners++;
        notifyAll();
        while (positions == null && !closed) {
            wait();
        }
        if (closed) {
            listeners--;
            return Optional.empty();
        }
        Subscription subscription = new Subscription(positions.copy());
        subscriptions.computeIfAbsent(userId, none -> new ArrayList<>()).add(subscription);
        return Optional.of(subscription);
    }

    private synchronized void unsubscribe(String userId, Subscription subscription) {
        listeners--;
        List<Subscription> same = subscriptions.get(userId);
        if (same != null && same.remove(subscription) && same.isEmpty()) {
            subscriptions.remove(userId);
        }
    }

    private void run() {
        try {
            while (awaitListeners()) {
                try {
                    read();
                } catch (RuntimeException e) {
                    LOG.warn("Awards cannot be read at present. Those who listen have to resume", e);
                    endAll();
                    TimeUnit.MILLISECONDS.sleep(RETRY_BACKOFF.toMillis());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            close();
        }
    }

    private void read() {
        try (CommittedReader reader = CommittedReader.fromNow(kafka.clientSettings(), Set.of(Topic.AWARDS))) {
            reached(reader);
            while (isHeard()) {
                reader.poll(POLL, new ResultListener() {
                    @Override
                    public void onAward(Committed<AwardResult> award) {
                        tell(award);
                    }
                });
                reached(reader);
            }
        } finally {
            synchronized (this) {
                positions = null;
            }
        }
    }

    private synchronized void tell(Committed<AwardResult> award) {
        positions.read(award.partition(), award.offset());
        for (Subscription each : subscriptions.getOrDefault(award.event().userId(), List.of())) {
            if (!each.queue.offer(new Event(positions.toString(), award))) {
                each.end();
            }
        }
    }

    private synchronized void reached(CommittedReader reader) {
        Map<Integer, Long> next = reader.positions(Topic.AWARDS);
        long[] all = new long[next.size()];
        next.forEach((partition, offset) -> all[partition] = offset);
        positions = Positions.of(all);
        notifyAll();
    }

    private synchronized boolean awaitListeners() throws InterruptedException {
        while (listeners == 0 && !closed) {
            wait();
        }
        return !closed;
    }

    private synchronized boolean isHeard() {
        return listeners > 0 && !closed;
    }

    private synchronized void endAll() {
        subscriptions.values().forEach(each -> each.forEach(Subscription::end));
        subscriptions.clear();
    }

    /** Ends all listening. Does not wait. */
    @Override
    public synchronized void close() {
        closed = true;
        endAll();
        notifyAll();
    }
}
