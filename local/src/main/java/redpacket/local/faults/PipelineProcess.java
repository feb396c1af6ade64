package redpacket.local.faults;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import redpacket.clients.KafkaAddress;
import redpacket.clients.LedgerAddress;
import redpacket.clients.RedisAddress;
import redpacket.parts.FreePort;
import redpacket.parts.JavaProcess;

/** A command of this project that runs as a part of the pipeline. */
public final class PipelineProcess extends JavaProcess {
    private final Path stateDirectory;
    private final List<String> program = new ArrayList<>();
    private final Map<String, String> environment;

    private PipelineProcess(String name, Path folder, Map<String, String> environment) {
        super(name, folder.resolve(name.replace(' ', '-') + ".log"));
        this.stateDirectory = folder.resolve(name.replace(' ', '-'));
        this.environment = environment;
        runs("-Xmx256m", "-Dredpacket.log=INFO", "redpacket.application.RedPacket");
    }

    /**
     * Creates an instance of the topology. The caller starts it.
     *
     * @param number unique among the instances with the same folder
     * @param folder for the state and the log of the instance
     * @param replicas of its changelogs
     */
    public static PipelineProcess topology(
            int number, Path folder, KafkaAddress kafka, int replicas, RedisAddress redis, String secret) {
        PipelineProcess instance =
                new PipelineProcess("instance " + number, folder, Map.of("REDPACKET_SEED_SECRET", secret));
        instance.runs("topology", "--kafka", kafka.bootstrapServers(), "--redis", redis.uri());
        if (redis.cluster()) {
            instance.runs("--redis-cluster");
        }
        instance.runs("--state-dir", instance.stateDirectory.toString(), "--threads", "2");
        instance.runs("--replicas", String.valueOf(replicas));
        instance.runs("--peer-address", "127.0.0.1:" + FreePort.next());
        // A short grace is enough, because one broker has one clock.
        instance.runs("--grace", "1s");
        return instance;
    }

    /** Creates a sink with a ledger. It has no state on disk. The caller starts it. */
    static PipelineProcess sink(Path folder, KafkaAddress kafka, RedisAddress redis, LedgerAddress ledger) {
        PipelineProcess sink =
                new PipelineProcess("sink", folder, Map.of("REDPACKET_LEDGER_PASSWORD", ledger.password()));
        sink.runs("sink", "--kafka", kafka.bootstrapServers(), "--redis", redis.uri(), "--http-port", "0");
        sink.runs("--ledger", ledger.url(), "--ledger-user", ledger.user());
        return sink;
    }

    /** Creates a gateway for clients on this machine. The caller starts it. */
    static PipelineProcess gateway(Path folder, KafkaAddress kafka, int port) {
        PipelineProcess gateway = new PipelineProcess("gateway", folder, Map.of());
        gateway.runs("gateway", "--kafka", kafka.bootstrapServers(), "--api-port", String.valueOf(port));
        // No limit, and short, so that some requests are asked again during a fault.
        gateway.runs("--requests-per-second", "1000000", "--patience", "2s");
        return gateway;
    }

    private void runs(String... arguments) {
        program.addAll(List.of(arguments));
    }

    @Override
    protected List<String> program() {
        return program;
    }

    @Override
    protected void prepare(ProcessBuilder builder) {
        builder.environment().keySet().removeIf(name -> name.startsWith("REDPACKET_"));
        builder.environment().putAll(environment);
    }

    /** If it survives, the process continues with its content at the next start. */
    public Path stateDirectory() {
        return stateDirectory;
    }
}
