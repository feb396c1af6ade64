package redpacket.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;

class SecretTest {
    private static final String LONG_ENOUGH = "0123456789abcdef";
    private static final String VARIABLE = "REDPACKET_SEED_SECRET";

    @TempDir
    private Path folder;

    @Test
    void shouldComeFromTheFileRatherThanFromTheEnvironment() throws IOException {
        String file = Files.writeString(folder.resolve("secret"), "from the file, long\n")
                .toString();

        assertThat(parse(Map.of(VARIABLE, LONG_ENOUGH)).seed.required()).isEqualTo(LONG_ENOUGH);
        assertThat(parse(Map.of(VARIABLE, LONG_ENOUGH), "--seed-secret-file", file)
                        .seed
                        .required())
                .isEqualTo("from the file, long");
    }

    @Test
    void shouldBeRefusedWithoutBeingRepeatedWhenItStandsOnTheCommandLine() {
        Example example = parse(Map.of(), "--seed-secret", "geheim-und-lang-genug");

        assertThatThrownBy(example.seed::required)
                .isInstanceOf(ParameterException.class)
                .hasMessageContaining("--seed-secret would be seen by every user of this machine")
                .hasMessageContaining("REDPACKET_SEED_SECRET")
                .hasMessageNotContainingAny("geheim");
    }

    @Test
    void shouldSayHowToMakeOneWhenThereIsNone() {
        assertThat(parse(Map.of()).seed.secret()).isEmpty();
        assertThatThrownBy(() -> parse(Map.of()).seed.required()).hasMessageContaining("openssl rand -hex 32");
    }

    @Test
    void shouldBeRefusedWithoutBeingRepeatedWhenItCouldBeGuessed() {
        assertThatThrownBy(() -> parse(Map.of(VARIABLE, "geheim")).seed.required())
                .hasMessageContaining("has 6 characters; at least 16")
                .hasMessageNotContainingAny("geheim");
    }

    @Test
    void shouldNameTheFileWhenItCannotBeRead() {
        assertThatThrownBy(() -> parse(Map.of(), "--seed-secret-file", "no such file"))
                .hasMessageContaining("--seed-secret-file")
                .hasMessageContaining("file 'no such file' cannot be read");
    }

    @Test
    void shouldNotBePrintedWithWhateverHoldsIt() {
        assertThat(new Secret("geheim")).hasToString("(secret)");
    }

    private static Example parse(Map<String, String> environment, String... arguments) {
        Example example = new Example();
        new CommandLine(example)
                .setDefaultValueProvider(EnvironmentDefaults.of(environment, arguments))
                .parseArgs(arguments);
        return example;
    }

    @Command
    static final class Example {
        @Mixin
        private SeedSecretOptions seed;
    }
}
