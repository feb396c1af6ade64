package redpacket.application;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The lists of docs/configuration.md match the options in the code. To update the page: {@code mvn -pl application -am
 * test -Dtest=ConfigurationPageTest -Dsurefire.failIfNoSpecifiedTests=false -Dredpacket.pages=write}.
 */
class ConfigurationPageTest {
    private static final Path PAGE = Path.of("..", "docs", "configuration.md");
    private static final String BEGIN = "<!-- From here on written by ConfigurationPageTest. -->\n";
    private static final int COLUMNS = 120;

    private final Map<String, List<String>> commandsOfEntry = new LinkedHashMap<>();

    @Test
    void shouldMatchTheOptionsOfTheCode() throws IOException {
        String page = Files.readString(PAGE);
        String expected = page.substring(0, page.indexOf(BEGIN) + BEGIN.length()) + lists();
        if (System.getProperty("redpacket.pages", "").equals("write")) {
            Files.writeString(PAGE, expected);
        }

        assertThat(Files.readString(PAGE)).isEqualTo(expected);
    }

    private String lists() {
        CommandLine root = new CommandLine(new RedPacket());
        RedPacket.addCommands(root);
        root.getSubcommands().forEach((name, command) -> command.getCommandSpec().options().stream()
                .filter(option -> option.longestName().startsWith("--"))
                .filter(option -> !option.usageHelp() && !option.versionHelp())
                .forEach(option -> commandsOfEntry
                        .computeIfAbsent(entry(option), entry -> new ArrayList<>())
                        .add(name)));
        Map<String, List<String>> entriesOfCommands = new LinkedHashMap<>();
        commandsOfEntry.forEach((entry, commands) -> entriesOfCommands
                .computeIfAbsent(String.join(", ", commands), unseen -> new ArrayList<>())
                .add(entry));
        return entriesOfCommands.entrySet().stream()
                .map(entry -> "\n## " + entry.getKey() + "\n\n" + String.join("", entry.getValue()))
                .collect(joining());
    }

    private static String entry(OptionSpec option) {
        String name = option.longestName();
        String variable =
                "`REDPACKET_" + name.substring(2).toUpperCase(Locale.ROOT).replace('-', '_') + "`";
        if (option.hidden()) {
            return wrapped("- " + variable + ": The secret itself. It cannot be given on the command line.");
        }
        String usage = "`" + name + (option.arity().max() == 0 ? "" : " " + option.paramLabel()) + "`";
        String description = String.join(" ", option.description())
                .replace("${DEFAULT-VALUE}", String.valueOf(option.defaultValue()))
                .replace("${COMPLETION-CANDIDATES}", String.join(", ", candidates(option)));
        return wrapped("- " + usage + ", " + variable + ": " + description);
    }

    /** A list item, wrapped between words. */
    private static String wrapped(String item) {
        StringBuilder text = new StringBuilder();
        int column = 0;
        for (String word : item.split(" ", -1)) {
            if (column + 1 + word.length() > COLUMNS) {
                text.append("\n  ");
                column = 2;
            } else if (column > 0) {
                text.append(' ');
                column++;
            }
            text.append(word);
            column += word.length();
        }
        return text.append('\n').toString();
    }

    private static List<String> candidates(OptionSpec option) {
        List<String> candidates = new ArrayList<>();
        if (option.completionCandidates() != null) {
            option.completionCandidates().forEach(candidates::add);
        }
        return candidates;
    }
}
