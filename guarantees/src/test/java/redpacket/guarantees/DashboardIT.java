package redpacket.guarantees;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import redpacket.audit.Audit;
import redpacket.audit.AuditOptions;
import redpacket.audit.Report;
import redpacket.audit.SinkStores;
import redpacket.clients.RedisConnection;
import redpacket.events.CancelPacket;
import redpacket.events.Grab;
import redpacket.events.OpenPacket;
import redpacket.events.Outcome;
import redpacket.events.Prize;
import redpacket.events.Split;
import redpacket.parts.LocalRedis;
import redpacket.parts.LocalServers;
import redpacket.producer.PacketProducer;
import redpacket.service.Metrics;
import redpacket.sink.Sink;
import redpacket.sink.readmodel.PacketView;
import redpacket.sink.readmodel.Retention;
import redpacket.sink.readmodel.Views;
import redpacket.topology.packet.Cut;
import redpacket.topology.packet.SeedSecret;
import redpacket.topology.shares.ShareQueues;
import redpacket.topology.state.PacketLifetime;
import redpacket.topology.streams.RedPacketApplication;
import redpacket.topology.streams.StreamsSettings;
import redpacket.topology.streams.TopologyDependencies;

/** The dashboard shows true values in a browser, and hostile input cannot forge them or run code. */
@EnabledIf(
        value = "redpacket.guarantees.Browser#isInstalled",
        disabledReason = "no chromium and chromedriver on the PATH")
class DashboardIT {
    private static final String SECRET = "secret of the dashboard";
    private static final AuditOptions WHILE_GRABS_ARE_OPEN = new AuditOptions(
            AuditOptions.STRICT.patience(),
            false,
            AuditOptions.STRICT.partial(),
            AuditOptions.STRICT.closingSlack(),
            AuditOptions.STRICT.retention(),
            SECRET,
            AuditOptions.STRICT.examplesPerKind(),
            AuditOptions.STRICT.progress());

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final long SEED = Long.getLong("redpacket.seed", System.nanoTime() % 1_000_000);
    private static final int GRABS = 3_000;
    private static final int SHARES = 12;
    private static final int PACKETS = 7;

    private static Browser browser;
    private static LocalServers servers;
    private static RedisConnection redis;
    private static ShareQueues queues;
    private static RedPacketApplication topology;
    private static Metrics metrics;
    private static Sink sink;
    private static Report audit;

    @BeforeAll
    static void startAndSendGrabs(@TempDir Path stateDirectory) throws Exception {
        browser = Browser.open("en");
        System.out.println("redpacket.seed=" + SEED);
        servers = LocalServers.start(2);
        redis = RedisConnection.open(servers.redis());
        queues = new ShareQueues(redis);
        topology = RedPacketApplication.start(
                new StreamsSettings(servers.kafka(), "redpacket", stateDirectory, 1, 1),
                settings(SeedSecret.of(SECRET), queues));
        metrics = new Metrics();
        sink = Sink.start(
                new Sink.Settings(servers.kafka(), "sink", Retention.DEFAULT, Optional.empty(), "127.0.0.1", 0),
                redis,
                metrics);
        try (PacketProducer producer = PacketProducer.connect(servers.kafka().clientSettings())) {
            openAndGrab(producer);
        }
        await().atMost(PATIENCE).until(() -> {
            audit = Audit.run(servers.kafka(), WHILE_GRABS_ARE_OPEN);
            return audit.grabs().outcomes().values().stream()
                                    .mapToLong(Long::longValue)
                                    .sum()
                            == GRABS
                    && audit.packets().expired() == 1;
        });
        assertThat(audit.violations()).isEmpty();
    }

    /** Packets are closed soon after their deadline. This is safe, because one broker has one clock. */
    private static TopologyDependencies settings(SeedSecret secret, ShareQueues queues) {
        PacketLifetime lifetime = new PacketLifetime(Duration.ofSeconds(1), PacketLifetime.DEFAULT.retention());
        return TopologyDependencies.of(secret, queues, lifetime);
    }

