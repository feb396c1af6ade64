package redpacket.options;

import static java.util.Map.entry;

import java.util.HashMap;
import java.util.List;
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
        /** Kafka Streams takes settings for some of its clients only, or for some of its topics. */
        private static final Pattern CLIENT =
                Pattern.compile("^((main|restore|global)\\.)?(consumer|producer|admin|topic)\\.");

        /** What the guarantees depend on, each with the values that do no harm. */
        private static final Map<String, List<String>> FIXED = Map.ofEntries(
                entry("acks", List.of("all", "-1")),
                entry("enable.idempotence", List.of("true")),
                entry("transactional.id", List.of()),
                entry("partitioner.class", List.of()),
                entry("partitioner.ignore.keys", List.of("false")),
                entry("auto.offset.reset", List.of("earliest")),
                entry("isolation.level", List.of("read_committed")),
                entry("enable.auto.commit", List.of("false")),
                entry("group.id", List.of()),
                entry("application.id", List.of()),
                entry("processing.guarantee", List.of("exactly_once_v2")),
                entry("processing.exception.handler", List.of()),
                entry("deserialization.exception.handler", List.of()),
                entry("production.exception.handler", List.of()),
                entry("default.production.exception.handler", List.of()),
                entry("default.deserialization.exception.handler", List.of()),
                entry("default.timestamp.extractor", List.of()),
                entry("key.serializer", List.of()),
                entry("value.serializer", List.of()),
                entry("key.deserializer", List.of()),
                entry("value.deserializer", List.of()));

        @Override
        public PropertiesFile convert(String value) {
            PropertiesFile file = PropertiesFile.read(value);
            file.settings().forEach((name, setting) -> requireAllowed(value, name, setting));
            return file;
        }

        private static void requireAllowed(String file, String name, String setting) {
            String plain = CLIENT.matcher(name).replaceFirst("");
            List<String> allowed = FIXED.get(plain);
            if (allowed != null && !allowed.contains(setting.strip())) {
                throw new TypeConversionException(
                        "file '%s' sets %s=%s. The guarantees depend on this setting: remove the line"
                                .formatted(file, name, setting));
            }
        }
    }
}
