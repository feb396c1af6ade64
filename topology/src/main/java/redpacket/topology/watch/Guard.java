package redpacket.topology.watch;

import static java.util.stream.Collectors.toSet;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.common.TopicPartition;
import redpacket.topology.watch.Watch.Instance;

/**
 * Finds out that an instance is stuck: records wait in its partitions, it has decided none for a while, and nothing is
 * known that keeps it from deciding. Only a restart can help then. For one thread.
 */
final class Guard {
    private final String group;
    private final Instance instance;
    private final Duration stuckAfter;
    private final Path folder;

    /** Since when nothing is known that would excuse the instance. */
    private long excusedNanos = System.nanoTime();

    private long restored;

    Guard(String group, Instance instance, Duration stuckAfter, Path folder) {
        this.group = group;
        this.instance = instance;
        this.stuckAfter = stuckAfter;
        this.folder = folder;
    }

    Optional<String> outage() {
        return instance.outage();
    }

    Optional<String> failure() {
        return instance.failure().map(Failures.Failure::toString);
    }

    /** Why the instance should end, with the file that has its threads. Empty as long as it should not. */
    Optional<String> judge(Map<TopicPartition, InputLook> inputs, Admin admin, Obstacles search)
            throws InterruptedException, ExecutionException {
        long restoredBefore = restored;
        restored = instance.restored();
        if (outage().isPresent() || failure().isPresent() || restored != restoredBefore) {
            excusedNanos = System.nanoTime();
        }
        if (System.nanoTime() - excusedNanos < stuckAfter.toNanos()
                || inputs.values().stream().noneMatch(this::waitsTooLong)) {
            return Optional.empty();
        }
        List<InputLook> own = assigned(admin).stream()
                .map(inputs::get)
                .filter(input -> input != null)
                .toList();
        boolean decidesSome = own.stream().anyMatch(input -> input.still().compareTo(stuckAfter) < 0);
        Optional<InputLook> waits = own.stream().filter(this::waitsTooLong).findFirst();
        if (decidesSome || waits.isEmpty() || !search.find().isEmpty()) {
            return Optional.empty();
        }
        return waits.map(this::sentence);
    }

    private boolean waitsTooLong(InputLook input) {
        return !input.isBlocked() && input.standing().compareTo(stuckAfter) >= 0;
    }

    /** As the group's coordinator knows it. */
    private Set<TopicPartition> assigned(Admin admin) throws InterruptedException, ExecutionException {
        return admin.describeConsumerGroups(List.of(group)).all().get().get(group).members().stream()
                .filter(member -> member.clientId().startsWith(instance.clientId()))
                .map(MemberDescription::assignment)
                .flatMap(assignment -> assignment.topicPartitions().stream())
                .collect(toSet());
    }

    private String sentence(InputLook waits) {
        return ("this instance has decided nothing for %d s, although Kafka and Redis answer and %s waits at offset %d."
                        + " %s")
                .formatted(
                        waits.standing().toSeconds(),
                        waits.partition(),
                        waits.waiting().orElseThrow().offset(),
                        saved());
    }

    private String saved() {
        try {
            return "Its threads are in " + ThreadDump.write(folder);
        } catch (IOException e) {
            return "Its threads could not be saved: " + e;
        }
    }
}
