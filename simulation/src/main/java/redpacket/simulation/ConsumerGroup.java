package redpacket.simulation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** The group of the stream threads: who is a member, and who has which tasks. All members rejoin when it changes. */
final class ConsumerGroup {
    private final Random random;
    private final int partitions;
    private final Map<String, String> members = new LinkedHashMap<>();
    private final Set<String> joined = new LinkedHashSet<>();
    private final Map<String, List<Integer>> assignment = new HashMap<>();
    private int number;

    ConsumerGroup(Random random, int partitions) {
        this.random = random;
        this.partitions = partitions;
    }

    /** Returns the id of a new member. */
    String enter(String thread, String instance) {
        String member = thread + "-" + number++;
        members.put(member, instance);
        rebalance();
        return member;
    }

    /** Returns whether it was a member. */
    boolean remove(String member) {
        boolean was = members.remove(member) != null;
        if (was) {
            rebalance();
        }
        return was;
    }

    boolean isMember(String member) {
        return members.containsKey(member);
    }

    boolean mustJoin(String member) {
        return members.containsKey(member) && !joined.contains(member);
    }

    void join(String member) {
        joined.add(member);
        assignIfComplete();
    }

    /** The partitions of a member; none while others have not joined. */
    List<Integer> assigned(String member) {
        return assignment.getOrDefault(member, List.of());
    }

    /** The instances of all members, by member. */
    Map<String, String> members() {
        return members;
    }

    void rebalance() {
        joined.clear();
        assignment.clear();
    }

    private void assignIfComplete() {
        if (!joined.containsAll(members.keySet())) {
            return;
        }
        List<Integer> all = new ArrayList<>();
        for (int i = 0; i < partitions; i++) {
            all.add(i);
        }
        Collections.shuffle(all, random);
        List<String> owners = List.copyOf(members.keySet());
        for (int i = 0; i < partitions; i++) {
            assignment
                    .computeIfAbsent(owners.get(i % owners.size()), none -> new ArrayList<>())
                    .add(all.get(i));
        }
    }
}
