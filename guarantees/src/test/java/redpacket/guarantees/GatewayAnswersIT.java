package redpacket.guarantees;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import redpacket.audit.Audit;
import redpacket.audit.AuditOptions;
import redpacket.audit.Report;
import redpacket.events.AwardResult;
import redpacket.events.Grab;
import redpacket.events.Json;
import redpacket.events.OpenPacket;
import redpacket.events.Outcome;
import redpacket.events.Share;
import redpacket.events.Split;
import redpacket.local.faults.BreakablePipeline;
import redpacket.local.faults.PipelineProcess;
import redpacket.parts.FreePort;

/**
 * Clients of the gateway ask until they are answered, while the topology is killed twice. Every answer is what the
 * topics hold, and every share in the topics was told to its winner. {@code -Dredpacket.requests=100000} asks more.
 */
class GatewayAnswersIT {
    private static final String SECRET = "secret of those who ask over HTTP";
    private static final int REQUESTS = Integer.getInteger("redpacket.requests", 6_000);
    private static final int CLIENTS = 32;
    private static final int GRABS_PER_PACKET = 40;
    private static final int SHARES = 10;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final int port = FreePort.next();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicInteger askedAgain = new AtomicInteger();

    /** Which share of which packet a user got, for which grab. */
    private record Win(String packetId, String userId, String grabId, Share share) {
        static Win of(AwardResult award) {
            return new Win(award.packetId(), award.userId(), award.grabId(), award.share());
        }
    }

    @Test
    void shouldTellEveryoneWhatIsCommittedWhenTheTopologyIsKilledTwice() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
        try (BreakablePipeline pipeline = BreakablePipeline.start(SECRET, 1)) {
            pipeline.startGateway(port);
            await().atMost(PATIENCE).until(this::isReady);
            long beganNanos = System.nanoTime();
            List<Future<Map<Grab, AwardResult>>> clients = new ArrayList<>();
            for (int client = 0; client < CLIENTS; client++) {
                int number = client;
                clients.add(threads.submit(() -> ask(number)));
            }
            for (int kill = 1; kill <= 2; kill++) {
                int killAt = REQUESTS * kill / 3;
                await().atMost(Duration.ofHours(1)).until(() -> answered.get() >= killAt || isDone(clients));
                PipelineProcess instance = pipeline.instances().get(0);
                instance.kill();
                instance.start();
            }

            Map<Grab, AwardResult> told = new HashMap<>();
            for (Future<Map<Grab, AwardResult>> client : clients) {
                told.putAll(client.get(1, TimeUnit.HOURS));
            }
            Duration took = Duration.ofNanos(System.nanoTime() - beganNanos);
            System.out.printf(
                    "%d requests answered in %d s, %d asked again, %d grabs%n",
                    answered.get(), took.toSeconds(), askedAgain.get(), told.size());
            assertIsCommitted(pipeline, told);
        } finally {
            threads.shutdownNow();
        }
    }

    private static void assertIsCommitted(BreakablePipeline pipeline, Map<Grab, AwardResult> told) {
        Set<AwardResult> committed = new HashSet<>();
        Set<Win> committedWins = new HashSet<>();
        CommittedRecords.read(pipeline.kafkaAddress()).awards().forEach(award -> {
            committed.add(award.result());
            if (award.result().movesMoney()) {
                committedWins.add(Win.of(award.result()));
            }
        });
        Set<Win> toldWins = new HashSet<>();
        told.forEach((grab, answer) -> {
            assertThat(new Grab(answer.grabId(), answer.packetId(), answer.userId()))
                    .isEqualTo(grab);
            if (answer.outcome() == Outcome.AWARDED) {
                toldWins.add(Win.of(answer));
            }
        });
        assertThat(committed).containsAll(told.values());
        assertThat(toldWins).isEqualTo(committedWins).isNotEmpty();

        Report report = Audit.run(pipeline.kafkaAddress(), AuditOptions.STRICT.withSecret(SECRET));
        assertThat(report.isGood()).as("%s", report).isTrue();
        assertThat(report.cents().awarded())
                .isEqualTo(
                        toldWins.stream().mapToLong(win -> win.share().cents()).sum());
    }

    private static boolean isDone(List<? extends Future<?>> clients) {
        return clients.stream().allMatch(Future::isDone);
    }

    /** Opens packets of its own, and grabs from them, until all clients together have their answers. */
    private Map<Grab, AwardResult> ask(int client) throws Exception {
        Map<Grab, AwardResult> told = new HashMap<>();
        Random random = new Random(client);
        for (int packet = 0; answered.get() < REQUESTS; packet++) {
            String packetId = "packet-" + client + "-" + packet;
            OpenPacket command = new OpenPacket(packetId, "alice", 1_000, SHARES, Split.RANDOM, null, 3_600_000);
            answer("/packets", Json.write(command), 201);
            for (int number = 0; number < GRABS_PER_PACKET; number++) {
                Grab grab = new Grab("grab-" + number, packetId, "user-" + random.nextInt(SHARES * 2));
                byte[] body = answer("/packets/" + packetId + "/grabs", Json.write(grab), 200);
                told.put(grab, Json.readAward(body));
            }
        }
        return told;
    }

    /** Asks until there is an answer. Every other status means that the answer is not known yet. */
    private byte[] answer(String path, byte[] body, int wanted) throws Exception {
        while (true) {
            HttpResponse<byte[]> response;
            try {
                response = http.send(
                        HttpRequest.newBuilder(uri(path))
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofByteArray(body))
                                .build(),
                        BodyHandlers.ofByteArray());
            } catch (IOException e) {
                askedAgain.incrementAndGet();
                continue;
            }
            if (response.statusCode() == wanted) {
                answered.incrementAndGet();
                return response.body();
            }
            assertThat(response.statusCode())
                    .as(new String(response.body(), UTF_8))
                    .isIn(202, 503);
            askedAgain.incrementAndGet();
        }
    }

    private boolean isReady() throws InterruptedException {
        try {
            HttpRequest request = HttpRequest.newBuilder(uri("/health/ready")).build();
            return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }
}
