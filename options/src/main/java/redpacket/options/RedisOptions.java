package redpacket.options;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;
import redpacket.clients.RedisAddress;

/** Options for the address of Redis, as a mixin. */
public final class RedisOptions {
    private static final String DEFAULT_URI = "redis://127.0.0.1:6379";
    private static final String PASSWORD = "--redis-password";
    private static final Pattern HAS_PASSWORD = Pattern.compile("//[^@/]*:[^@/]*@");

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--redis",
            paramLabel = "URI",
            converter = RedisUri.class,
            description = "Redis: redis://, rediss:// or redis-sentinel://[user@]host[:port]. Default: " + DEFAULT_URI)
    private String uri = DEFAULT_URI;

    @Option(
            names = "--redis-cluster",
            description = "Redis is a Redis Cluster, and --redis has one or more of its nodes, separated by commas.")
    private boolean cluster;

    @Option(names = PASSWORD, hidden = true, converter = Secret.Text.class)
    private Secret password;

    @Option(
            names = PASSWORD + "-file",
            paramLabel = "FILE",
            converter = Secret.InFile.class,
            description = "File with the password of Redis. Or set the password in REDPACKET_REDIS_PASSWORD.")
    private Secret passwordInFile;

    /**
     * The address of Redis, with the password if there is one.
     *
     * @throws ParameterException if a password is on the command line
     */
    public RedisAddress address() {
        ParseResult given = command.commandLine().getParseResult();
        if (given.hasMatchedOption("--redis") && HAS_PASSWORD.matcher(uri).find()) {
            throw new ParameterException(
                    command.commandLine(),
                    "A password in --redis would be seen by every user of this machine: set REDPACKET_REDIS or"
                            + " REDPACKET_REDIS_PASSWORD, or give --redis-password-file instead");
        }
        return new RedisAddress(
                Secret.given(command, PASSWORD, password, passwordInFile)
                        .map(Secret::reveal)
                        .map(this::withPassword)
                        .orElse(uri),
                cluster);
    }

    /** Adds the password to each URI of the list, after the user if there is one. */
    private String withPassword(String revealed) {
        String encoded = URLEncoder.encode(revealed, UTF_8).replace("+", "%20");
        return uri.replaceAll("://([^@:/,]*(?=@))?@?", "://$1:" + encoded + "@");
    }

    static final class RedisUri implements ITypeConverter<String> {
        private static final Pattern URI = Pattern.compile("(redis|rediss|redis-sentinel|rediss-sentinel)://\\S+");

        @Override
        public String convert(String value) {
            if (!URI.matcher(value).matches()) {
                // Without the value, which may contain a password.
                throw new TypeConversionException("it must start with redis://, rediss:// or redis-sentinel://");
            }
            return value;
        }
    }
}
