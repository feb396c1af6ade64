package redpacket.parts;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds programs on the PATH.
 *
 * <p>With the system property {@code redpacket.programs=required}, a missing program is an error. Without it, the
 * caller uses another program or skips a test.
 */
public final class Programs {
    static final String CHOICE = "redpacket.programs";

    private Programs() {}

    /**
     * Finds a program that may have several names.
     *
     * @param names the preferred name first
     * @throws IllegalStateException if none is on the PATH and programs are required
     */
    public static Optional<Path> find(String... names) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        List<String> folders = List.of(path.split(Pattern.quote(File.pathSeparator)));
        Optional<Path> found = Stream.of(names)
                .flatMap(name ->
                        folders.stream().filter(folder -> !folder.isBlank()).map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
        if (found.isEmpty() && areRequired()) {
            throw new IllegalStateException(
                    "No %s on the PATH, and %s=required; install it".formatted(String.join(" or ", names), CHOICE));
        }
        return found;
    }

    private static boolean areRequired() {
        String choice = System.getProperty(CHOICE, "optional");
        return switch (choice) {
            case "required" -> true;
            case "optional" -> false;
            default -> throw new IllegalArgumentException(CHOICE + " must be required or optional, but is " + choice);
        };
    }
}
