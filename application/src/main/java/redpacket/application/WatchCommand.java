package redpacket.application;

import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.kafka.common.errors.InterruptException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import redpacket.events.AwardResult;
import redpacket.events.Counters;
import redpacket.events.PacketEvent;
import redpacket.events.Topic;
import redpacket.events.WindowStats;
import redpacket.reader.Committed;
import redpacket.reader.CommittedReader;
import redpacket.reader.ResultListener;

/** Prints awards and packet events, or the statistics, until the process is stopped. */
@Command(name = "watch", description = "Prints awards and packet events, or the statistics, until Ctrl-C.")
final class WatchCommand implements Callable<Integer>, ResultListener {
    private static final int WINDOWS_TOLD = 10_000;

    @Option(names = "--from-beginning", description = "Start with the oldest records of the topics.")
    private boolean fromBeginning;

    @Option(names = "--packet", paramLabel = "ID", description = "Only this packet.")
    private String packetId;

    @Option(
            names = "--stats",
            description = "Print the counters of each window, again after each change, instead of awards and events.")
    private boolean stats;

    @Mixin
    private OutputOptions output;

    @Mixin
    private PipelineOptions pipeline;

    @Spec
    private CommandSpec spec;

    /** The last printed counters of each window. Keeps only the newest windows, as old ones hardly ever change. */
    private final Map<String, Counters> told = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Counters> eldest) {
            return size() > WINDOWS_TOLD;
        }
    };

    @Override
    public Integer call() {
        if (stats && packetId != null) {
            throw new ParameterException(spec.commandLine(), "--stats counts all packets; leave out --packet");
        }
        Set<Topic> topics = stats ? EnumSet.of(Topic.STATS) : EnumSet.of(Topic.AWARDS, Topic.PACKETS);
        try (CommittedReader reader = fromBeginning ? pipeline.fromBeginning(topics) : pipeline.fromNow(topics)) {
            output.err().println("watching; press Ctrl-C to stop");
            while (output.flush()) {
                reader.poll(Duration.ofSeconds(1), this);
            }
        } catch (InterruptException e) {
            // The reader of the output has closed it, which ends the command like Ctrl-C.
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

    /** JSON output has every revision. Text output has only revisions with new counters. */
    @Override
    public void onStats(Committed<WindowStats> window) {
        Counters counters = window.event().counters();
        if (output.isJson() || !counters.equals(told.put(window.event().key(), counters))) {
            output.print(window.event());
        }
    }

    private boolean isWatched(String id) {
        return packetId == null || packetId.equals(id);
    }
}
