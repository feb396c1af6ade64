package redpacket.application;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redpacket.events.AwardResult;
import redpacket.events.CancelPacket;
import redpacket.events.Grab;
import redpacket.events.Json;
import redpacket.events.OpenPacket;
import redpacket.events.Outcome;
import redpacket.events.PacketEvent;
import redpacket.events.Share;
import redpacket.events.Topic;
import redpacket.parts.LocalKafka;
import redpacket.parts.LocalServers;

/** Runs the commands against a real Kafka and a pipeline that answers as each test says. */
@SuppressWarnings("try") // pipelines work while they are in scope
class CommandsIT {
    private static final String COMMITMENT = "ab".repeat(32);

    private final Map<String, Object> kafka = LocalServers.shared().kafka().clientSettings();
    private final String packetId = "packet-" + UUID.randomUUID();

    @TempDir
    private Path folder;

    @Test
    void shouldPrintThePacketWhenItIsOpened() {
        try (AnsweringPipeline pipeline = answeringOpens()) {
            Run run =
                    run("open", "--packet", packetId, "--sender", "alice", "--cents", "500", "--shares", "5", "--json");

            assertThat(run.err()).isEmpty();
            assertThat(run.exitCode()).isZero();
            PacketEvent.Opened opened =
                    (PacketEvent.Opened) Json.readPacketEvent(run.out().strip().getBytes(UTF_8));
            assertThat(opened.packetId()).isEqualTo(packetId);
            assertThat(opened.deadlineMillis() - opened.openedAtMillis()).isEqualTo(86_400_000);
        }
    }

    @Test
    void shouldGenerateAnIdAndPrintTheReasonWhenThePacketIsRejected() {
        try (AnsweringPipeline pipeline = answeringOpens()) {
            Run run = run("open", "--sender", "alice", "--cents", "500", "--shares", "13");

            assertThat(run.err()).isEmpty();
            assertThat(run.out()).matches("\\S{36} rejected: OTHER_TERMS, the id is taken\\R");
            assertThat(run.exitCode()).isEqualTo(1);
        }
    }

    @Test
    void shouldSendTheTermsThatCampaignsNeed() {
        try (AnsweringPipeline pipeline = answeringOpens()) {
            Run prizes =
                    run("open", "--sender", "alice", "--prize", "100x1:Main", "--prize", "0x19", "--currency", "CNY");
            assertThat(prizes.out()).contains("opened by alice: 100 cents of CNY in 20 shares of 2 kinds of prizes");
            Run bounded =
                    run(("open --sender alice --cents 100 --shares 4 --min-cents 20 --max-cents 30 --only-user bob"
                                    + " --only-user eve --title Hello --starts-at 2999-02-17T12:00:00Z --json")
                            .split(" "));
            assertThat(bounded.out())
                    .contains("\"minCents\":20", "\"maxCents\":30", "\"count\":2", "\"title\":\"Hello\"")
                    .contains("\"startsAtMillis\":32476248000000");
        }
    }

    @Test
    void shouldRefuseATermThatNoPacketCanHaveBeforeItIsSent() {
        assertThat(run("open", "--sender", "alice", "--cents", "5").err())
                .startsWith("redpacket open: Give --cents and --shares, or --prize");
        assertThat(run("open", "--sender", "alice", "--prize", "5x1", "--cents", "6"))
                .isEqualTo(new Run(2, "", "redpacket open: totalCents is 6, but the prizes add up to 5 cents.\n"));
        assertThat(run("open", "--sender", "alice", "--prize", "5").err())
                .contains("'5' is no prize; write for example 100x50 or 100x50:Coupon, for 50 times 100 cents");
    }

    @Test
    void shouldPrintTheAnswerWhenAPacketIsCancelled() {
        try (AnsweringPipeline pipeline = answeringOpens()) {
            assertThat(run("cancel", "--packet", packetId, "--sender", "alice"))
                    .isEqualTo(new Run(0, packetId + " is cancelled: 1 shares of 5 cents, refunded 95 cents\n", ""));
            assertThat(run("cancel", "--packet", packetId, "--sender", "bob", "--reason", "Mine"))
                    .isEqualTo(new Run(1, packetId + " cannot be cancelled, because another user sent it\n", ""));
        }
    }

