package redpacket.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static redpacket.audit.HistoryWriter.KNOWN;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import redpacket.events.Outcome;
import redpacket.parts.LocalKafka;

/** The output and exit code of the command, for one history that starts good and turns bad. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AuditCommandIT {
    private static LocalKafka kafka;
    private static HistoryWriter history;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void start() {
        kafka = LocalKafka.start();
    }

    @AfterAll
    static void stop() {
        history.close();
        kafka.close();
    }

    private int audit(String... arguments) {
        List<String> all = new ArrayList<>(List.of("--kafka", kafka.bootstrapServers()));
        all.addAll(List.of(arguments));
        return new CommandLine(new AuditCommand())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(all.toArray(String[]::new));
    }

    @Test
    @Order(1)
    void shouldExitWith3WhenThereAreNoTopics() {
        assertThat(audit("--wait", "0s")).isEqualTo(3);
        assertThat(err.toString()).contains("There is no topic redpacket.opens.");
    }

    @Test
    @Order(2)
    void shouldExitWith3WhenTheTopicsAreEmpty() throws Exception {
        HistoryWriter.layOut(kafka.address(), 1);
        assertThat(audit("--wait", "0s")).isEqualTo(3);
        assertThat(out.toString()).contains("NOT JUDGED: the topics are empty.").doesNotContain("GOOD");
    }

    @Test
    @Order(3)
    void shouldExitWith0AndPrintTotalsWhenEveryPromiseIsKept(@TempDir Path folder) throws Exception {
        history = new HistoryWriter(kafka.address(), 0, 1, null).withPacket();
        history.withWinners();
        history.soldOut();
        Path secret = Files.writeString(folder.resolve("secret"), HistoryWriter.SECRET + "\n");
        assertThat(audit("--wait", "0s", "--seed-secret-file", secret.toString()))
                .isZero();
        assertThat(out.toString())
                .contains("GOOD: every promise was kept.")
                .contains("NOT JUDGED: Statistics: There are no statistics.")
                .containsPattern("awards compared with their seed +3\n")
                .containsPattern("funded +100\n")
                .containsPattern("AWARDED +3\n");
    }

    @Test
    @Order(4)
    void shouldPrintJsonWhenAskedTo() throws Exception {
        assertThat(audit("--wait", "0s", "--json")).isZero();
        var report = new ObjectMapper().readTree(out.toString());
        assertThat(report.at("/cents/awarded").asLong()).isEqualTo(100);
        assertThat(report.at("/packets/soldOut").asLong()).isEqualTo(1);
        assertThat(report.at("/good").asBoolean()).isTrue();
        assertThat(report.at("/judged").asBoolean()).isTrue();
    }

    @Test
    @Order(5)
    void shouldWaitWhenResultIsMissing() throws Exception {
        long grab = history.grab("dora", KNOWN + 5);
        var exitCode = CompletableFuture.supplyAsync(() -> audit("--wait", "60s"));
        assertThat(exitCode).isNotCompleted();
        history.lose(grab, Outcome.SOLD_OUT);
        assertThat(exitCode.get(60, TimeUnit.SECONDS)).isZero();
    }

    @Test
    @Order(6)
    void shouldExitWith1AndNameTheRecordWhenAPromiseIsBroken() {
        long grab = history.grab("emil", KNOWN + 6);
        assertThat(audit("--wait", "0s")).isEqualTo(1);
        assertThat(out.toString())
                .contains("VIOLATIONS: 1")
                .contains("redpacket.grabs-0@" + grab + " packet " + history.packetId + ": Grab[");
        assertThat(audit("--wait", "0s", "--allow-open")).isZero();
    }

    @Test
    @Order(7)
    void shouldExitWith2WhenTheCommandLineIsWrong() {
        assertThat(audit("--examples", "many")).isEqualTo(2);
        assertThat(audit("--seed-secret-file", "no such file")).isEqualTo(2);
    }
}
