package redpacket.application;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;

/**
 * Sends dead letters back to their topics. A letter and the mark that it was sent back are in one transaction, so that
 * no letter is sent back twice.
 */
final class Redrive implements AutoCloseable {
    /** One at a time: a second redrive fences the first one, before it reads which letters were sent back. */
    static final String TRANSACTIONAL_ID = "redpacket-redrive";

    /** Letters in one transaction: at most some 100 MB. */
    private static final int MOST_AT_ONCE = 50;

    private final Producer<byte[], byte[]> producer;
    private final List<DeadLetter> waiting = new ArrayList<>();
    private long stored;
    private Exception firstFailure;

    /**
     * Begins, before the letters are read: from then on no other redrive marks a letter.
     *
     * @param producer transactional; it is closed in the end
     */
    Redrive(Producer<byte[], byte[]> producer) {
        this.producer = producer;
        producer.initTransactions();
    }

    void send(DeadLetter letter) {
        waiting.add(letter);
        if (waiting.size() >= MOST_AT_ONCE) {
            sendWaiting();
        }
    }

    /** Sends what waits. */
    void finish() {
        sendWaiting();
    }

    long stored() {
        return stored;
    }

    Optional<Exception> firstFailure() {
        return Optional.ofNullable(firstFailure);
    }

    @Override
    public void close() {
        producer.close();
    }

    private void sendWaiting() {
        if (!isStored(waiting)) {
            // One of them cannot be stored. The others can.
            waiting.forEach(letter -> isStored(List.of(letter)));
        }
        waiting.clear();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the commit fails if one of them fails
    private boolean isStored(List<DeadLetter> letters) {
        try {
            producer.beginTransaction();
            for (DeadLetter letter : letters) {
                producer.send(letter.original());
                producer.send(letter.mark());
            }
            producer.commitTransaction();
        } catch (ProducerFencedException | InvalidProducerEpochException e) {
            throw CommandException.failed("another redrive has begun, so this one ends");
        } catch (KafkaException e) {
            producer.abortTransaction();
            if (letters.size() == 1) {
                firstFailure = firstFailure == null ? e : firstFailure;
            }
            return false;
        }
        stored += letters.size();
        return true;
    }
}
