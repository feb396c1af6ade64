package redpacket.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import redpacket.ledger.LedgerHealth.State;
import redpacket.parts.LocalPgBouncer;
import redpacket.parts.LocalPostgres;
import redpacket.parts.LocalServers;

/** The ledger behind a PgBouncer that pools transactions. */
class LedgerPoolIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /**
     * Two ledgers start twice and follow. The migrations, the positions and the batches each use another connection to
     * PostgreSQL than the transaction before.
     */
    @Test
    void shouldEqualNaiveFoldWhenTransactionsArePooled() throws Exception {
        assumeTrue(LocalPgBouncer.isAvailable(), "needs PgBouncer: apt-get install pgbouncer");
        try (LocalServers servers = LocalServers.start(3);
                LocalPostgres postgres = LocalPostgres.start();
                LocalPgBouncer bouncer = LocalPgBouncer.start(postgres.address());
                RandomPackets packets = new RandomPackets(servers.kafka(), 1)) {
            for (int start = 0; start < 2; start++) {
                try (Ledger first = Ledger.start(servers.kafka(), bouncer.address());
                        Ledger second = Ledger.start(servers.kafka(), bouncer.address())) {
                    for (int batch = 0; batch < 10; batch++) {
                        packets.write(5);
                        await().atMost(PATIENCE).until(() -> NaiveLedger.ofDatabase(postgres.address())
                                .equals(NaiveLedger.ofTopics(servers.kafka())));
                    }
                    assertThat(List.of(first.health().state(), second.health().state()))
                            .contains(State.WRITING)
                            .doesNotContain(State.FAILED);
                }
            }
        }
    }
}
