package redpacket.topology.takeover;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.MemberToRemove;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.streams.state.HostInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Spares the others the wait for an instance whose process has ended. Without this, its partitions are assigned after
 * the session timeout, and what others commit to them stays invisible until its open transactions time out.
 *
 * <p>Two administrative requests end both waits. <em>Fencing</em> aborts the open transactions of the instance's
 * producers. It comes first, because restoring a store waits for the transactions in its changelog. <em>Removing</em>
 * takes its members out of the consumer group, which assigns their partitions at once. Kafka can remove static members
 * only, so every instance has a {@linkplain #groupInstanceId name in the group}.
 *
 * <p>Both are safe even if the instance lives: its next commit fails, and it joins the group again. All survivors may
 * do the same at the same time.
 */
public final class Takeover implements PeerWatch.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(Takeover.class);

    private static final ListTransactionsOptions OPEN =
            new ListTransactionsOptions().filterStates(List.of(TransactionState.ONGOING));

    private final Admin admin;
    private final String applicationId;

    /** Of the client ids of an instance: {@code <application>-<process id>-StreamThread-<n>-consumer}. */
    private final Pattern clientId;

    /** Kafka Streams chooses a process id, and keeps it in the state directory. */
    private final Map<HostInfo, Set<String>> processIds = new ConcurrentHashMap<>();

    public Takeover(Admin admin, String applicationId) {
        this.admin = admin;
        this.applicationId = applicationId;
        this.clientId = Pattern.compile(Pattern.quote(applicationId) + "-([0-9a-f-]{36})-StreamThread-.*");
    }

    /** For the setting {@code group.instance.id}, to which Streams adds the number of the thread. */
    public static String groupInstanceId(HostInfo address) {
        return address.host().replaceAll("[^a-zA-Z0-9._-]", "_") + "_" + address.port();
    }

    @Override
    public void met(HostInfo peer) {
        try {
            Set<String> found = membersOf(peer).stream()
                    .map(member -> clientId.matcher(member.clientId()))
                    .filter(Matcher::matches)
                    .map(matched -> matched.group(1))
                    .collect(Collectors.toSet());
            processIds.put(peer, found);
            LOG.info("Instance {} is connected", peer);
        } catch (ExecutionException e) {
            LOG.warn("Could not ask the group for the members of instance {}", peer, e);
        }
    }

    @Override
    public void died(HostInfo peer) {
        long startNanos = System.nanoTime();
        try {
            fence(peer);
            remove(membersOf(peer));
            LOG.warn(
                    "The process of instance {} has ended. Its transactions were aborted and its members removed"
                            + " from the group, which took {} ms",
                    peer,
                    Duration.ofNanos(System.nanoTime() - startNanos).toMillis());
        } catch (ExecutionException e) {
            LOG.warn("Instance {} has ended, but could not be removed. The session timeout does that", peer, e);
        }
    }

    /** After a session timeout, only its transactions are left. After a stop or a death, nothing is. */
    @Override
    public void left(HostInfo peer) {
        try {
            if (membersOf(peer).isEmpty() && fence(peer) > 0) {
                LOG.warn("Instance {} has left the group. Its open transactions were aborted", peer);
            }
            processIds.remove(peer);
        } catch (ExecutionException e) {
            LOG.warn("Could not abort the transactions of instance {}. They time out", peer, e);
        }
    }

    private List<MemberDescription> membersOf(HostInfo peer) throws ExecutionException {
        String prefix = groupInstanceId(peer) + "-";
        return get(admin.describeConsumerGroups(List.of(applicationId)).all()).get(applicationId).members().stream()
                .filter(member ->
                        member.groupInstanceId().filter(id -> isOf(prefix, id)).isPresent())
                .toList();
    }

    /** One port may be the beginning of another. */
    private static boolean isOf(String prefix, String groupInstanceId) {
        return groupInstanceId.startsWith(prefix)
                && groupInstanceId.substring(prefix.length()).chars().allMatch(Character::isDigit);
    }

    private int fence(HostInfo peer) throws ExecutionException {
        Set<String> prefixes = processIds.getOrDefault(peer, Set.of()).stream()
                .map(processId -> applicationId + "-" + processId + "-")
                .collect(Collectors.toSet());
        List<String> open = get(admin.listTransactions(OPEN).all()).stream()
                .map(TransactionListing::transactionalId)
                .filter(id -> prefixes.stream().anyMatch(id::startsWith))
                .toList();
        if (!open.isEmpty()) {
            get(admin.fenceProducers(open).all());
        }
        return open.size();
    }

    private void remove(Collection<MemberDescription> members) throws ExecutionException {
        List<MemberToRemove> all = members.stream()
                .map(member -> new MemberToRemove(member.groupInstanceId().orElseThrow()))
                .toList();
        if (!all.isEmpty()) {
            get(admin.removeMembersFromConsumerGroup(applicationId, new RemoveMembersFromConsumerGroupOptions(all))
                    .all());
        }
    }

    private static <T> T get(KafkaFuture<T> future) throws ExecutionException {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ExecutionException(e);
        }
    }
}
