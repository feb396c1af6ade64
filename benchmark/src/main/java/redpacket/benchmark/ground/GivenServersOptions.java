package redpacket.benchmark.ground;

import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import redpacket.clients.KafkaAddress;
import redpacket.clients.RedisAddress;

/** Options to use an existing Kafka and Redis instead of embedded ones. Use it as a mixin. */
public final class GivenServersOptions {
    /** With a port, which the delaying proxy needs. */
    private static final Pattern REDIS = Pattern.compile("redis://[^/]+:\\d{1,5}(/\\d+)?");

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--kafka",
            paramLabel = "HOST:PORT,...",
            description = "A Kafka without topics of a pipeline. Created topics are deleted after each run."
                    + " Needs --redis. Default: an embedded Kafka")
    private String kafka;

    @Option(
            names = "--redis",
            paramLabel = "URI",
            description = "An empty Redis, as redis://HOST:PORT. It is emptied after each run. Default: a new Redis")
    private String redis;

    /** Null when the options are not given. */
    public GivenServers servers() {
        if ((kafka == null) != (redis == null)) {
            throw new ParameterException(
                    command.commandLine(), "Give both --kafka and --redis, or neither for embedded servers");
        }
        if (redis != null && !REDIS.matcher(redis).matches()) {
            throw new ParameterException(command.commandLine(), "--redis must be redis://HOST:PORT");
        }
        return kafka == null ? null : new GivenServers(KafkaAddress.of(kafka), RedisAddress.of(redis));
    }
}
