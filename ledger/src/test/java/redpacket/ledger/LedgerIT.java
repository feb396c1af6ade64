package redpacket.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import redpacket.clients.LedgerAddress;
import redpacket.ledger.LedgerHealth.State;
import redpacket.options.EnvironmentDefaults;
import redpacket.parts.LocalPostgres;
import redpacket.parts.LocalServers;

class LedgerIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long SEED = Long.getLong("redpacket.seed", System.nanoTime());

    private static LocalServers servers;
    private static LocalPostgres postgres;
    private static RandomPackets packets;

    @BeforeAll
    static void start() {
        servers = LocalServers.start(3);
        postgres = LocalPostgres.start();
        packets = new RandomPackets(servers.kafka(), SEED);
    }

    @AfterAll
    static void stop() {
        packets.close();
        postgres.close();
        servers.close();
    }

    // Scenario: SIGKILL the ledger three times while records arrive. In the end each row exists exactly once.
    @Test
    void shouldEqualNaiveFoldWhenKilledThreeTimes() throws Exception {
        LedgerAddress address = postgres.database("killed");
        for (int kill = 0; kill < 3; kill++) {
            packets.write(100);
            long before = awards(address);
            try (LedgerProcess process = LedgerProcess.start(servers.kafka(), address)) {
                await().atMost(PATIENCE).until(() -> awards(address) > before);
                packets.write(20);
                assertThat(process.isAlive()).isTrue();
            }
        }
        try (Ledger ledger = Ledger.start(servers.kafka(), address)) {
            assertCatchesUp(ledger, address);
        }
    }

    // Scenario: SIGKILL PostgreSQL while the ledger writes, then restart it. The ledger reports this and recovers.
    @Test
    void shouldEqualNaiveFoldWhenPostgresWasKilled() throws Exception {
        LedgerAddress address = postgres.database("restarted");
        packets.write(300);
        try (Ledger ledger = Ledger.start(servers.kafka(), address)) {
            await().atMost(PATIENCE).until(() -> ledger.health().awards() > 0);
            postgres.kill();
            packets.write(50);
            await().atMost(PATIENCE).until(() -> ledger.health().state() == State.WAITING);
            assertThat(ledger.health().detail()).startsWith("PostgreSQL unavailable: ");
            postgres.restart();
            assertCatchesUp(ledger, address);
        }
    }

    // Scenario: two processes write the same ledger; the active one is closed. No row is missing or duplicated.
    @Test
    void shouldEqualNaiveFoldWhenAnotherLedgerTakesOver() throws Exception {
        LedgerAddress address = postgres.database("shared");
        try (Ledger second = Ledger.start(servers.kafka(), address)) {
            try (Ledger first = Ledger.start(servers.kafka(), address)) {
                packets.write(100);
                await().atMost(PATIENCE)
                        .until(() -> first.health().lag() + second.health().lag() == 0);
                assertThat(List.of(first.health().state(), second.health().state()))
                        .doesNotContain(State.FAILED, State.WAITING);
            }
            packets.write(50);
            assertCatchesUp(second, address);
        }
    }

    @Test
    void shouldBalanceWhenEverythingIsWritten() throws Exception {
        LedgerAddress address = postgres.database("balanced");
        packets.write(100);
        try (Ledger ledger = Ledger.start(servers.kafka(), address)) {
            assertCatchesUp(ledger, address);
        }
        assertThat(number(address, "SELECT count(*) FROM redpacket.imbalances")).isZero();
        assertThat(number(address, "SELECT count(*) FROM redpacket.packet_balances WHERE status <> 'open'"))
                .isPositive()
                .isEqualTo(number(address, "SELECT count(*) FROM redpacket.closings"));
        assertThat(number(
                        address,
                        "SELECT sum(funded_cents - awarded_cents - refunded_cents - left_cents) FROM"
                                + " redpacket.packet_balances"))
                .isZero();
        assertThat(number(address, "SELECT sum(awarded_cents) FROM redpacket.daily_totals"))
                .isEqualTo(number(address, "SELECT sum(cents) FROM redpacket.awards"));
        assertThat(number(address, "SELECT sum(funded_cents - refunded_cents) FROM redpacket.daily_totals"))
                .isEqualTo(number(
                        address,
                        "SELECT (SELECT sum(cents) FROM redpacket.packets)"
                                + " - (SELECT sum(cents) FROM redpacket.refunds)"));
    }

    // Scenario: the topics are deleted and created again, and the ledger is kept. The test simulates this in its table.
    @Test
    void shouldEndWithSentenceWhenTheTopicsWereCreatedAgain() throws Exception {
        LedgerAddress address = postgres.database("kept");
        packets.write(10);
        try (Ledger ledger = Ledger.start(servers.kafka(), address)) {
            assertCatchesUp(ledger, address);
        }
        try (Connection connection = address.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("UPDATE redpacket.positions SET topic_id = 'deleted' WHERE topic = 'redpacket.packets'");
        }
        List<String> before = NaiveLedger.ofDatabase(address);
        packets.write(10);

        try (Ledger ledger = Ledger.start(servers.kafka(), address)) {
            await().atMost(PATIENCE).until(() -> ledger.health().state() == State.FAILED);
            assertThatThrownBy(ledger::await)
                    .isInstanceOf(LedgerException.class)
                    .hasMessageStartingWith("Topic redpacket.packets is not the one that the ledger was made from")
                    .hasMessageContaining("instead of deleted");
        }
        assertThat(NaiveLedger.ofDatabase(address)).isEqualTo(before);
    }

    @Test
    void shouldEndWithSentenceWhenPasswordIsWrong() {
        LedgerAddress right = postgres.address();
        StringWriter err = new StringWriter();

        assertThat(execute(new StringWriter(), err, right.url(), "guessed")).isEqualTo(1);
        assertThat(err.toString())
                .contains("refuses user accounting: wrong name or password")
                .doesNotContain("guessed");
    }

    // PostgreSQL is away when the ledger starts: it says so, without what is secret in the URL, and starts to write
    // when PostgreSQL comes.
    @Test
    void shouldWaitForPostgresWhenItIsAwayAtTheStart() throws Exception {
        LedgerAddress address = postgres.database("late");
        LedgerAddress withPassword = new LedgerAddress(
                address.url() + "?password=" + address.password(), address.user(), address.password());
        packets.write(20);
        postgres.kill();
        try (Ledger ledger = Ledger.start(servers.kafka(), withPassword)) {
            assertThat(ledger.health().state()).isEqualTo(State.WAITING);
            assertThat(ledger.health().detail())
                    .startsWith("PostgreSQL unavailable: PostgreSQL at //127.0.0.1:")
                    .doesNotContain(address.password());
            postgres.restart();
            await().atMost(PATIENCE).until(() -> ledger.health().state() == State.WRITING);
            assertCatchesUp(ledger, address);
            assertThat(ledger.ready().toCompletableFuture()).isCompleted();
        }
    }

    @Test
    void shouldSayWhatItDoesWhenItIsReady() throws Exception {
        LedgerAddress address = postgres.database("told");
        StringWriter out = new StringWriter();
        Thread command = new Thread(() -> execute(out, new StringWriter(), address.url(), address.password()));
        // A signal would end it, and all the tests with it.
        command.setDaemon(true);
        command.start();

        await().atMost(PATIENCE).until(() -> !out.toString().isEmpty());
        assertThat(out.toString())
                .isEqualTo("The ledger follows Kafka at %s and is in PostgreSQL at %s%n"
                        .formatted(servers.kafka(), address));
    }

    private static int execute(StringWriter out, StringWriter err, String url, String password) {
        Map<String, String> environment =
                Map.of("REDPACKET_LEDGER_USER", "accounting", "REDPACKET_LEDGER_PASSWORD", password);
        return new CommandLine(new LedgerCommand())
                .setDefaultValueProvider(EnvironmentDefaults.of(environment))
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute("--kafka", servers.kafka().bootstrapServers(), "--ledger", url);
    }

    private static void assertCatchesUp(Ledger ledger, LedgerAddress address) {
        List<String> expected = NaiveLedger.ofTopics(servers.kafka());
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(NaiveLedger.ofDatabase(address)).isEqualTo(expected));
        await().atMost(PATIENCE).until(() -> ledger.health().lag() == 0);
        assertThat(ledger.health().state()).isEqualTo(State.WRITING);
    }

    /** 0 before the tables exist. */
    private static long awards(LedgerAddress address) throws SQLException {
        boolean exists = number(address, "SELECT count(to_regclass('redpacket.awards'))") == 1;
        return exists ? number(address, "SELECT count(*) FROM redpacket.awards") : 0;
    }

    private static long number(LedgerAddress address, String select) throws SQLException {
        try (Connection connection = address.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(select)) {
            row.next();
            return row.getLong(1);
        }
    }
}