    /**
     * One packet sells out, one has equal shares, one expires, and one stays open. One with bounds and one with prizes
     * sell out; one with prizes is cancelled.
     */
    private static void openAndGrab(PacketProducer producer) throws Exception {
        List<OpenPacket> opens = List.of(
                open("random", SHARES, 10_000, Split.RANDOM, 3_600_000),
                open("equal", SHARES, 1_003, Split.EQUAL, 3_600_000),
                open("expiring", 2_000, 200_000, Split.RANDOM, 8_000),
                open("large", 3_000, 9_007_199_254_740_991L, Split.RANDOM, 3_600_000),
                open("bounded", SHARES, 1_000, Split.RANDOM, 3_600_000)
                        .withBounds(50L, 120L)
                        .withCurrency("USD")
                        .withTitle("<b>Happy</b> new year"),
                prizes("prizes", SHARES - 2),
                prizes("cancelled", 10_000));
        CompletableFuture.allOf(opens.stream().map(producer::open).toArray(CompletableFuture<?>[]::new))
                .get();
        Views views = new Views(redis);
        await().atMost(PATIENCE).ignoreExceptions().until(() -> opens.stream()
                .allMatch(open -> views.packet(open.packetId()).isPresent()));
        Random random = new Random(SEED);
        CompletableFuture<?>[] grabs = new CompletableFuture<?>[GRABS];
        for (int i = 0; i < GRABS; i++) {
            String packetId = random.nextInt(50) == 0
                    ? "never-opened"
                    : opens.get(random.nextInt(opens.size())).packetId();
            grabs[i] = producer.grab(new Grab("grab-" + i, packetId, "user-" + random.nextInt(500)));
        }
        CompletableFuture.allOf(grabs).get();
        producer.cancel(new CancelPacket("cancelled", "sender-of-cancelled", "The campaign ended early"))
                .get();
        await().atMost(PATIENCE).until(() -> packet("cancelled").status() == PacketView.Status.CANCELLED);
    }

    private static OpenPacket prizes(String packetId, int blanks) {
        List<Prize> prizes = List.of(new Prize(500, 2, "Tea 茶"), new Prize(0, blanks, null));
        return OpenPacket.ofPrizes(packetId, "sender-of-" + packetId, prizes, "spring", 3_600_000);
    }

    private static OpenPacket open(String packetId, int shares, long cents, Split split, long openForMillis) {
        return new OpenPacket(packetId, "sender-of-" + packetId, cents, shares, split, "spring", openForMillis);
    }

    @AfterAll
    static void stop() {
        if (browser == null) {
            return;
        }
        browser.close();
        if (sink != null) {
            sink.close();
        }
        if (metrics != null) {
            metrics.close();
        }
        if (topology != null) {
            topology.close();
        }
        if (queues != null) {
            queues.close();
        }
        if (redis != null) {
            redis.close();
        }
        if (servers != null) {
            servers.close();
        }
    }

    @Test
    void shouldShowNumbersOfTheAuditWhenAllGrabsAreAnswered() {
        Map<Outcome, Long> outcomes = audit.grabs().outcomes();
        browser.show(sink.url());

        awaitNumber(
                "#total-AWARDED", outcomes.get(Outcome.AWARDED) - audit.grabs().repeats());
        awaitNumber("#total-repeats", audit.grabs().repeats());
        awaitNumber("#total-ALREADY_GRABBED", outcomes.get(Outcome.ALREADY_GRABBED));
        awaitNumber("#total-SOLD_OUT", outcomes.get(Outcome.SOLD_OUT));
        awaitNumber("#total-EXPIRED", outcomes.get(Outcome.EXPIRED));
        awaitNumber("#total-UNKNOWN_PACKET", outcomes.get(Outcome.UNKNOWN_PACKET));
        assertThat(browser.attribute("#awarded", "title"))
                .as("money without a currency; that of a packet in USD is elsewhere")
                .isEqualTo(money(audit.cents().awarded() - packet("bounded").awardedCents()));
        assertThat(browser.attribute("#refunded", "title"))
                .isEqualTo(money(audit.cents().refunded()));
        browser.awaitCount(".hot .id", PACKETS);
        browser.assertNoErrors();
    }

    @Test
    void shouldShowEveryWinnerWhenPacketIsSoldOut() {
        PacketView packet = packet("random");
        browser.show(page("random"));

        browser.awaitText(".total", money(packet.totalCents())::equals);
        assertThat(browser.count("tbody tr")).isEqualTo(SHARES);
        assertThat(browser.text("tr.lucky .user")).isEqualTo(packet.luckiest().userId());
        assertThat(browser.text(".luckiest .cents"))
                .isEqualTo(money(packet.luckiest().share().cents()));
        browser.assertNoErrors();
    }

