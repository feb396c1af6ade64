package redpacket.clients;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** What is wrong with Kafka itself, so that it may lose what it has acknowledged, or commit what was aborted. */
final class KafkaFaults {
    private static final String TRANSACTIONS = "transaction.version";

    /** From this version on, each transaction has an epoch of its own. */
    private static final short TRANSACTIONS_WITH_EPOCHS = 2;

    /** Topics of Kafka in which a commit is stored, with the broker's setting for their replicas in sync. */
    private static final List<String> OF_KAFKA = List.of("__transaction_state", "__consumer_offsets");

    /** With fewer replicas the loss of one broker may lose records, whatever the settings are. */
    private static final int REPLICATED = 3;

    private KafkaFaults() {}

    /**
     * The faults, each a sentence with the remedy. Topics of Kafka that the user may not see are left out.
     *
     * @param topics that exist
     */
    static List<String> find(Admin admin, Collection<String> topics) {
        List<String> faults = new ArrayList<>();
        addTransactions(faults, admin);
        topics.forEach(topic -> addTopic(faults, admin, topic));
        OF_KAFKA.forEach(topic -> addTopic(faults, admin, topic));
        return faults;
    }

    private static void addTransactions(List<String> faults, Admin admin) {
        FinalizedVersionRange version = result(admin.describeFeatures().featureMetadata())
                .orElseThrow()
                .finalizedFeatures()
                .get(TRANSACTIONS);
        int found = version == null ? 0 : version.maxVersionLevel();
        if (found < TRANSACTIONS_WITH_EPOCHS) {
            faults.add(("Kafka has %s=%d, which must be at least %d, so that a late request of one transaction cannot"
                            + " join the next one: upgrade all brokers to Kafka 4, then run kafka-features.sh upgrade"
                            + " --feature %s=%d.")
                    .formatted(TRANSACTIONS, found, TRANSACTIONS_WITH_EPOCHS, TRANSACTIONS, TRANSACTIONS_WITH_EPOCHS));
        }
    }

    private static void addTopic(List<String> faults, Admin admin, String topic) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        Optional<Config> config =
                result(admin.describeConfigs(List.of(resource)).values().get(resource));
        config.ifPresent(settings -> {
            if (settings.get("unclean.leader.election.enable").value().equals("true")) {
                faults.add(("Topic %s has unclean.leader.election.enable=true, which must be false, so that no replica"
                                + " without the last records becomes the leader: change it with kafka-configs.sh"
                                + " --alter --entity-type topics --entity-name %s --add-config"
                                + " unclean.leader.election.enable=false.")
                        .formatted(topic, topic));
            }
            int least = Integer.parseInt(settings.get("min.insync.replicas").value());
            int replicas = least < 2 ? replicas(admin, topic) : 0;
            if (replicas >= REPLICATED) {
                faults.add(("Topic %s has %d replicas and min.insync.replicas=%d, which must be at least 2, so that no"
                                + " record is acknowledged that only one broker has: change it with kafka-configs.sh"
                                + " --alter --entity-type topics --entity-name %s --add-config min.insync.replicas=2.")
                        .formatted(topic, replicas, least, topic));
            }
        });
    }

    /** Of the partition with the fewest. */
    private static int replicas(Admin admin, String topic) {
        return result(admin.describeTopics(List.of(topic)).topicNameValues().get(topic))
                .map(description -> description.partitions().stream()
                        .map(TopicPartitionInfo::replicas)
                        .mapToInt(List::size)
                        .min()
                        .orElse(0))
                .orElse(0);
    }

    /** Empty if the topic does not exist yet, or the user may not see it. */
    private static <T> Optional<T> result(KafkaFuture<T> future) {
        try {
            return Optional.of(future.get());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException
                    || e.getCause() instanceof AuthorizationException) {
                return Optional.empty();
            }
            throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
        }
    }
}
