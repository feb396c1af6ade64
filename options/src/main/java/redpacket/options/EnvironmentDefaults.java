package redpacket.options;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.TypeConversionException;

/**
 * Defaults for every option {@code --some-option} that is not on the command line: the environment variable
 * {@code REDPACKET_SOME_OPTION}, then {@code some-option} in the file given by {@code --config} or
 * {@code REDPACKET_CONFIG}.
 */
public final class EnvironmentDefaults implements IDefaultValueProvider {
    private static final String CONFIG = "--config";

    private final Map<String, String> environment;
    private final Map<String, String> file;
    private final String fileName;
    private final List<String> arguments;

    private EnvironmentDefaults(
            Map<String, String> environment, Map<String, String> file, String fileName, List<String> arguments) {
        this.environment = environment;
        this.file = file;
        this.fileName = fileName;
        this.arguments = arguments;
    }

    /**
     * Reads the configuration file, if there is one. Looks for {@code --config} in the raw arguments, because picocli
     * needs the defaults before it parses them.
     *
     * @throws TypeConversionException if the file cannot be read; the message contains its name
     */
    public static EnvironmentDefaults of(Map<String, String> environment, String... arguments) {
        String file = environment.get(variable(CONFIG));
        for (int i = 0; i < arguments.length && !arguments[i].equals("--"); i++) {
            if (arguments[i].startsWith(CONFIG + "=")) {
                file = arguments[i].substring(CONFIG.length() + 1);
            } else if (arguments[i].equals(CONFIG) && i + 1 < arguments.length) {
                file = arguments[i + 1];
            }
        }
        return new EnvironmentDefaults(
                environment, file == null ? Map.of() : PropertiesFile.read(file).settings(), file, List.of(arguments));
    }

    /**
     * Where the value of an option comes from, as words for a message. Empty if it is on the command line, or the
     * default.
     */
    public Optional<String> source(OptionSpec option) {
        String name = option.longestName();
        boolean isGiven = arguments.stream()
                .takeWhile(argument -> !argument.equals("--"))
                .anyMatch(argument -> argument.equals(name) || argument.startsWith(name + "="));
        if (isGiven || !name.startsWith("--")) {
            return Optional.empty();
        }
        if (environment.containsKey(variable(name))) {
            return Optional.of(variable(name));
        }
        return file.containsKey(name.substring(2))
                ? Optional.of("'%s' in %s".formatted(name.substring(2), fileName))
                : Optional.empty();
    }

    @Override
    public String defaultValue(ArgSpec argument) {
        if (!(argument instanceof OptionSpec option) || option.usageHelp() || option.versionHelp()) {
            return null;
        }
        String name = option.longestName();
        if (!name.startsWith("--")) {
            return null;
        }
        String fromEnvironment = environment.get(variable(name));
        return fromEnvironment != null ? fromEnvironment : file.get(name.substring(2));
    }

    /** The environment variable of an option: {@code REDPACKET_SOME_OPTION} for {@code --some-option}. */
    static String variable(String option) {
        return "REDPACKET_" + option.substring(2).toUpperCase(Locale.ROOT).replace('-', '_');
    }
}