    @Test
    void shouldFailWhenNoTopologyRuns() {
        Run open = run("open", "--sender", "alice", "--cents", "5", "--shares", "1", "--timeout", "2s");
        Run grab = run("grab", "--packet", packetId, "--user", "bob", "--timeout", "2s");

        assertThat(open.err()).startsWith("redpacket open: no topology answered within 2 s. Is one running?");
        assertThat(open.exitCode()).isEqualTo(1);
        assertThat(grab.err()).startsWith("redpacket grab: no topology answered within 2 s. Is one running?");
        assertThat(grab.exitCode()).isEqualTo(1);
    }

    @Test
    void shouldNameTheMissingTopicWhenKafkaIsEmpty() {
        try (LocalKafka empty = LocalKafka.start()) {
            Run run = Run.of("grab", "--packet", "p", "--user", "u", "--kafka", empty.bootstrapServers());

            assertThat(run.err())
                    .isEqualTo("redpacket grab: Kafka has no topic redpacket.awards at " + empty.bootstrapServers()
                            + ". Start the pipeline first: redpacket topology\n");
            assertThat(run.exitCode()).isEqualTo(3);
        }
    }

    @Test
    void shouldPrintTheAwardWhenAGrabIsAnswered() {
        try (AnsweringPipeline pipeline = answeringGrabs()) {
            assertThat(run("grab", "--packet", packetId, "--user", "bob", "--grab-id", "win"))
                    .isEqualTo(new Run(0, "bob won 7 cents of " + packetId + " (share 0)\n", ""));
            assertThat(run("grab", "--packet", packetId, "--user", "bob"))
                    .isEqualTo(new Run(1, "bob came too late for " + packetId + ": it is sold out\n", ""));
        }
    }

    @Test
    void shouldCountTheOutcomesWhenAFileIsGrabbed() throws IOException {
        String lines = IntStream.range(0, 1_000)
                .mapToObj(i -> "{\"grabId\":\"" + (i % 10 == 0 ? "win" : "lose") + i + "\",\"packetId\":\"" + packetId
                        + "-" + i % 7 + "\",\"userId\":\"bob\"}")
                .collect(Collectors.joining("\n"));
        String file = file(lines + "\n\n");
        try (AnsweringPipeline pipeline = answeringGrabs()) {
            Run run = run("grab", "--from", file);

            assertThat(run.out()).isEqualTo("1000 answers: AWARDED 100, SOLD_OUT 900\n");
            assertThat(run.err()).matches("sent 1000 grabs in \\S+ s \\(\\d+ a second\\)\\R");
            assertThat(run.exitCode()).isZero();
        }
    }

    @Test
    void shouldReportTheLineAndSendTheOthersWhenOneIsNoGrab() throws IOException {
        String good = "{\"grabId\":\"win\",\"packetId\":\"" + packetId + "\",\"userId\":\"bob\"}\n";
        String file = file(good + "grab!\n" + good);
        try (AnsweringPipeline pipeline = answeringGrabs()) {
            Run run = run("grab", "--from", file, "--json");

            assertThat(run.err())
                    .contains(
                            "line 2 is not a grab and was not sent: not JSON", "sent 2 grabs", "2 answers: AWARDED 2");
            assertThat(run.out().lines())
                    .hasSize(2)
                    .allMatch(line -> line.startsWith("{") && line.contains(packetId) && line.contains("AWARDED"));
            assertThat(run.exitCode()).isEqualTo(1);
        }
    }

    @Test
    void shouldCountMissingAnswersWhenNoTopologyRuns() throws IOException {
        String file = file("{\"grabId\":\"g\",\"packetId\":\"" + packetId + "\",\"userId\":\"bob\"}\n");

        Run run = run("grab", "--from", file, "--timeout", "2s");

        assertThat(run.err()).contains("1 grabs got no answer within 2 s after the last one. Is a topology running?");
        assertThat(run.exitCode()).isEqualTo(1);
    }