    @Test
    void shouldVerifyWhenNothingWasTamperedWith() {
        for (String packetId : List.of("random", "equal", "expiring", "bounded", "prizes", "cancelled")) {
            browser.show(page(packetId));
            browser.click("#verify");

            browser.awaitText("#verdict", "✓ Verified: nothing was tampered with"::equals);
            assertThat(browser.count(".checks .good")).isEqualTo(5);
            assertThat(browser.count("tr.wrong")).isZero();
        }
        browser.assertNoErrors();
    }

    @Test
    void shouldShowSpecialTermsWhenThePacketHasThem() {
        browser.show(page("bounded"));
        browser.awaitText(".total", "10.00 USD"::equals);
        assertThat(browser.text("dd.packetTitle")).isEqualTo("<b>Happy</b> new year");
        assertThat(browser.text("dd.bounds")).isEqualTo("0.50 USD to 1.20 USD");

        browser.show(page("prizes"));
        browser.awaitText("dd.prizes", "2 × ¥5.00 · Tea 茶, 10 × blank"::equals);
        assertThat(browser.text("tr.lucky .cents")).isEqualTo("¥5.00 · Tea 茶");

        browser.show(page("cancelled"));
        browser.awaitText(".status", "cancelled"::equals);
        assertThat(browser.text(".progress")).contains(money(packet("cancelled").refundedCents()) + " refunded");
        browser.assertNoErrors();
    }

    /** The audit compares every field, winner and award of all these packets, and finds a title that was changed. */
    @Test
    void shouldHaveAllTermsInTheReadModelWhenTheAuditComparesIt() {
        await().atMost(PATIENCE).until(() -> comparison().readModel().packets() == PACKETS);
        assertThat(comparison().violations()).isEmpty();

        byte[] view = keyOf("bounded");
        set(view, "title", bytes("Unhappy new year"));
        try {
            assertThat(comparison().violations()).hasSize(1).allSatisfy(violation -> assertThat(violation.sentence())
                    .contains("title should be \"<b>Happy</b> new year\", but is \"Unhappy new year\""));
        } finally {
            set(view, "title", bytes("<b>Happy</b> new year"));
        }
    }

    private static Report comparison() {
        return Audit.run(servers.kafka(), WHILE_GRABS_ARE_OPEN, SinkStores.readModel(servers.redis()));
    }

    /** The prize of a share is as fixed as its cents. */
    @Test
    void shouldNameTheWrongShareWhenAPrizeWasExchanged() {
        int index = packet("prizes").luckiest().share().index();
        String right = winner("prizes", index);

        withWinner("prizes", index, right.replace("Tea 茶", "Car"), () -> {
            browser.show(page("prizes"));
            browser.click("#verify");

            browser.awaitText("#verdict", "✗ Verification failed"::equals);
            assertThat(browser.text("[data-check=shares]"))
                    .isEqualTo("These shares are not those that the seed fixed: #" + (index + 1));
            assertThat(browser.text("tr.wrong em")).isEqualTo("should be ¥5.00 · Tea 茶");
        });
    }

    /** A later version may add splits. An older page must not call them wrong, nor say that it verified them. */
    @Test
    void shouldReferToTheAuditWhenThePageDoesNotKnowTheSplit() {
        browser.show(sink.url());
        Object checks = browser.runAsync("const done = arguments[0];"
                + "import('./verify.js').then(({verify}) => verify({split: 'LATER', seed: '00', totalCents: 1,"
                + " awardedShares: 0, awardedCents: 0, refundedCents: 1}, []))"
                + ".then(({checks}) => done(checks.filter((check) => check.unknown).map((check) => check.name)))");

        assertThat(checks).isEqualTo(List.of("split"));
        browser.assertNoErrors();
    }

