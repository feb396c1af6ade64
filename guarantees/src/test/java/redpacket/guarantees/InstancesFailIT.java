package redpacket.guarantees;

import org.junit.jupiter.api.Test;
import redpacket.local.faults.PipelineProcess;

/** Topology instances are killed under load, at random moments. */
class InstancesFailIT {
    @Test
    void shouldKeepEveryPromiseWhenKilledAtRandomMoments() {
        try (Scenario scenario = Scenario.with(1)) {
            PipelineProcess instance = scenario.pipeline.instances().get(0);
            for (int kill = 0; kill < 3; kill++) {
                scenario.awaitAnswers(1 + scenario.random.nextInt(600));
                instance.kill();
                instance.start();
                System.out.println("kill -9 and restart: answers everywhere after " + scenario.awaitAnswersFromNow());
            }
            scenario.assertEverythingKept();
        }
    }

    @Test
    void shouldKeepEveryPromiseWhenOneOfTwoInstancesIsKilledAndAnotherAdded() {
        try (Scenario scenario = Scenario.with(2)) {
            scenario.awaitAnswers(scenario.random.nextInt(600));
            scenario.pipeline.anyInstance(scenario.random).kill();
            System.out.println("one of two killed: answers everywhere after " + scenario.awaitAnswersFromNow());
            scenario.pipeline.addInstance().start();
            scenario.awaitAnswers(1_500);
            scenario.assertEverythingKept();
        }
    }
}
