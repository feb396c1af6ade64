package redpacket.guarantees;

import java.util.List;
import org.junit.jupiter.api.Test;
import redpacket.local.faults.Fault;
import redpacket.local.faults.PipelineProcess;

/** Redis, Kafka and the network are killed, emptied, stalled and cut under load. */
class PartsFailIT {
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

    /** Others leave transactions open on the grabs, and send a record that is large in memory. */
    @Test
    void shouldKeepEveryPromiseWhenOthersMisuseTheTopicsAndTheBrokerRestarts() {
        try (Scenario scenario = Scenario.with(1)) {
            for (Fault fault : List.of(Fault.BOMB, Fault.TRANSACTION_ABANDONED, Fault.TRANSACTION_HANGING)) {
                Runnable heal = fault.strike(scenario.pipeline, scenario.random);
                scenario.awaitAnswers(1 + scenario.random.nextInt(600));
                heal.run();
                System.out.println(fault + ": answers everywhere after " + scenario.awaitAnswersFromNow());
            }
            scenario.pipeline.restartKafka();
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
