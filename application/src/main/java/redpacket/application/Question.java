package redpacket.application;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import redpacket.events.Topic;
import redpacket.producer.Appended;
import redpacket.producer.PacketProducer;
import redpacket.reader.Committed;
import redpacket.reader.CommittedReader;
import redpacket.reader.ResultListener;

/** One record for the topology, and the answer to it: the event that names its offset. */
abstract class Question<E> implements ResultListener {
    private final String name;
    private final Topic answers;
    private Appended stored;
    private E answer;

    /** @param name what users call it */
    Question(String name, Topic answers) {
        this.name = name;
        this.answers = answers;
    }

    /** Sends it and waits for the answer, as long as the user does. */
    final E ask(PipelineOptions pipeline) {
        // Reading starts before it is sent: its answer cannot be missed.
        try (CommittedReader reader = pipeline.fromNow(Set.of(answers));
                PacketProducer producer = pipeline.producer()) {
            stored = pipeline.stored(send(producer));
            if (!pipeline.readUntil(() -> answer != null, reader, this)) {
                throw CommandException.failed("no topology answered within " + pipeline.patience()
                        + ". Does one run? The " + name + " is stored, and will be answered when it does");
            }
            return answer;
        }
    }

    abstract CompletableFuture<Appended> send(PacketProducer producer);

    /** For what is read: an event, and the offset of the record that it answers. */
    final void consider(Committed<E> event, long questionOffset) {
        if (event.partition() == stored.partition() && questionOffset == stored.offset()) {
            answer = event.event();
        }
    }
}
