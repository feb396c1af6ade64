package redpacket.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

class RangesTest {
    @Command
    @SuppressWarnings("UnusedVariable") // Read through picocli.
    static final class Example {
        @Option(names = "--threads", defaultValue = "2")
        @Range(least = "1", most = "1000")
        private int threads;

        @Option(names = "--replicas", defaultValue = "-1")
        @Range(least = "1", most = "9", or = "-1")
        private short replicas;

        @Option(names = "--port")
        @Range(least = "0", most = "65535")
        private Integer port;

        @Option(names = "--offset", split = ",")
        @Range(least = "0", most = "100")
        private List<Long> offsets;

        @Option(names = "--wait", converter = ShortDuration.class, defaultValue = "10s")
        @Range(least = "1s", most = "2h")
        private Duration wait;
    }

    @ParameterizedTest
    @CsvSource({
        "--threads=0, 0 is not from 1 to 1000",
        "--replicas=0, 0 is not from 1 to 9",
        "--port=80000, 80000 is not from 0 to 65535",
        "'--offset=5,-1', -1 is not from 0 to 100",
        "--wait=0s, 0s is not from 1s to 2h",
        "--wait=121m, 121m is not from 1s to 2h",
        "--wait=1500ms, ",
    })
    void shouldRefuseAValueOutOfItsRange(String argument, String refusal) {
        CommandLine command = new CommandLine(new Example());
        if (refusal == null) {
            assertThatCode(() -> Ranges.check(command.parseArgs(argument))).doesNotThrowAnyException();
            return;
        }
        assertThatThrownBy(() -> Ranges.check(command.parseArgs(argument)))
                .isInstanceOf(ParameterException.class)
                .hasMessage("Invalid value for option '%s': %s"
                        .formatted(argument.substring(0, argument.indexOf('=')), refusal));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--replicas=-1", "--port=0", "--threads=1000", "--wait=2h", "--wait=1s"})
    void shouldAcceptValuesWithinTheirRange(String argument) {
        String[] arguments = argument.isEmpty() ? new String[0] : new String[] {argument};

        assertThatCode(() -> Ranges.check(new CommandLine(new Example()).parseArgs(arguments)))
                .doesNotThrowAnyException();
    }

    @Test
    void shouldTellWhereAValueComesFrom() {
        CommandLine command = new CommandLine(new Example());
        Map<String, String> environment = Map.of("REDPACKET_THREADS", "0", "REDPACKET_WAIT", "1s");
        EnvironmentDefaults defaults = EnvironmentDefaults.of(environment, "--wait=5s");

        assertThat(defaults.source(command.getCommandSpec().findOption("--threads")))
                .contains("REDPACKET_THREADS");
        assertThat(defaults.source(command.getCommandSpec().findOption("--wait")))
                .isEmpty();
        assertThat(defaults.source(command.getCommandSpec().findOption("--port")))
                .isEmpty();
    }
}
