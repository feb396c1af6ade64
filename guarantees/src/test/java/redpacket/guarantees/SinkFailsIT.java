package redpacket.guarantees;

import org.junit.jupiter.api.Test;

/** The sink is killed under load. */
class SinkFailsIT {
    /** Read model and ledger must end up as without the kills. */
    @Test
    void shouldAgreeToTheCentWhenTheSinkIsKilledRepeatedly() {
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
