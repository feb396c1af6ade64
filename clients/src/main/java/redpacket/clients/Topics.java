package redpacket.clients;

import static java.util.stream.Collectors.toMap;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import redpacket.events.Topic;

/** Creates the topics in Kafka, and finds existing topics with wrong settings. */
public final class Topics {
    /**
     * Retention of grabs and of counter deltas. Must exceed the longest downtime of the pipeline, and leaves time for
     * an investigation after a long weekend. The answers to grabs are on another topic.
     */
    private static final Duration INPUT_RETENTION = Duration.ofDays(7);

    /** A packet can be open for 31 days. Two more weeks leave time to audit it. */
    private static final Duration RETENTION = Duration.ofDays(45);

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Kafka's value for the replication factor that the brokers are configured with. */
    private static final short BROKERS_CHOICE = -1;

    private static final int POLL_MILLIS = 20;

    /** How the names of changelogs end. */
    private static final String CHANGELOG = "-changelog";

    private final Map<Topic, Integer> partitions = new EnumMap<>(Topic.class);
    private final Map<Topic, Integer> replicas = new EnumMap<>(Topic.class);
    private final Map<Topic, Config> configs = new EnumMap<>(Topic.class);

    private Topics() {}

    /**
     * Creates the topics that do not exist yet, and returns when all of them can be used.
     *
     * @param partitions number of partitions of every topic keyed by packet id, and the maximum number of busy threads.
     *     It cannot be changed later without new topics
     * @param replication replication factor. With 3 or more, {@code min.insync.replicas} is 2. With -1, both are the
     *     defaults of the brokers
     * @param extra further settings for all topics; they cannot change the settings that the guarantees depend on
     * @throws IllegalStateException if existing topics have wrong settings; nothing is created then
     */
    public static void create(Admin admin, int partitions, short replication, Map<String, String> extra) {
        Topics existing = read(admin);
        List<String> problems = existing.faults(partitions);
        if (!problems.isEmpty()) {
            throw new IllegalStateException(String.join(" ", problems));
        }
        List<NewTopic> missing = existing.missing().stream()
                .map(topic -> layout(topic, partitions, replication, extra))
                .toList();
        for (KafkaFuture<Void> created : admin.createTopics(missing).values().values()) {
            try {
                await(created);
            } catch (TopicExistsException createdByAnother) {
                // Instances may start at the same time.
            }
        }
        awaitVisible(admin);
    }

    /** The problems of the topics, each a sentence with the remedy. Empty if there are none. */
    public static List<String> check(Admin admin) {
        Topics existing = read(admin);
        int mostPartitions = existing.partitions.entrySet().stream()
                .filter(entry -> entry.getKey().isKeyedByPacket())
                .mapToInt(Map.Entry::getValue)
                .max()
                .orElse(0);
        String count =
                mostPartitions > 0 ? mostPartitions + " partitions" : "as many partitions as threads may ever work";
        List<String> problems = new ArrayList<>(
                existing.missing().stream().map(topic -> missing(topic, count)).toList());
        problems.addAll(existing.faults(mostPartitions));
        return problems;
    }

    private static String missing(Topic topic, String partitions) {
        return "Topic %s is missing: run ./redpacket topics --create, or create it with %s and %s."
                .formatted(topic, partitions, String.join(" ", settings(topic)));
    }

    /** The topics that do not exist, each a sentence with the remedy. One request, for who asks often. */
    public static List<String> missing(Admin admin) {
        var described =
                admin.describeTopics(names(Arrays.asList(Topic.values()))).topicNameValues();
        List<String> missing = new ArrayList<>();
        for (Topic topic : Topic.values()) {
            try {
                await(described.get(topic.topicName()));
            } catch (UnknownTopicOrPartitionException e) {
                missing.add(missing(topic, "as many partitions as the others"));
            }
        }
        return missing;
    }

