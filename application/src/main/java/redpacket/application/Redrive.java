package redpacket.application;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.Producer;

/** Sends dead letters back to their topics, and counts those that Kafka has stored. */
final class Redrive implements AutoCloseable {
    private final Producer<byte[], byte[]> producer;
    private final AtomicLong stored = new AtomicLong();
    private final AtomicReference<Exception> firstFailure = new AtomicReference<>();

    /** @param producer is closed with this object */
    Redrive(Producer<byte[], byte[]> producer) {
        this.producer = producer;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the callback tells
    void send(DeadLetter letter) {
        producer.send(letter.original(), (record, failure) -> {
            if (failure == null) {
                stored.incrementAndGet();
            } else {
                firstFailure.compareAndSet(null, failure);
            }
        });
    }

    void awaitStored() {
        producer.flush();
    }

    long stored() {
        return stored.get();
    }

    Optional<Exception> firstFailure() {
        return Optional.ofNullable(firstFailure.get());
    }

    @Override
    public void close() {
        producer.close();
    }
}
