package redpacket.application;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {
    /** Nothing listens on port 1. */
    private static final String NOTHING = "127.0.0.1:1";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"open", "grab", "watch", "dead-letters"})
    void shouldPrintHelpWhenAskedTo(String command) {
        Run run = Run.of(command, "--help");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains("Usage: redpacket " + command, "--kafka=HOST:PORT", "--timeout", "--config", "Exit codes");
        assertThat(run.err()).isEmpty();
    }

    @Test
    void shouldPrintVersionWhenAskedTo() {
        Run run = Run.of("--version");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).matches("redpacket \\d+\\.\\d+\\.\\d+\\S*\\R");
    }

    @Test
    void shouldListTheCommandsWhenNoneIsGiven() {
        Run run = Run.of();

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("Usage: redpacket", "open", "grab", "watch");
    }

    @Test
    void shouldNameTheMissingOptionAndTheHelp() {
        Run run = Run.of("open", "--cents", "100", "--shares", "4");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .isEqualTo("redpacket open: Missing required option: '--sender=ID'%nTry 'redpacket open --help'.%n"
                        .formatted());
    }

    @Test
    void shouldRefuseAWrongValueBeforeConnectingToKafka() {
        assertThat(open("--shares", "ten").err()).contains("'--shares'", "'ten' is not an int");
        assertThat(open("--shares", "1", "--split", "odd").err()).contains("'--split'", "RANDOM, EQUAL");
        assertThat(open("--shares", "1", "--open-for", "soon").err()).contains("'soon' is not a duration");
        assertThat(open("--shares", "1", "--packet", "a b").err())
                .contains("redpacket open: packetId has the character U+0020");
        assertThat(open("--shares", "1", "--packet", "a b").exitCode()).isEqualTo(2);
    }

    /** With the words of the pipeline, which would reject the command later. */
    @Test
    void shouldRefuseImpossibleTermsBeforeItAsksKafka() {
        assertImpossible(
                "-10 cents do not make 1 shares; each needs at least 1 cent.", "--cents", "-10", "--shares", "1");
        assertImpossible(
                "10 cents do not make 20 shares; each needs at least 1 cent.", "--cents", "10", "--shares", "20");
        assertImpossible(
                "A packet cannot be open for 7776000000 ms; 1 to 2678400000 ms (31 days) are allowed.",
                "--cents",
                "10",
                "--shares",
                "1",
                "--open-for",
                "90d");
    }

    private static void assertImpossible(String reason, String... terms) {
        List<String> all =
                new ArrayList<>(List.of("open", "--sender", "alice", "--kafka", NOTHING, "--timeout", "1ms"));
        all.addAll(List.of(terms));
        assertThat(Run.of(all.toArray(String[]::new)))
                .isEqualTo(new Run(2, "", "redpacket open: " + reason + System.lineSeparator()));
    }

    @Test
    void shouldRequireEitherOneGrabOrAFile() {
        assertThat(Run.of("grab", "--packet", "p").err()).contains("Give --packet and --user, or --from");
        assertThat(Run.of("grab", "--packet", "p", "--from", "f").err()).contains("leave out --packet");
        assertThat(Run.of("grab", "--from", "no-such-file"))
                .isEqualTo(new Run(2, "", "redpacket grab: file 'no-such-file' does not exist%n".formatted()));
    }

    @Test
    void shouldNameTheFileWhenKafkaPropertiesOrConfigurationAreMissing() {
        Run properties = open("--shares", "1", "--kafka-properties", "no-such-file");
        assertThat(properties.exitCode()).isEqualTo(2);
        assertThat(properties.err()).contains("--kafka-properties", "file 'no-such-file' does not exist");

        Run configuration = open("--shares", "1", "--config", "no-such-file");
        assertThat(configuration.exitCode()).isEqualTo(2);
        assertThat(configuration.err()).contains("--config", "file 'no-such-file' does not exist");
    }

    @Test
    void shouldFailWithOneSentenceWhenKafkaIsUnreachable() {
        Run run = open("--shares", "1", "--kafka", NOTHING, "--timeout", "300ms");

        assertThat(run)
                .isEqualTo(new Run(
                        3,
                        "",
                        "redpacket open: Kafka at 127.0.0.1:1 did not answer within 300 ms. Is it running, and is"
                                + " --kafka right?%n".formatted()));
    }

    @Test
    void shouldPrintStackTraceWhenAskedTo() {
        assertThat(open("--shares", "1", "--kafka", NOTHING, "--timeout", "1ms", "--debug")
                        .err())
                .contains("did not answer", "\tat redpacket.application.");
    }

    @Test
    void shouldReadOptionsFromEnvironmentAndConfigurationFile() throws IOException {
        String file = Files.writeString(folder.resolve("config"), "kafka=file:1\nshares=1\ntimeout=1ms")
                .toString();
        Map<String, String> environment = Map.of("REDPACKET_CONFIG", file, "REDPACKET_KAFKA", NOTHING);

        Run run = Run.in(environment, "open", "--sender", "alice", "--cents", "100");

        assertThat(run.err()).contains("Kafka at 127.0.0.1:1 did not answer within 1 ms");
    }

    @ParameterizedTest
    @CsvSource({
        "topology, --live-memory, 0",
        "topology, --threads, 0",
        "topology, --replicas, 0",
        "topology, --http-port, 80000",
        "topology, --retention, 0s",
        "topology, --stuck-after, 0s",
        "sink, --http-port, -1",
        "sink, --keep-packets, 0s",
        "topics, --partitions, 0",
        "audit, --examples, -1",
        "watch, --timeout, 0s",
        "gateway, --patience, 0s",
        "gateway, --api-port, 65536",
    })
    void shouldNameTheOptionOrItsVariableWhenAValueIsOutOfRange(String command, String option, String value) {
        String action = command.equals("topics") ? "--check" : "--debug";
        Run run = Run.of(command, action, option + "=" + value);
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("Invalid value for option '%s': %s is not from ".formatted(option, value));

        String variable =
                "REDPACKET_" + option.substring(2).toUpperCase(Locale.ROOT).replace('-', '_');
        Run fromVariable = Run.in(Map.of(variable, value), command, action);
        assertThat(fromVariable.exitCode()).isEqualTo(2);
        assertThat(fromVariable.err()).contains("Invalid value for %s: %s is not from ".formatted(variable, value));
    }

    @Test
    void shouldRefuseToListenForOtherMachinesWithoutTokens() {
        Run run = Run.of("gateway", "--api-host", "0.0.0.0");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .contains("set REDPACKET_TOKENS, --tokens-file or --jwt-keys-file, or leave out --api-host");
    }

    @Test
    void shouldSayWhatIsWrongWithTheKeysOfJwts() throws IOException {
        String file = Files.writeString(folder.resolve("jwks"), "{\"keys\":[]}").toString();
        assertJwtOptionIsWrong("'--jwt-keys-file': file '" + file + "' has no key", "--jwt-keys-file", file);
        assertJwtOptionIsWrong("'none' is no algorithm; these are known: RS256, ", "--jwt-algorithms", "RS256,none");
        assertJwtOptionIsWrong("--jwt-algorithms belongs to --jwt-keys-file or ", "--jwt-algorithms", "RS256");
        assertJwtOptionIsWrong("--jwt-secret would be seen by every user", "--jwt-secret", "0123456789abcdef");

        Map<String, String> shortSecret = Map.of("REDPACKET_JWT_SECRET", "0123456789abcdef");
        assertThat(Run.in(shortSecret, "gateway").err()).contains("--jwt-algorithms belongs to --jwt-keys-file or ");
        assertThat(Run.in(shortSecret, "gateway", "--jwt-algorithms", "HS256").err())
                .contains("Invalid --jwt-algorithms: the secret has 16 bytes; HS256 requires at least 32")
                .doesNotContain("0123456789abcdef");
    }

    private static void assertJwtOptionIsWrong(String message, String option, String value) {
        Run run = Run.of("gateway", option, value);
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains(message);
    }

    @Test
    void shouldNeverPrintATokenWhenItsLineIsWrong() {
        Run wrong = Run.in(Map.of("REDPACKET_TOKENS", "app owner 0123456789abcdef"), "gateway");
        assertThat(wrong.exitCode()).isEqualTo(2);
        assertThat(wrong.err())
                .contains("Invalid tokens: line 1 of the tokens has the role owner")
                .doesNotContain("0123456789abcdef");

        Run onTheCommandLine = Run.of("gateway", "--tokens", "app opener 0123456789abcdef");
        assertThat(onTheCommandLine.exitCode()).isEqualTo(2);
        assertThat(onTheCommandLine.err()).contains("--tokens would be seen by every user of this machine");
    }

    @Test
    void shouldNameTheVariableOrTheFileWhenItsValueCannotBeRead() throws IOException {
        assertThat(Run.in(Map.of("REDPACKET_THREADS", "many"), "topology").err())
                .contains("Invalid value for REDPACKET_THREADS: 'many' is not an int");

        String file =
                Files.writeString(folder.resolve("threads"), "threads=many").toString();
        assertThat(Run.of("topology", "--config", file).err())
                .contains("Invalid value for 'threads' in " + file + ": 'many' is not an int");
    }

    /** At the same time, since each waits for 10 s. {@code StartIT} of the topology has a service. */
    @Test
    void shouldSayTheSameOfAKafkaThatDoesNotAnswerWhateverTheCommand() {
        CompletableFuture<Run> topics =
                CompletableFuture.supplyAsync(() -> Run.of("topics", "--check", "--kafka", NOTHING));
        CompletableFuture<Run> audit = CompletableFuture.supplyAsync(() -> Run.of("audit", "--kafka", NOTHING));
        assertNoAnswer("topics", "10 s", topics.join());
        assertNoAnswer("audit", "10 s", audit.join());

        for (String command : List.of("watch", "dead-letters")) {
            assertNoAnswer(command, "300 ms", Run.of(command, "--kafka", NOTHING, "--timeout", "300ms"));
        }
    }

    private static void assertNoAnswer(String command, String patience, Run run) {
        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.err())
                .isEqualTo(("redpacket %s: Kafka at 127.0.0.1:1 did not answer within %s."
                                + " Is it running, and is --kafka right?%n")
                        .formatted(command, patience));
    }

    private static Run open(String... arguments) {
        String[] all = new String[arguments.length + 5];
        System.arraycopy(new String[] {"open", "--sender", "alice", "--cents", "100"}, 0, all, 0, 5);
        System.arraycopy(arguments, 0, all, 5, arguments.length);
        return Run.of(all);
    }
}
