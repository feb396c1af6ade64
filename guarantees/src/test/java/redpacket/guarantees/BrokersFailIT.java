package redpacket.guarantees;

import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import redpacket.events.Topic;
import redpacket.parts.LocalBroker;
import redpacket.parts.LocalKafkaCluster;

/** Brokers of a cluster are killed, emptied and restarted under load. */
class BrokersFailIT {
    private static final TopicPartition GRABS = new TopicPartition(Topic.GRABS.topicName(), 0);

    @Test
    void shouldKeepEveryPromiseWhenBrokersOfAClusterFail() {
        try (Scenario scenario = Scenario.onThreeBrokers(2)) {
            LocalKafkaCluster cluster = scenario.pipeline.brokers();

            LocalBroker leader = cluster.leaderOf(GRABS);
            leader.kill();
            awaitAnswers(scenario, "leader killed");
            leader.loseDisk();
            comeBack(scenario, leader);

            LocalBroker coordinator = cluster.coordinator();
            coordinator.kill();
            awaitAnswers(scenario, "transaction coordinator killed");
            comeBack(scenario, coordinator);

            LocalBroker controller = cluster.controller();
            controller.kill();
            awaitAnswers(scenario, "controller killed");
            comeBack(scenario, controller);

            List<LocalBroker> two = cluster.brokers().subList(0, 2);
            two.forEach(LocalBroker::kill);
            scenario.awaitStall();
            two.forEach(LocalBroker::start);
            awaitAnswers(scenario, "two brokers killed, and started");

            cluster.restartOneByOne();
            awaitAnswers(scenario, "rolling restart");
            scenario.assertEverythingKept();
        }
    }

    private static void comeBack(Scenario scenario, LocalBroker broker) {
        broker.start();
        scenario.pipeline.brokers().awaitAll();
    }

    private static void awaitAnswers(Scenario scenario, String fault) {
        System.out.println(fault + ": answers everywhere after " + scenario.awaitAnswersFromNow());
    }
}
