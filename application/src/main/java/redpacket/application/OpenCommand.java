package redpacket.application;

import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import redpacket.connection.ShortDuration;
import redpacket.events.OpenPacket;
import redpacket.events.PacketEvent;
import redpacket.events.Split;
import redpacket.events.Topic;
import redpacket.producer.Appended;
import redpacket.producer.PacketProducer;
import redpacket.sink.Committed;
import redpacket.sink.CommittedReader;
import redpacket.sink.ResultListener;

/** Opens a packet and waits until it may be grabbed. */
@Command(name = "open", description = "Opens a packet, and waits until it may be grabbed.")
final class OpenCommand implements Callable<Integer> {
    @Option(names = "--packet", paramLabel = "ID", description = "The packet's id. Default: a new one")
    private String packetId = UUID.randomUUID().toString();

    @Option(names = "--sender", paramLabel = "ID", required = true, description = "The user who pays.")
    private String senderId;

    @Option(names = "--cents", paramLabel = "N", required = true, description = "What is in it, in cents.")
    private long totalCents;

    @Option(names = "--shares", paramLabel = "N", required = true, description = "How many can win a share.")
    private int shares;

    @Option(names = "--split", description = "${COMPLETION-CANDIDATES}. Default: RANDOM")
    private Split split = Split.RANDOM;

    @Option(names = "--campaign", paramLabel = "C", description = "Has its own statistics.")
    private String campaign;

    @Option(
            names = "--open-for",
            paramLabel = "TIME",
            converter = ShortDuration.class,
            description = "How long it may be grabbed, up to 31d. Default: 24h")
    private Duration openFor = Duration.ofMillis(OpenPacket.DEFAULT_OPEN_FOR_MILLIS);

    @Mixin
    private OutputOptions output;

    @Mixin
    private PipelineOptions pipeline;

    @Override
    public Integer call() {
        OpenPacket command =
                new OpenPacket(packetId, senderId, totalCents, shares, split, campaign, openFor.toMillis());
        // Reading starts before the command is sent: its answer cannot be missed.
        try (CommittedReader reader = pipeline.fromNow(Set.of(Topic.PACKETS));
                PacketProducer producer = pipeline.producer()) {
            Appended sent = pipeline.stored(producer.open(command));
            Answer answer = new Answer(sent);
            if (!pipeline.readUntil(() -> answer.event != null, reader, answer)) {
                throw CommandException.failed("no topology answered within " + pipeline.patience()
                        + ". Does one run? The command is stored, and will be answered when it does");
            }
            output.print(answer.event);
            return answer.event instanceof PacketEvent.Opened ? ExitCode.GOOD : ExitCode.FAILED;
        }
    }

    private static final class Answer implements ResultListener {
        private final Appended question;
        private PacketEvent event;

        Answer(Appended question) {
            this.question = question;
        }

        @Override
        public void onPacketEvent(Committed<PacketEvent> answer) {
            if (answer.partition() == question.partition() && openOffset(answer.event()) == question.offset()) {
                event = answer.event();
            }
        }

        private static long openOffset(PacketEvent event) {
            if (event instanceof PacketEvent.Opened opened) {
                return opened.openOffset();
            }
            return event instanceof PacketEvent.Rejected rejected ? rejected.openOffset() : -1;
        }
    }
}