    @Test
    void shouldNameTheWrongShareWhenAnAwardWasTamperedWith() {
        String[] third = winner("random", 2).split(" ", 4);
        long rightCents = Long.parseLong(third[2]);
        String moved = third[0] + ' ' + third[1] + ' ' + (rightCents + 1) + ' ' + third[3];

        withWinner("random", 2, moved, () -> {
            browser.show(page("random"));
            browser.click("#verify");

            browser.awaitText("#verdict", "✗ Verification failed"::equals);
            assertThat(browser.text("[data-check=shares]"))
                    .isEqualTo("These shares are not those that the seed fixed: #3");
            assertThat(browser.attribute("[data-check=money]", "class")).isEqualTo("bad");
            assertThat(browser.attribute("[data-check=commitment]", "class")).isEqualTo("good");
            assertThat(browser.text("tr.wrong em")).isEqualTo("should be " + money(rightCents));
        });
    }

    @Test
    void shouldNameTheWrongSeedWhenTheSeedWasExchanged() {
        byte[] view = keyOf("equal");
        byte[] right =
                redis.commands().hget(view, bytes("seed")).toCompletableFuture().join();
        set(view, "seed", bytes("00".repeat(32)));
        try {
            browser.show(page("equal"));
            browser.click("#verify");

            browser.awaitText("#verdict", "✗ Verification failed"::equals);
            assertThat(browser.attribute("[data-check=commitment]", "class")).isEqualTo("bad");
        } finally {
            set(view, "seed", right);
        }
    }

    /** The rules for ids reject such a name. If it got into the read model anyway, the page must show it as text. */
    @Test
    void shouldShowAHostileNameAsTextEverywhere() {
        String hostile = "<img/src=x/onerror=window.harmed=1>";
        byte[] view = keyOf("random");
        byte[] sender = redis.commands()
                .hget(view, bytes("senderId"))
                .toCompletableFuture()
                .join();
        set(view, "senderId", bytes(hostile));
        set(view, "campaign", bytes("<script>window.harmed=1</script>"));
        String[] first = winner("random", 0).split(" ", 2);
        try {
            withWinner("random", 0, hostile + ' ' + first[1], () -> {
                browser.show(page("random"));
                browser.awaitText("dd.sender", hostile::equals);
                assertThat(browser.text("dd.campaign")).isEqualTo("<script>window.harmed=1</script>");
                assertThat(browser.text("tbody tr:first-child .user")).isEqualTo(hostile);
                assertThat(browser.count("main img[src=x], main script")).isZero();
                assertThat(browser.run("return window.harmed === undefined")).isEqualTo(true);
                browser.assertNoErrors();
            });
        } finally {
            set(view, "senderId", sender);
            set(view, "campaign", bytes("spring"));
        }
    }

    @Test
    void shouldShowAHostileAddressAsTextWhenALinkIsFollowed() {
        browser.show(sink.url() + "#/packets/%3Cimg%20src=x%20onerror=window.harmed=1%3E");

        browser.awaitText("h1", "<img src=x onerror=window.harmed=1>"::equals);
        assertThat(browser.text(".nothing")).startsWith("The request failed: packetId has the character U+003C");
        assertThat(browser.count("main img")).isZero();
        assertThat(browser.run("return window.harmed === undefined")).isEqualTo(true);
        // The browser logs every answer whose status is not 200.
        browser.assertNoErrors("status of 400");
    }

    /** Even if markup got into the page, its content security policy would not let it run. */
    @Test
    void shouldNotRunMarkupThatIsInsertedIntoThePage() {
        browser.show(sink.url());
        browser.awaitText("#pulse", "Live"::equals);
        browser.run("document.body.insertAdjacentHTML('beforeend', '<img src=\"nowhere.png\" onerror=\"harmed=1\">');"
                + "const s = document.createElement('script'); s.textContent = 'harmed=2'; document.body.append(s);");

        assertThat(browser.runAsync("setTimeout(arguments[0], 500, window.harmed === undefined)"))
                .isEqualTo(true);
    }

    @Test
    void shouldCutAsTheTopologyDoesForAllTerms() {
        browser.show(sink.url());
        Random random = new Random(SEED);
        for (int i = 0; i < 20; i++) {
            Split split = random.nextInt(4) == 0 ? Split.EQUAL : Split.RANDOM;
            int shares = 1 + random.nextInt(400);
            long cents = shares + (random.nextBoolean() ? random.nextInt(100_000) : random.nextLong(1L << 52));
            var seed = SeedSecret.of(SECRET).seedOf("packet-" + random.nextInt());

            JsonNode terms = new JsonMapper()
                    .createObjectNode()
                    .put("split", split.name())
                    .put("totalCents", cents)
                    .put("shares", shares);
            assertThat(cutInTheBrowser(terms, seed.hex()).findValues("cents").stream()
                            .mapToLong(JsonNode::longValue)
                            .toArray())
                    .as("%s, %s", terms, seed.hex())
                    .containsExactly(Cut.of(split, cents, shares, seed));
        }
        browser.assertNoErrors();
    }

