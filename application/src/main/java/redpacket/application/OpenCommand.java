package redpacket.application;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import redpacket.events.Limits;
import redpacket.events.OpenPacket;
import redpacket.events.PacketEvent;
import redpacket.events.Split;
import redpacket.events.Topic;
import redpacket.options.ShortDuration;

/** Opens a packet and waits for its opened event, after which it can be grabbed. */
@Command(name = "open", description = "Opens a packet, and waits until it can be grabbed.")
final class OpenCommand implements Callable<Integer> {
    @Option(names = "--packet", paramLabel = "ID", description = "The packet's id. Default: a new id")
    private String packetId = UUID.randomUUID().toString();

    @Option(names = "--sender", paramLabel = "ID", required = true, description = "The user who pays.")
    private String senderId;

    @Option(names = "--cents", paramLabel = "N", required = true, description = "The amount in the packet, in cents.")
    private long totalCents;

    @Option(names = "--shares", paramLabel = "N", required = true, description = "How many users can win a share.")
    private int shares;

    @Option(names = "--split", description = "${COMPLETION-CANDIDATES}. Default: RANDOM")
    private Split split = Split.RANDOM;

    @Option(names = "--campaign", paramLabel = "C", description = "A campaign, which has its own statistics.")
    private String campaign;

    @Option(
            names = "--open-for",
            paramLabel = "TIME",
            converter = ShortDuration.class,
            description = "How long the packet can be grabbed, up to 31d. Default: 24h")
    private Duration openFor = Duration.ofMillis(Limits.DEFAULT_OPEN_FOR_MILLIS);

    @Mixin
    private OutputOptions output;

    @Mixin
    private PipelineOptions pipeline;

    @Override
    public Integer call() {
        OpenPacket command = new OpenPacket(packetId, senderId, totalCents, shares, split, campaign, openFor.toMillis())
                .requirePossible();
        PacketEvent.Answer answer = pipeline.ask("command", Topic.PACKETS, client -> client.open(command));
        output.print(answer);
        return answer.match(opened -> ExitCode.GOOD, rejected -> ExitCode.FAILED);
    }
}
