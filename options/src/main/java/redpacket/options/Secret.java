package redpacket.options;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/**
 * A secret. It comes from the environment or from a file, never from the command line, where every user of the machine
 * could read it. It is never printed.
 */
public record Secret(String reveal) {
    /** Converts the value of an option that is the secret. */
    public static final class Text implements ITypeConverter<Secret> {
        @Override
        public Secret convert(String value) {
            return new Secret(value);
        }
    }

    /** Converts the name of a file that contains the secret, with or without an end of line. */
    public static final class InFile implements ITypeConverter<Secret> {
        @Override
        public Secret convert(String file) {
            try {
                return new Secret(Files.readString(Path.of(file)).strip());
            } catch (IOException | InvalidPathException e) {
                throw new TypeConversionException("file '" + file + "' cannot be read");
            }
        }
    }

    /**
     * Chooses between the values of {@code --some-secret} (from the environment or the configuration file) and
     * {@code --some-secret-file}: the file has priority. Empty without both.
     *
     * @throws ParameterException if the secret itself is on the command line
     */
    public static Optional<Secret> given(CommandSpec command, String option, Secret text, Secret inFile) {
        if (command.commandLine().getParseResult().hasMatchedOption(option)) {
            throw new ParameterException(
                    command.commandLine(),
                    option + " would be seen by every user of this machine: set " + EnvironmentDefaults.variable(option)
                            + " or give " + option + "-file instead");
        }
        return Optional.ofNullable(inFile != null ? inFile : text);
    }

    @Override
    public String toString() {
        return "(secret)";
    }
}