    /** The cases that verifiers in all languages run: {@code events/cases/README.md}. */
    @Test
    void shouldCutAndCommitAsInTheCases() throws IOException {
        browser.show(sink.url());
        JsonNode all = new JsonMapper()
                .readTree(Path.of("..", "events", "cases", "splits.json").toFile());
        List<JsonNode> cases = new ArrayList<>();
        all.get("splits").forEach(cases::add);
        all.get("splitsWithTerms").forEach(cases::add);

        assertThat(cases).hasSizeGreaterThan(all.get("splits").size()).allSatisfy(fields -> {
            String seed = fields.get("seed").textValue();
            JsonNode cut = cutInTheBrowser(fields, seed);
            assertThat(cut.findValues("cents")).containsExactlyElementsOf(fields.get("cents"));
            if (fields.has("names")) {
                List<JsonNode> names = new ArrayList<>();
                cut.forEach(share -> names.add(share.has("prize") ? share.get("prize") : NullNode.getInstance()));
                assertThat(names).containsExactlyElementsOf(fields.get("names"));
            }
            assertThat(browser.runAsync(
                            "const [seed, done] = arguments;"
                                    + "import('./split.js').then((module) => module.sha256(seed)).then(done)",
                            seed))
                    .isEqualTo(fields.get("commitment").textValue());
        });
        browser.assertNoErrors();
    }

    /**
     * A browser opens at most six connections to a server. A page in its back-forward cache must not hold one of them.
     */
    @Test
    void shouldReleaseConnectionWhenPageIsLeft() {
        browser.runBeforeEachPage("window.streams = []; window.EventSource = class extends EventSource {"
                + " constructor(url) { super(url); streams.push(this); } };");
        browser.show(sink.url());
        browser.awaitText("#pulse", "Live"::equals);

        browser.run("dispatchEvent(new PageTransitionEvent('pagehide', {persisted: true}))");
        assertThat(browser.run("return streams.map((stream) => stream.readyState === EventSource.CLOSED)"))
                .isEqualTo(List.of(true));
        browser.run("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))");
        assertThat(browser.run("return streams.map((stream) => stream.readyState === EventSource.CLOSED)"))
                .isEqualTo(List.of(true, false));
        browser.assertNoErrors();
    }

    /** Scenario: Redis stops answering, then the sink ends and restarts. The page reports each outage and recovers. */
    @Test
    void shouldReportTheOutageAndRecoverWhenRedisOrTheSinkFails() {
        try (LocalRedis silent = LocalRedis.start();
                RedisConnection connection = RedisConnection.open(silent.address());
                Metrics others = new Metrics()) {
            String url;
            try (Sink other = otherSink(0, connection, others)) {
                url = other.url();
                browser.show(url);
                browser.awaitText("#pulse", "Live"::equals);
                browser.awaitCount(".hot .id", PACKETS);

                silent.pause();
                browser.awaitText("#pulse", "Partly live"::equals);
                assertThat(browser.text("#notice")).startsWith("Packets cannot be looked up");
                assertThat(browser.count(".hot .id")).as("packets known before").isEqualTo(PACKETS);
                silent.resume();
                browser.awaitText("#pulse", "Live"::equals);
                assertThat(browser.text("#notice")).isEmpty();
            }
            browser.awaitText("#pulse", "Connection lost"::equals);
            assertThat(browser.text("#notice")).startsWith("The sink does not answer");
            try (Metrics again = new Metrics();
                    Sink sameAddress = otherSink(URI.create(url).getPort(), connection, again)) {
                browser.awaitText("#pulse", "Live"::equals);
                assertThat(sameAddress.url()).isEqualTo(url);
                browser.show("about:blank");
            }
        }
    }

