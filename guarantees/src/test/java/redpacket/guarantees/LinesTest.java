package redpacket.guarantees;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Lines of documents, resources, scripts and examples are short. */
final class LinesTest {
    private static final Path TOP = Path.of("..");
    private static final int MOST_CHARACTERS = 120;
    private static final Set<String> SKIPPED_FOLDERS =
            Set.of("target", "node_modules", ".git", ".idea", ".vscode", ".settings");

    /** Scripts have names without a dot. JSON and golden files are left out, because their values cannot be wrapped. */
    private static final Pattern CHECKED =
            Pattern.compile("[^.]+|.*\\.(md|xml|java|sql|lua|js|py|css|html|ya?ml|properties|options|config)");

    @Test
    void shouldHaveAtMost120CharactersWhenALineIsInATextFile() throws IOException {
        List<Path> files = checkedFiles();
        List<String> tooLong = new ArrayList<>();
        for (Path file : files) {
            List<String> lines = Files.readAllLines(file);
            for (int i = 0; i < lines.size(); i++) {
                int characters = lines.get(i).codePointCount(0, lines.get(i).length());
                if (characters > MOST_CHARACTERS) {
                    tooLong.add("%s:%d has %d characters".formatted(TOP.relativize(file), i + 1, characters));
                }
            }
        }

        assertThat(files).contains(TOP.resolve("README.md"), TOP.resolve("redpacket"));
        assertThat(tooLong).isEmpty();
    }

    private static List<Path> checkedFiles() throws IOException {
        List<Path> files = new ArrayList<>();
        Files.walkFileTree(TOP, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                boolean skipped = SKIPPED_FOLDERS.contains(folder.getFileName().toString());
                return skipped ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (CHECKED.matcher(file.getFileName().toString()).matches()) {
                    files.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return files;
    }
}
