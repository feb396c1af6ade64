package redpacket.application;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import redpacket.events.CancelPacket;
import redpacket.events.PacketEvent;
import redpacket.events.Topic;

/** Cancels a packet and waits for the answer. */
@Command(name = "cancel", description = "Closes a packet before its deadline. The sender gets the rest back.")
final class CancelCommand implements Callable<Integer> {
    @Option(names = "--packet", paramLabel = "ID", required = true, description = "The packet to cancel.")
    private String packetId;

    @Option(
            names = "--sender",
            paramLabel = "ID",
            required = true,
            description = "The user who sent the packet; nobody else may cancel it.")
    private String senderId;

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            description = "Why, for people. Default: ${DEFAULT-VALUE}",
            defaultValue = "cancelled by the sender")
    private String reason;

    @Mixin
    private OutputOptions output;

    @Mixin
    private PipelineOptions pipeline;

    @Override
    public Integer call() {
        CancelPacket command = new CancelPacket(packetId, senderId, reason);
        PacketEvent.CancelAnswered answer = pipeline.ask("command", Topic.PACKETS, client -> client.cancel(command));
        output.print(answer);
        return answer.outcome() == PacketEvent.CancelOutcome.CANCELLED ? ExitCode.GOOD : ExitCode.FAILED;
    }
}
