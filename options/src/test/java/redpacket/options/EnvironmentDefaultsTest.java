package redpacket.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

class EnvironmentDefaultsTest {
    @TempDir
    private Path folder;

    @Test
    void shouldPreferFlagsToEnvironmentAndEnvironmentToFile() throws IOException {
        String file = file("kafka=file:1\nredis=redis://file\nopen-for=1s\n");
        Map<String, String> environment = Map.of("REDPACKET_KAFKA", "env:1", "REDPACKET_REDIS", "redis://env");

        Example example = parse(environment, "--kafka", "flag:1", "--config", file);

        assertThat(example.kafka.address().bootstrapServers()).isEqualTo("flag:1");
        assertThat(example.redis.address().uri()).isEqualTo("redis://env");
        assertThat(example.openFor).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void shouldReadTheFileThatTheEnvironmentNamesUnlessAFlagNamesAnother() throws IOException {
        Map<String, String> environment = Map.of("REDPACKET_CONFIG", file("open-for=1s"));
        String other = Files.writeString(folder.resolve("other"), "open-for=2s").toString();

        assertThat(parse(environment).openFor).isEqualTo(Duration.ofSeconds(1));
        assertThat(parse(environment, "--config=" + other).openFor).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void shouldSatisfyARequiredOptionAndSwitchAFlagOnWhenTheEnvironmentHasThem() {
        Example example = parse(Map.of("REDPACKET_OPEN_FOR", "3m", "REDPACKET_REDIS_CLUSTER", "true"));

        assertThat(example.openFor).isEqualTo(Duration.ofMinutes(3));
        assertThat(example.redis.address().cluster()).isTrue();
    }

    @Test
    void shouldNotShowValuesOfTheEnvironmentInHelp() {
        Map<String, String> environment = Map.of("REDPACKET_REDIS", "redis://user:geheim@host");

        String help = new CommandLine(new Example())
                .setDefaultValueProvider(EnvironmentDefaults.of(environment))
                .getUsageMessage();

        assertThat(help).contains("--redis").doesNotContain("geheim");
    }

    @Test
    void shouldNameTheFileWhenItIsMissing() {
        assertThatThrownBy(() -> EnvironmentDefaults.of(Map.of(), "--config", "/no/such/file"))
                .hasMessageContaining("file '/no/such/file' does not exist");
    }

    private String file(String content) throws IOException {
        return Files.writeString(folder.resolve("config.properties"), content).toString();
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
        private KafkaOptions kafka;

        @Mixin
        private RedisOptions redis;

        // Only so that the argument is known: its value is read before picocli runs.
        @SuppressWarnings("UnusedVariable")
        @Option(names = "--config")
        private Path config;

        @Option(names = "--open-for", required = true, converter = ShortDuration.class)
        private Duration openFor;
    }
}
