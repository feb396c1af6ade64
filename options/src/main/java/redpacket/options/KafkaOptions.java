package redpacket.options;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;
import redpacket.clients.KafkaAddress;

/** Options for the address of Kafka, as a mixin. */
public final class KafkaOptions {
    public static final String DEFAULT_BOOTSTRAP_SERVERS = "127.0.0.1:9092";

    @Option(
            names = "--kafka",
            paramLabel = "HOST:PORT,...",
            converter = BootstrapServers.class,
            description = "Kafka brokers for the first connection. Default: " + DEFAULT_BOOTSTRAP_SERVERS)
    private String bootstrapServers;

    @Option(
            names = "--kafka-properties",
            paramLabel = "FILE",
            converter = ReadFile.class,
            description = "File of raw Kafka client settings, such as security.protocol and passwords.")
    private PropertiesFile file = PropertiesFile.NONE;

    /** The address of Kafka. {@code --kafka} overrides {@code bootstrap.servers} in the properties file. */
    public KafkaAddress address() {
        Map<String, String> rest = new HashMap<>(file.settings());
        String fromFile = rest.remove("bootstrap.servers");
        if (bootstrapServers != null) {
            return new KafkaAddress(bootstrapServers, rest);
        }
        return new KafkaAddress(fromFile != null ? fromFile : DEFAULT_BOOTSTRAP_SERVERS, rest);
    }

    static final class BootstrapServers implements ITypeConverter<String> {
        private static final Pattern HOST_AND_PORT = Pattern.compile("(\\[[0-9a-fA-F:.]+]|[^\\s:,/]+):\\d{1,5}");

        @Override
        public String convert(String value) {
            for (String node : value.split(",", -1)) {
                if (!HOST_AND_PORT.matcher(node.strip()).matches()) {
                    throw new TypeConversionException("'" + node + "' is not HOST:PORT");
                }
            }
            return value;
        }
    }

    static final class ReadFile implements ITypeConverter<PropertiesFile> {
        @Override
        public PropertiesFile convert(String value) {
            return PropertiesFile.read(value);
        }
    }
}
