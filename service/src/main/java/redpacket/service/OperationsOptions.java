package redpacket.service;

import java.util.function.Supplier;
import picocli.CommandLine.Option;

/** The options by which a command is told where to serve its metrics and health: mix it in. */
public final class OperationsOptions {
    @Option(
            names = "--http-host",
            paramLabel = "HOST",
            defaultValue = "127.0.0.1",
            description = "Address on which to serve /metrics, /health/live and /health/ready."
                    + " Default: ${DEFAULT-VALUE}")
    private String host;

    @Option(
            names = "--http-port",
            paramLabel = "PORT",
            description = "Port for them, 0 for any free one. Default: they are not served")
    private Integer port;

    /** Null, which try-with-resources takes, when nobody asked for a port. */
    public OperationsServer serveIfWanted(Metrics metrics, Supplier<Health> health) {
        return port == null ? null : OperationsServer.start(host, port, metrics, health);
    }
}
