package redpacket.local;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.kafka.common.errors.InterruptException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import redpacket.events.AwardResult;
import redpacket.events.PacketEvent;
import redpacket.events.Topic;
import redpacket.sink.Committed;
import redpacket.sink.CommittedReader;
import redpacket.sink.ResultListener;

/** Follows awards and packet events until it is stopped. */
@Command(name = "watch", description = "Follows awards and packet events, until Ctrl-C.")
final class WatchCommand implements Callable<Integer>, ResultListener {
    @Option(names = "--from-beginning", description = "Start with what the topics still hold.")
    private boolean fromBeginning;

    @Option(names = "--packet", paramLabel = "ID", description = "Only this packet.")
    private String packetId;

    @Mixin
    private OutputOptions output;

    @Mixin
    private PipelineOptions pipeline;

    @Override
    public Integer call() {
        Set<Topic> topics = EnumSet.of(Topic.AWARDS, Topic.PACKETS);
        try (CommittedReader reader = fromBeginning ? pipeline.fromBeginning(topics) : pipeline.fromNow(topics)) {
            output.err().println("watching, Ctrl-C ends it");
            while (output.flush()) {
                reader.poll(Duration.ofSeconds(1), this);
            }
        } catch (InterruptException e) {
            // As good an end as Ctrl-C.
        }
        return ExitCode.GOOD;
    }

    @Override
    public void onAward(Committed<AwardResult> award) {
        if (isWatched(award.event().packetId())) {
            output.print(award.event());
        }
    }

    @Override
    public void onPacketEvent(Committed<PacketEvent> event) {
        if (isWatched(event.event().packetId())) {
            output.print(event.event());
        }
    }

    private boolean isWatched(String id) {
        return packetId == null || packetId.equals(id);
    }
}
