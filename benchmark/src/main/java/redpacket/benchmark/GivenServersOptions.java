package redpacket.benchmark;

import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import redpacket.clients.KafkaAddress;
import redpacket.clients.RedisAddress;

/** The options by which a benchmark is given a Kafka and a Redis instead of starting its own: mix it in. */
final class GivenServersOptions {
    /** With a port, as a delaying proxy may have to find it. */
    private static final Pattern REDIS = Pattern.compile("redis://[^/]+:\\d{1,5}(/\\d+)?");

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--kafka",
            paramLabel = "HOST:PORT,...",
            description = "A Kafka without topics of a pipeline; those that are made are deleted after each run."
                    + " Together with --redis. Default: one in this process")
    private String kafka;

    @Option(
            names = "--redis",
            paramLabel = "URI",
            description =
                    "An empty Redis, as redis://HOST:PORT; it is emptied after each run. Default: one on this machine")
    private String redis;

    /** Null when none are given. */
    GivenServers servers() {
        if ((kafka == null) != (redis == null)) {
            throw new ParameterException(
                    command.commandLine(), "--kafka and --redis go together: give both, or none for embedded ones");
        }
        if (redis != null && !REDIS.matcher(redis).matches()) {
            throw new ParameterException(command.commandLine(), "--redis must be redis://HOST:PORT");
        }
        return kafka == null ? null : new GivenServers(KafkaAddress.of(kafka), RedisAddress.of(redis));
    }
}
