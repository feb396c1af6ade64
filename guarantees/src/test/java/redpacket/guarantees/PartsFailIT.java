package redpacket.guarantees;

import java.util.List;
import org.junit.jupiter.api.Test;
import redpacket.local.faults.PipelineProcess;

/** All parts of the pipeline fail at once under load. */
class PartsFailIT {
    @Test
    void shouldKeepEveryPromiseWhenAllFailsAtOnce() {
        try (Scenario scenario = Scenario.withSink(2)) {
            scenario.awaitSinkWrites();
            scenario.awaitAnswers(scenario.random.nextInt(600));
            List<PipelineProcess> instances = scenario.pipeline.instances();
            scenario.pipeline.sink().kill();
            scenario.pipeline.postgres().kill();
            instances.get(0).kill();
            instances.get(1).pause();
            scenario.pipeline.network().swallow();
            scenario.pipeline.redis().kill();
            scenario.pipeline.restartKafka();
            scenario.awaitStall();
            scenario.pipeline.heal();
            scenario.awaitAnswersFromNow();
            scenario.assertEverythingKept();
        }
    }
}
