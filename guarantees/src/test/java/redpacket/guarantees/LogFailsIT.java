package redpacket.guarantees;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import redpacket.local.faults.Fault;

/** The topics and the committed offsets are harmed under load, and the broker restarts. */
class LogFailsIT {
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
}
