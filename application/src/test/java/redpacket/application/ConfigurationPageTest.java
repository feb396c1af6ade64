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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The tables of docs/configuration.md are what the code says. To write them anew: {@code mvn -pl application -am test
 * -Dtest=ConfigurationPageTest -Dsurefire.failIfNoSpecifiedTests=false -Dredpacket.pages=write}.
 */
class ConfigurationPageTest {
    private static final Path PAGE = Path.of("..", "docs", "configuration.md");
    private static final String BEGIN = "<!-- From here on written by ConfigurationPageTest. -->\n";
    private static final Pattern DEFAULT = Pattern.compile("\\s*Default: (.*)$");

    private final Map<String, List<String>> commandsOfRow = new LinkedHashMap<>();

    @Test
    void shouldHoldWhatTheCodeSays() throws IOException {
        String page = Files.readString(PAGE);
        String expected = page.substring(0, page.indexOf(BEGIN) + BEGIN.length()) + tables();
        if (System.getProperty("redpacket.pages", "").equals("write")) {
            Files.writeString(PAGE, expected);
        }

        assertThat(Files.readString(PAGE)).isEqualTo(expected);
    }

    private String tables() {
        new CommandLine(new RedPacket())
                .getSubcommands()
                .forEach((name, command) -> command.getCommandSpec().options().stream()
                        .filter(option -> option.longestName().startsWith("--"))
                        .filter(option -> !option.usageHelp() && !option.versionHelp())
                        .forEach(option -> commandsOfRow
                                .computeIfAbsent(row(option), row -> new ArrayList<>())
                                .add(name)));
        Map<String, List<String>> rowsOfCommands = new LinkedHashMap<>();
        commandsOfRow.forEach((row, commands) -> rowsOfCommands
                .computeIfAbsent(String.join(", ", commands), unseen -> new ArrayList<>())
                .add(row));
        return rowsOfCommands.entrySet().stream()
                .map(entry -> "\n## " + entry.getKey()
                        + "\n\n| option | environment | default | what it is |\n| --- | --- | --- | --- |\n"
                        + String.join("", entry.getValue()))
                .collect(joining());
    }

    private static String row(OptionSpec option) {
        String description = String.join(" ", option.description());
        Matcher matcher = DEFAULT.matcher(description);
        String otherwise = "";
        if (matcher.find()) {
            otherwise = matcher.group(1).replace("${DEFAULT-VALUE}", String.valueOf(option.defaultValue()));
            description = description.substring(0, matcher.start());
        }
        if (option.hidden()) {
            description = "The secret itself; not on the command line.";
        }
        description = description.replace("${COMPLETION-CANDIDATES}", String.join(", ", candidates(option)));
        String name = option.longestName();
        String usage =
                option.hidden() ? "" : "`" + name + (option.arity().max() == 0 ? "" : " " + option.paramLabel()) + "`";
        String variable =
                "REDPACKET_" + name.substring(2).toUpperCase(Locale.ROOT).replace('-', '_');
        return "| %s | `%s` | %s | %s |\n".formatted(usage, variable, otherwise, description.replace("|", "\\|"));
    }

    private static List<String> candidates(OptionSpec option) {
        List<String> candidates = new ArrayList<>();
        if (option.completionCandidates() != null) {
            option.completionCandidates().forEach(candidates::add);
        }
        return candidates;
    }
}
