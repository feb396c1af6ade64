package redpacket.options;

import java.util.OptionalInt;
import picocli.CommandLine.Option;

/** Options for the address of metrics and health, as a mixin. */
public final class OperationsOptions {
    @Option(
            names = "--http-host",
            paramLabel = "HOST",
            defaultValue = "127.0.0.1",
            description = "Address to serve /metrics, /health/live and /health/ready on. Default: ${DEFAULT-VALUE}")
    private String host;

    @Option(
            names = "--http-port",
            paramLabel = "PORT",
            description = "Port for these paths, 0 for any free port. Default: not served")
    @Range(least = "0", most = "65535")
    private Integer port;

    public String host() {
        return host;
    }

    /** Empty if metrics and health are not served. */
    public OptionalInt port() {
        return port == null ? OptionalInt.empty() : OptionalInt.of(port);
    }
}