    /**
     * The same, with the changelogs of an application of Kafka Streams that decides packets of these topics, and with
     * the settings of Kafka itself on which the guarantees rest.
     *
     * @param applicationId the id that the topology has, or will have
     */
    public static List<String> check(Admin admin, String applicationId) {
        List<String> problems = new ArrayList<>(check(admin));
        List<String> changelogs = await(admin.listTopics().names()).stream()
                .filter(name -> name.startsWith(applicationId + "-") && name.endsWith(CHANGELOG))
                .sorted()
                .toList();
        problems.addAll(changelogFaults(admin, applicationId, changelogs));
        List<String> all = new ArrayList<>(names(read(admin).partitions.keySet()));
        all.addAll(changelogs);
        problems.addAll(KafkaFaults.find(admin, all));
        return problems;
    }

    private static List<String> changelogFaults(Admin admin, String applicationId, List<String> changelogs) {
        if (changelogs.isEmpty()) {
            return List.of();
        }
        List<String> faults = new ArrayList<>();
        int decided = await(admin.describeTopics(changelogs).allTopicNames())
                .get(changelogs.get(0))
                .partitions()
                .size();
        read(admin).partitions.forEach((topic, count) -> {
            boolean isInput = topic == Topic.OPENS || topic == Topic.GRABS || topic == Topic.STATS_DELTAS;
            if (isInput && (topic.isKeyedByPacket() ? count != decided : count > decided)) {
                faults.add(
                        ("Topic %s has %d partitions, but the application %s has decided packets in %d (see the topic"
                                        + " %s): packets would be separated from their winners. Kafka cannot remove"
                                        + " partitions: read \"Another number of partitions\" in docs/upgrades.md.")
                                .formatted(topic, count, applicationId, decided, changelogs.get(0)));
            }
        });
        for (String changelog : changelogs) {
            ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, changelog);
            Config config =
                    await(admin.describeConfigs(List.of(resource)).all()).get(resource);
            Topic.ANY_TIMESTAMP.forEach((name, wanted) -> addFault(faults, changelog, name, config, wanted));
        }
        return faults;
    }

    /**
     * The ids that Kafka gave to topics when they were created. A topic that was deleted and created again has another.
     *
     * @throws org.apache.kafka.common.errors.UnknownTopicOrPartitionException if one does not exist
     */
    public static Map<Topic, Uuid> ids(Admin admin, Topic... topics) {
        List<String> names = names(Arrays.asList(topics));
        var found = await(admin.describeTopics(names).allTopicNames());
        return Arrays.stream(topics).collect(toMap(topic -> topic, topic -> found.get(topic.topicName())
                .topicId()));
    }

    /** The offset of the first record of each partition that was not deleted. */
    public static Map<TopicPartition, Long> beginnings(Admin admin, Topic... topics) {
        Topics existing = read(admin);
        Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
        for (Topic topic : topics) {
            for (int partition = 0; partition < existing.partitions.getOrDefault(topic, 0); partition++) {
                wanted.put(new TopicPartition(topic.topicName(), partition), OffsetSpec.earliest());
            }
        }
        return await(admin.listOffsets(wanted).all()).entrySet().stream()
                .collect(toMap(Map.Entry::getKey, begin -> begin.getValue().offset()));
    }

    /**
     * An existing topic.
     *
     * @param replicas of the partition with the fewest
     * @param minInSyncReplicas number of replicas that must have stored a record before a write succeeds
     * @param retentionMillis how long records are kept, -1 for ever
     * @param timestampType whether the broker or the producer sets the time of a record
     */
    public record Layout(
            Topic topic,
            int partitions,
            int replicas,
            int minInSyncReplicas,
            long retentionMillis,
            String timestampType,
            String cleanupPolicy) {}

    /** The existing topics. */
    public static List<Layout> layouts(Admin admin) {
        Topics existing = read(admin);
        return existing.configs.keySet().stream().map(existing::layout).toList();
    }

    private Layout layout(Topic topic) {
        Config config = configs.get(topic);
        return new Layout(
                topic,
                partitions.get(topic),
                replicas.get(topic),
                Integer.parseInt(config.get("min.insync.replicas").value()),
                Long.parseLong(config.get("retention.ms").value()),
                config.get("message.timestamp.type").value(),
                config.get("cleanup.policy").value());
    }

    /** The number of partitions of each topic keyed by packet. Requires that {@link #check} has found no problem. */
    public static int partitions(Admin admin) {
        return read(admin).partitions.get(Topic.GRABS);
    }

    private static NewTopic layout(Topic topic, int partitions, short replication, Map<String, String> extra) {
        Map<String, String> settings = new HashMap<>();
        Duration retention = topic == Topic.GRABS || topic == Topic.STATS_DELTAS ? INPUT_RETENTION : RETENTION;
        settings.put("retention.ms", String.valueOf(retention.toMillis()));
        // If one broker fails, producers continue, and no acknowledged write is lost.
        if (replication != BROKERS_CHOICE) {
            settings.put("min.insync.replicas", replication >= 3 ? "2" : "1");
        }
        settings.putAll(extra);
        settings.putAll(topic.settings());
        return new NewTopic(topic.topicName(), partitions, replication).configs(settings);
    }

    private static Topics read(Admin admin) {
        Set<String> present = await(admin.listTopics().names());
        List<Topic> existing = Arrays.stream(Topic.values())
                .filter(topic -> present.contains(topic.topicName()))
                .toList();
        var descriptions = await(admin.describeTopics(names(existing)).allTopicNames());
        Map<ConfigResource, Topic> resources = existing.stream()
                .collect(toMap(
                        topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic.topicName()), topic -> topic));
        var configs = await(admin.describeConfigs(resources.keySet()).all());

        Topics topics = new Topics();
        for (Topic topic : existing) {
            List<TopicPartitionInfo> found = descriptions.get(topic.topicName()).partitions();
            topics.partitions.put(topic, found.size());
            topics.replicas.put(
                    topic,
                    found.stream()
                            .mapToInt(partition -> partition.replicas().size())
                            .min()
                            .orElse(0));
        }
        configs.forEach((resource, config) -> topics.configs.put(resources.get(resource), config));
        return topics;
    }

    private List<Topic> missing() {
        return Arrays.stream(Topic.values())
                .filter(topic -> !partitions.containsKey(topic))
                .toList();
    }

    /** The problems of the existing topics. */
    private List<String> faults(int wantedPartitions) {
        List<String> faults = new ArrayList<>();
        partitions.forEach((topic, count) -> {
            if (topic.isKeyedByPacket() && count != wantedPartitions) {
                faults.add(
                        ("Topic %s has %d partitions instead of %d, and a packet must have the same partition number on"
                                        + " every topic: delete the topic and create it again.")
                                .formatted(topic, count, wantedPartitions));
            }
        });
        configs.forEach((topic, config) ->
                topic.settings().forEach((name, wanted) -> addFault(faults, topic.topicName(), name, config, wanted)));
        return faults;
    }

    private static void addFault(List<String> faults, String topic, String name, Config config, String wanted) {
        String actual = config.get(name).value();
        // Some settings are lists in any order.
        if (!Set.of(actual.split(",")).equals(Set.of(wanted.split(",")))) {
            faults.add(("Topic %s has %s=%s, which must be %s: change it with kafka-configs.sh --alter"
                            + " --entity-type topics --entity-name %s --add-config %s=[%s].")
                    .formatted(topic, name, actual, wanted, topic, name, wanted));
        }
    }

    /** Waits until the brokers know the topics, which happens a moment after the controller has created them. */
    private static void awaitVisible(Admin admin) {
        List<String> all = names(Arrays.asList(Topic.values()));
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!await(admin.listTopics().names()).containsAll(all)) {
            if (System.nanoTime() > deadline) {
                throw new TimeoutException("The brokers did not know the new topics after " + PATIENCE);
            }
            try {
                Thread.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                throw new InterruptException(e);
            }
        }
    }

    private static List<String> settings(Topic topic) {
        return topic.settings().entrySet().stream()
                .map(setting -> setting.getKey() + "=" + setting.getValue())
                .sorted()
                .toList();
    }

    private static List<String> names(Collection<Topic> topics) {
        return topics.stream().map(Topic::topicName).toList();
    }

    private static <T> T await(KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
        }
    }
}
