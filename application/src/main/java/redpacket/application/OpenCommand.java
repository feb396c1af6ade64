package redpacket.application;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import redpacket.events.Limits;
import redpacket.events.OpenPacket;
import redpacket.events.PacketEvent;
import redpacket.events.Prize;
import redpacket.events.Split;
import redpacket.events.Topic;
import redpacket.options.ShortDuration;

/** Opens a packet and waits for its opened event, after which it can be grabbed. */
@Command(name = "open", description = "Opens a packet, and waits until it can be grabbed.")
final class OpenCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--packet", paramLabel = "ID", description = "The packet's id. Default: a new id")
    private String packetId = UUID.randomUUID().toString();

    @Option(names = "--sender", paramLabel = "ID", required = true, description = "The user who pays.")
    private String senderId;

    @Option(
            names = "--cents",
            paramLabel = "N",
            description = "The amount in the packet, in cents. Follows from --prize.")
    private Long totalCents;

    @Option(names = "--shares", paramLabel = "N", description = "How many users can win a share. Follows from --prize.")
    private Integer shares;

    @Option(names = "--split", description = "${COMPLETION-CANDIDATES}. Default: RANDOM, or PRIZES with --prize")
    private Split split;

    @Option(names = "--min-cents", paramLabel = "N", description = "The least cents of a random share. Default: 1")
    private Long minCents;

    @Option(
            names = "--max-cents",
            paramLabel = "N",
            description = "The most cents of a random share. Default: no bound")
    private Long maxCents;

    @Option(
            names = "--prize",
            paramLabel = "CENTSxCOUNT[:NAME]",
            converter = PrizeOption.class,
            description = "Prizes, such as 100x50 for 50 shares of 100 cents, 0x50 for 50 blanks, or 100x50:Coupon with"
                    + " a name. Can be given several times.")
    private List<Prize> prizes;

    @Option(names = "--campaign", paramLabel = "C", description = "A campaign, which has its own statistics.")
    private String campaign;

    @Option(
            names = "--open-for",
            paramLabel = "TIME",
            converter = ShortDuration.class,
            description = "How long the packet can be grabbed, up to 31d. Default: 24h")
    private Duration openFor = Duration.ofMillis(Limits.DEFAULT_OPEN_FOR_MILLIS);

    @Option(
            names = "--starts-in",
            paramLabel = "TIME",
            converter = ShortDuration.class,
            description = "Start so much later, by the clock of this machine. --open-for counts from the start."
                    + " Default: at once")
    private Duration startsIn;

    @Option(
            names = "--starts-at",
            paramLabel = "TIME",
            description = "Start at this time, such as 2026-02-17T12:00:00Z. Default: at once")
    private Instant startsAt;

    @Option(
            names = "--only-user",
            paramLabel = "ID",
            description = "A user who may win, when the packet is not for everybody. Can be given several times.")
    private List<String> onlyUsers;

    @Option(
            names = "--currency",
            paramLabel = "C",
            description = "What the cents are of: three capital letters, as in ISO 4217, or a name of points.")
    private String currency;

    @Option(names = "--title", paramLabel = "TEXT", description = "A greeting, up to 200 characters.")
    private String title;

    @Mixin
    private OutputOptions output;

    @Mixin
    private PipelineOptions pipeline;

    @Override
    public Integer call() {
        if (prizes == null && (totalCents == null || shares == null)) {
            throw new ParameterException(spec.commandLine(), "Give --cents and --shares, or --prize");
        }
        if (startsIn != null && startsAt != null) {
            throw new ParameterException(spec.commandLine(), "Give --starts-in or --starts-at, not both");
        }
        OpenPacket command = command().requirePossible();
        PacketEvent.Answer answer = pipeline.ask("command", Topic.PACKETS, client -> client.open(command));
        output.print(answer);
        return answer.match(opened -> ExitCode.GOOD, rejected -> ExitCode.FAILED);
    }

    private OpenPacket command() {
        OpenPacket follows =
                prizes == null ? null : OpenPacket.ofPrizes(packetId, senderId, prizes, campaign, openFor.toMillis());
        return new OpenPacket(
                packetId,
                senderId,
                totalCents == null ? follows.totalCents() : totalCents,
                shares == null ? follows.shares() : shares,
                split,
                campaign,
                openFor.toMillis(),
                startsAtMillis(),
                minCents,
                maxCents,
                prizes,
                onlyUsers,
                currency,
                title);
    }

    private Long startsAtMillis() {
        if (startsIn != null) {
            return System.currentTimeMillis() + startsIn.toMillis();
        }
        return startsAt == null ? null : (Long) startsAt.toEpochMilli();
    }
}
