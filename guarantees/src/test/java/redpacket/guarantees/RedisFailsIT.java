package redpacket.guarantees;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Redis and the network to it are killed, emptied, stalled and cut under load. */
class RedisFailsIT {
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
}
