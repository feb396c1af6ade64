package redpacket.application;

import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import redpacket.events.AwardResult;
import redpacket.events.Grab;
import redpacket.events.Outcome;
import redpacket.events.Topic;

/** Sends one grab, or the grabs of a file, and waits for the results. */
@Command(
        name = "grab",
        description = "Grabs a share of a packet, or sends every grab of a file, and waits for the results.",
        footer = {
            "A line of --from: {\"grabId\":\"g1\",\"packetId\":\"p1\",\"userId\":\"bob\"}",
            "",
            "Every --some-option can also come from the environment as REDPACKET_SOME_OPTION,",
            "or as some-option=... from the file that --config names, in this order of preference."
        })
final class GrabCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--packet", paramLabel = "ID", description = "The packet to grab from.")
    private String packetId;

    @Option(names = "--user", paramLabel = "ID", description = "The user who grabs.")
    private String userId;

    @Option(
            names = "--grab-id",
            paramLabel = "ID",
            description = "Id of this grab. A grab with the same id gets the same answer, from the opening of the"
                    + " packet until the packet is forgotten. Default: a new id")
    private String grabId = UUID.randomUUID().toString();

    @Option(
            names = "--from",
            paramLabel = "FILE",
            description = "Send the grabs in this file, one JSON object per line; - is standard input.")
    private String file;

    @Mixin
    private OutputOptions output;

    @Mixin
    private PipelineOptions pipeline;

    @Override
    public Integer call() {
        if (file == null && (packetId == null || userId == null)) {
            throw new ParameterException(spec.commandLine(), "Give --packet and --user, or --from");
        }
        if (file != null && (packetId != null || userId != null)) {
            throw new ParameterException(
                    spec.commandLine(), "--from reads packets and users from the file: leave out --packet and --user");
        }
        return file == null ? grabOnce() : new ManyGrabs(pipeline, output).grabAll(file);
    }

    private int grabOnce() {
        Grab grab = new Grab(grabId, packetId, userId);
        AwardResult answer = pipeline.ask("grab", Topic.AWARDS, client -> client.grab(grab));
        output.print(answer);
        return answer.outcome() == Outcome.AWARDED ? ExitCode.GOOD : ExitCode.FAILED;
    }
}