    @Test
    void shouldPrintOnlyTheWatchedPacket() throws InterruptedException {
        try (AnsweringPipeline opens = answeringOpens();
                AnsweringPipeline grabs = answeringGrabs()) {
            assertThat(run("open", "--packet", packetId, "--sender", "alice", "--cents", "5", "--shares", "1")
                            .exitCode())
                    .isZero();
            assertThat(run("grab", "--packet", "other-" + packetId, "--user", "eve")
                            .exitCode())
                    .isEqualTo(1);

            StringWriter out = new StringWriter();
            StringWriter err = new StringWriter();
            Thread watching = new Thread(() -> RedPacket.run(
                    environment(),
                    new PrintWriter(out),
                    new PrintWriter(err),
                    "watch",
                    "--packet",
                    packetId,
                    "--from-beginning"));
            watching.start();
            await().untilAsserted(() -> assertThat(out.toString()).contains(packetId + " opened by alice: 5 cents"));
            run("grab", "--packet", packetId, "--user", "bob", "--grab-id", "win");
            await().untilAsserted(() -> assertThat(out.toString()).contains("bob won 7 cents of " + packetId));
            watching.interrupt();
            watching.join();

            assertThat(out.toString().lines()).hasSize(2);
            assertThat(err.toString()).isEqualTo("watching; press Ctrl-C to stop\n");
        }
    }

    private AnsweringPipeline answeringOpens() {
        return new AnsweringPipeline(kafka, Topic.OPENS, Topic.PACKETS, record -> Json.write(answerToOpen(record)));
    }

    private AnsweringPipeline answeringGrabs() {
        return new AnsweringPipeline(kafka, Topic.GRABS, Topic.AWARDS, record -> Json.write(answerToGrab(record)));
    }

    private static PacketEvent answerToOpen(ConsumerRecord<byte[], byte[]> record) {
        return Json.readCommand(record.value())
                .match(open -> answerToOpen(open, record), cancel -> answerToCancel(cancel, record));
    }

    /** The sender of every packet is alice, and one of 20 shares was won. */
    private static PacketEvent answerToCancel(CancelPacket cancel, ConsumerRecord<byte[], byte[]> record) {
        boolean isSender = cancel.senderId().equals("alice");
        return new PacketEvent.CancelAnswered(
                cancel.packetId(),
                isSender ? PacketEvent.CancelOutcome.CANCELLED : PacketEvent.CancelOutcome.OTHER_SENDER,
                isSender ? new PacketEvent.Sums(1, 5, 95) : null,
                record.offset());
    }

    private static PacketEvent answerToOpen(OpenPacket open, ConsumerRecord<byte[], byte[]> record) {
        if (open.shares() == 13) {
            return new PacketEvent.Rejected(
                    open.packetId(), PacketEvent.Reason.OTHER_TERMS, "the id is taken", record.offset());
        }
        return new PacketEvent.Opened(
                open.packetId(),
                open.senderId(),
                open.totalCents(),
                open.shares(),
                open.split(),
                open.campaign(),
                record.timestamp(),
                Math.max(record.timestamp(), open.startsAtMillis() == null ? 0 : open.startsAtMillis())
                        + open.openForMillis(),
                COMMITMENT,
                record.offset(),
                open.startsAtMillis(),
                open.minCents(),
                open.maxCents(),
                open.prizes(),
                open.onlyUsers() == null
                        ? null
                        : new PacketEvent.OnlyUsers(open.onlyUsers().size(), COMMITMENT),
                open.currency(),
                open.title());
    }

    /** A grab wins if its id says so. */
    private static AwardResult answerToGrab(ConsumerRecord<byte[], byte[]> record) {
        Grab grab = Json.readGrab(record.value());
        boolean wins = grab.grabId().startsWith("win");
        return new AwardResult(
                grab.packetId(),
                grab.grabId(),
                grab.userId(),
                null,
                wins ? Outcome.AWARDED : Outcome.SOLD_OUT,
                wins ? new Share(0, 7) : null,
                false,
                record.timestamp(),
                record.offset());
    }

    private String file(String lines) throws IOException {
        return Files.writeString(folder.resolve("grabs.jsonl"), lines).toString();
    }

    private Run run(String... arguments) {
        return Run.in(environment(), arguments);
    }

    private Map<String, String> environment() {
        return Map.of("REDPACKET_KAFKA", LocalServers.shared().kafka().bootstrapServers());
    }
}
