package redpacket.application;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import redpacket.events.Topic;
import redpacket.producer.Appended;
import redpacket.producer.PacketProducer;
import redpacket.reader.Committed;
import redpacket.reader.CommittedReader;
import redpacket.reader.ResultListener;

/** Sends one record to the topology and waits for the answer, which is the event that names the record's offset. */
abstract class Question<E> implements ResultListener {
    private final String name;
    private final Topic answers;
    private Appended stored;
    private E answer;

    /** @param name the name of the record for users */
    Question(String name, Topic answers) {
        this.name = name;
        this.answers = answers;
    }

    /** Sends the record and waits for the answer until --timeout. */
    final E ask(PipelineOptions pipeline) {
        // Start reading before sending, so that the answer cannot be missed.
        try (CommittedReader reader = pipeline.fromNow(Set.of(answers));
                PacketProducer producer = pipeline.producer()) {
            stored = pipeline.stored(send(producer));
            if (!pipeline.readUntil(() -> answer != null, reader, this)) {
                throw CommandException.failed("no topology answered within " + pipeline.patience()
                        + ". Is one running? The " + name + " is stored, and will be answered when one runs");
            }
            return answer;
        }
    }

    abstract CompletableFuture<Appended> send(PacketProducer producer);

    /** Call it for each event read, with the offset of the record that the event answers. */
    final void consider(Committed<E> event, long questionOffset) {
        if (event.partition() == stored.partition() && questionOffset == stored.offset()) {
            answer = event.event();
        }
    }
}
