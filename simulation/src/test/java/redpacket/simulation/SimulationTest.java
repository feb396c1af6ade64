package redpacket.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The same seeds each time. {@code ./redpacket simulate} tries others. */
class SimulationTest {
    private static final long FIRST_SEED = 1;
    private static final int FAULTS = 10_000;

    @Test
    void shouldKeepEveryPromiseWhenAnythingFailsAtAnyMoment() {
        Map<String, Integer> counts = new HashMap<>();
        int faults = 0;
        for (long seed = FIRST_SEED; faults < FAULTS; seed++) {
            Simulation.Outcome outcome = Simulation.run(Plan.of(seed));
            assertThat(outcome.violation())
                    .as("./redpacket simulate --seed %d tells the story", seed)
                    .isNull();
            faults += outcome.faults();
            outcome.counts().forEach((what, count) -> counts.merge(what, count, Integer::sum));
        }

        for (Happening each : Happening.values()) {
            if (each.isFault()) {
                assertThat(counts).containsKey(each.toString());
            }
        }
        assertThat(counts)
                .containsKeys(
                        "died while it decides grabs",
                        "died while it is about to write its stores",
                        "died while it has written its stores",
                        "died while it has sent its offsets",
                        "died while it has committed and does not know");
    }

    @Test
    void shouldTellTheSameStoryWhenTheSeedIsTheSame() {
        List<String> story = Simulation.tell(Plan.of(FIRST_SEED));

        assertThat(story).isNotEmpty().isEqualTo(Simulation.tell(Plan.of(FIRST_SEED)));
    }
}
