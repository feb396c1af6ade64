package redpacket.guarantees;

import org.junit.jupiter.api.Test;

/** What serves is killed under load. Whatever is expected, {@link Guarantee} says. */
class SinkFailsIT {
    /** Read model and ledger end up as if it had never died. */
    @Test
    void shouldAgreeToTheCentWhenTheSinkIsKilledAgainAndAgain() {
        try (Scenario scenario = Scenario.withSink(1)) {
            for (int kill = 0; kill < 4; kill++) {
                scenario.awaitSinkWrites();
                scenario.awaitAnswers(1 + scenario.random.nextInt(300));
                scenario.pipeline.sink().kill();
                scenario.awaitAnswers(scenario.random.nextInt(300));
                scenario.pipeline.sink().start();
            }
            scenario.assertEverythingKept();
        }
    }
}
