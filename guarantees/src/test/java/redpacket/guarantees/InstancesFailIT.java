package redpacket.guarantees;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import redpacket.local.faults.Fault;
import redpacket.local.faults.PipelineProcess;

/** Topology instances are killed, paused and replaced under load. */
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

    /** A grab is dated up to two days ahead. Then everything is read again from the beginning. */
    @Test
    void shouldKeepEveryPromiseWhenAClockJumpsAndCommittedOffsetsAreDeleted() {
        try (Scenario scenario = Scenario.with(1)) {
            Fault.CLOCK_JUMPED.strike(scenario.pipeline, scenario.random).run();
            scenario.awaitAnswers(scenario.random.nextInt(600));
            assertThat(Fault.OFFSETS_DELETED.strike(scenario.pipeline, scenario.random))
                    .isNotSameAs(Fault.MISSED);
            System.out.println("offsets deleted: answers everywhere after " + scenario.awaitAnswersFromNow());
            scenario.awaitAnswers(500);
            scenario.assertEverythingKept();
        }
    }
}
