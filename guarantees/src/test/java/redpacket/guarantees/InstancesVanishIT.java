package redpacket.guarantees;

import org.junit.jupiter.api.Test;
import redpacket.local.faults.PipelineProcess;

/** One of two topology instances vanishes under load, and the other takes over. */
class InstancesVanishIT {
    /** In the rush, the dead instance also leaves long transactions open, which hide what its successor commits. */
    @Test
    void shouldKeepEveryPromiseWhenOneOfTwoIsKilledInARushBehindADefaultBroker() {
        try (Scenario scenario = Scenario.withDefaultBroker(2)) {
            scenario.saturate();
            scenario.awaitAnswers(20_000);
            scenario.load.takeLongestPauseOfPartition();
            scenario.pipeline.anyInstance(scenario.random).kill();
            System.out.println("one of two killed in a rush: answers everywhere after "
                    + scenario.awaitAnswersFromNow() + ", longest pause of a partition "
                    + scenario.load.takeLongestPauseOfPartition());
            scenario.relieve();
            scenario.assertEverythingKept();
        }
    }

    /** A paused instance continues in the middle of its work after another has taken over. */
    @Test
    void shouldKeepEveryPromiseWhenAZombieComesBack() {
        try (Scenario scenario = Scenario.with(2)) {
            scenario.awaitAnswers(scenario.random.nextInt(600));
            PipelineProcess zombie = scenario.pipeline.anyInstance(scenario.random);
            zombie.pause();
            System.out.println("one of two paused: answers everywhere after " + scenario.awaitAnswersFromNow());
            zombie.resume();
            scenario.awaitAnswers(1_500);
            scenario.assertEverythingKept();
        }
    }
}
