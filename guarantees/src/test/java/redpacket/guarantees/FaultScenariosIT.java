package redpacket.guarantees;

import java.util.List;
import org.junit.jupiter.api.Test;
import redpacket.local.faults.PipelineProcess;

/** Break things under load; nothing that is promised may break with them. Whatever is expected, {@link Guarantee} says. */
class FaultScenariosIT {
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

    /** Paused until another has taken over, it goes on in the middle of what it was doing. */
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

    @Test
    void shouldKeepEveryPromiseWhenRedisFails() {
        try (Scenario scenario = Scenario.with(1)) {
            scenario.pipeline.redis().pause();
            scenario.awaitStall();
            scenario.pipeline.redis().resume();
            scenario.awaitAnswersFromNow();

            scenario.pipeline.onRedis("redis.call('FLUSHALL') return 0");
            scenario.awaitAnswersFromNow();

            scenario.pipeline.redis().kill();
            scenario.awaitStall();
            scenario.pipeline.redis().restart();
            scenario.awaitAnswersFromNow();
            scenario.assertEverythingKept();
        }
    }

    @Test
    void shouldKeepEveryPromiseWhenTheBrokerRestarts() {
        try (Scenario scenario = Scenario.with(1)) {
            scenario.awaitAnswers(scenario.random.nextInt(600));
            scenario.pipeline.kafka().restart();
            System.out.println("broker restarted: answers everywhere after " + scenario.awaitAnswersFromNow());
            scenario.assertEverythingKept();
        }
    }

    @Test
    void shouldKeepEveryPromiseWhenTheNetworkFails() {
        try (Scenario scenario = Scenario.with(1)) {
            scenario.pipeline.network().delay(1 + scenario.random.nextInt(800));
            scenario.awaitAnswersFromNow();
            scenario.pipeline.network().heal();
            for (Runnable fault :
                    List.<Runnable>of(scenario.pipeline.network()::cutReplies, scenario.pipeline.network()::swallow)) {
                fault.run();
                scenario.awaitStall();
                scenario.pipeline.network().heal();
                scenario.awaitAnswersFromNow();
            }
            scenario.assertEverythingKept();
        }
    }

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
            scenario.pipeline.kafka().restart();
            scenario.awaitStall();
            scenario.pipeline.heal();
            scenario.awaitAnswersFromNow();
            scenario.assertEverythingKept();
        }
    }
}
