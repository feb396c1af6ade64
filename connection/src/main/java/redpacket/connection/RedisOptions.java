package redpacket.connection;

import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options by which a command finds Redis: mix it in. */
public final class RedisOptions {
    private static final String DEFAULT_URI = "redis://127.0.0.1:6379";

    @Option(
            names = "--redis",
            paramLabel = "URI",
            converter = RedisUri.class,
            description = {
                "redis://, rediss:// or redis-sentinel://[user:password@]host[:port]. Default: " + DEFAULT_URI,
                "With a password, better in the environment as REDPACKET_REDIS."
            })
    private String uri = DEFAULT_URI;

    @Option(
            names = "--redis-cluster",
            description = "It is a Redis Cluster; --redis names one or more of its nodes, separated by commas.")
    private boolean cluster;

    public RedisAddress address() {
        return new RedisAddress(uri, cluster);
    }

    static final class RedisUri implements ITypeConverter<String> {
        private static final Pattern URI = Pattern.compile("(redis|rediss|redis-sentinel|rediss-sentinel)://\\S+");

        @Override
        public String convert(String value) {
            if (!URI.matcher(value).matches()) {
                // Not the value itself: it may hold a password.
                throw new TypeConversionException("it must start with redis://, rediss:// or redis-sentinel://");
            }
            return value;
        }
    }
}