    private static Sink otherSink(int port, RedisConnection connection, Metrics metrics) {
        return Sink.start(
                new Sink.Settings(
                        servers.kafka(), "other-sink", Retention.DEFAULT, Optional.empty(), "127.0.0.1", port),
                connection,
                metrics);
    }

    /** Otherwise the focus would be lost every second, and every tenth click would miss. */
    @Test
    void shouldKeepTheFocusWhenThePageUpdates() {
        browser.show(sink.url());
        browser.awaitCount(".hot .id", PACKETS);
        browser.run("window.third = document.querySelectorAll('.hot a')[2]; third.focus()");

        Object kept =
                browser.runAsync("const done = arguments[0]; let snapshots = 0; const stream = new EventSource('live');"
                        + "stream.addEventListener('snapshot', () => { if (++snapshots === 3) {"
                        + " stream.close(); done(third.isConnected && document.activeElement === third); } });");
        assertThat(kept).isEqualTo(true);
    }

    @Test
    void shouldShowTheValuesWhenPointerIsOverAChart() {
        browser.show(sink.url());
        browser.awaitText("#pulse", "Live"::equals);
        browser.pointAt(".outcomes .u-over");

        browser.awaitText(".outcomes .tip", text -> text.contains("awarded"));
        assertThat(browser.count(".outcomes .tip li")).isEqualTo(9);
        browser.assertNoErrors();
    }

    @Test
    void shouldShowChineseAndFitAPhoneWhenAskedTo() {
        // Chromium's windows cannot be narrower.
        browser.resize(500, 900);
        try {
            browser.show(sink.url());
            browser.click("#language");
            browser.awaitText(".brand", "红包"::equals);
            browser.awaitText("#pulse", "实时"::equals);
            assertThat(browser.run("return document.documentElement.scrollWidth <= innerWidth"))
                    .isEqualTo(true);
            browser.click("#theme");
            assertThat(browser.run("return getComputedStyle(document.documentElement).colorScheme"))
                    .isIn("dark", "light");
            browser.assertNoErrors();
        } finally {
            browser.click("#language");
            browser.resize(1440, 900);
        }
    }

    /** Numbers pass as text, because they may be longer than those of the browser's driver. */
    private static JsonNode cutInTheBrowser(JsonNode terms, String seed) {
        Object cut = browser.runAsync(
                "const [terms, seed, done] = arguments;"
                        + "import('./split.js')"
                        + ".then((module) => module.cut(JSON.parse(terms), seed))"
                        + ".then((cut) => done(JSON.stringify(cut)))",
                terms.toString(),
                seed);
        try {
            return new JsonMapper().readTree((String) cut);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void awaitNumber(String css, long number) {
        browser.awaitText(css, text -> text.replace(",", "").equals(Long.toString(number)));
    }

    private static String money(long cents) {
        return "¥%,d.%02d".formatted(cents / 100, cents % 100);
    }

    private static String page(String packetId) {
        return sink.url() + "#/packets/" + packetId;
    }

    private static PacketView packet(String packetId) {
        return new Views(redis).packet(packetId).orElseThrow();
    }

    private static void withWinner(String packetId, int index, String entry, Runnable check) {
        String field = packetId + '/' + index;
        byte[] winners = keyOfWinner(field);
        String right = winner(packetId, index);
        set(winners, field, bytes(entry));
        try {
            check.run();
        } finally {
            set(winners, field, bytes(right));
        }
    }

    private static String winner(String packetId, int index) {
        String field = packetId + '/' + index;
        byte[] entry = redis.commands()
                .hget(keyOfWinner(field), bytes(field))
                .toCompletableFuture()
                .join();
        return new String(entry, StandardCharsets.UTF_8);
    }

    private static byte[] keyOfWinner(String field) {
        return keys("redpacket:winners:*").stream()
                .filter(key -> redis.commands()
                        .hexists(key, bytes(field))
                        .toCompletableFuture()
                        .join())
                .findFirst()
                .orElseThrow();
    }

    private static byte[] keyOf(String packetId) {
        return keys("redpacket:view:*:{" + packetId + "}").get(0);
    }

    private static List<byte[]> keys(String pattern) {
        return redis.commands().keys(pattern).toCompletableFuture().join();
    }

    private static void set(byte[] key, String field, byte[] value) {
        redis.commands().hset(key, bytes(field), value).toCompletableFuture().join();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
