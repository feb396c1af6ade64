package redpacket.options;

import java.util.OptionalInt;
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

    public String host() {
        return host;
    }

    /** Empty when they are not to be served. */
    public OptionalInt port() {
        return port == null ? OptionalInt.empty() : OptionalInt.of(port);
    }
}
