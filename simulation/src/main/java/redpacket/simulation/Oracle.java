package redpacket.simulation;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import redpacket.audit.NaivePipeline;
import redpacket.events.AwardResult;
import redpacket.events.CancelPacket;
import redpacket.events.DeadLetterHeaders;
import redpacket.events.Grab;
import redpacket.events.Json;
import redpacket.events.OpenPacket;
import redpacket.events.Outcome;
import redpacket.events.PacketEvent;
import redpacket.events.Topic;
import redpacket.simulation.Violation.Rule;

/**
 * Compares each committed transaction with what the naive pipeline answers to the records that it decided. Each packet
 * has a naive pipeline of its own, because packets do not affect each other.
 */
final class Oracle {
    private final SimulatedLog log;
    private final Bugs bugs;
    private final List<Partition> partitions = new ArrayList<>();
    private long answers;

    /** What clients have sent: a command, a grab, or null for a record that cannot be read. */
    private final Map<Topic, List<Map<Long, Object>>> sent = new EnumMap<>(Topic.class);

    /** What the log of one partition says so far. */
    private static final class Partition {
        final Map<Topic, Long> next = new EnumMap<>(Topic.class);
        final Map<String, Known> packets = new HashMap<>();
        long task = -1;

        /** The latest time of the log since the task was started; tasks do not store it. */
        long logMillis = -1;
    }

    private static final class Known {
        final NaivePipeline naive = new NaivePipeline(World.SECRET);
        int told;
        long deadlineMillis;
        boolean opened;
        boolean closed;
    }

    /** What a transaction must contain. */
    private static final class Expected {
        final Map<Integer, List<AwardResult>> awards = new HashMap<>();
        final Map<String, List<PacketEvent>> events = new HashMap<>();
        final List<String> deadLetters = new ArrayList<>();
    }

    Oracle(SimulatedLog log, Bugs bugs) {
        this.log = log;
        this.bugs = bugs;
        for (Topic input : List.of(Topic.OPENS, Topic.GRABS)) {
            List<Map<Long, Object>> all = new ArrayList<>();
            for (int i = 0; i < log.partitions(); i++) {
                all.add(new HashMap<>());
            }
            sent.put(input, all);
        }
        for (int i = 0; i < log.partitions(); i++) {
            partitions.add(new Partition());
        }
    }

    void sent(Topic topic, int partition, long offset, Object event) {
        sent.get(topic).get(partition).put(offset, event);
    }

    /** The offset after the last record whose decision was committed. */
    long decidedTo(Topic topic, int partition) {
        return partitions.get(partition).next.getOrDefault(topic, 0L);
    }

    /** Answers and letters that were committed. */
    long answers() {
        return answers;
    }

    long records() {
        return sent.values().stream().flatMap(List::stream).mapToLong(Map::size).sum();
    }

    void committed(SimulatedLog.Transaction transaction) {
        Expected expected = new Expected();
        Set<String> putAway = new HashSet<>(deadLetters(transaction));
        for (SimulatedLog.Done done : transaction.done) {
            Partition partition = partitions.get(done.partition());
            if (partition.task != done.task()) {
                partition.task = done.task();
                partition.logMillis = -1;
            }
            if (done.topic() == null) {
                closeAndForget(partition, expected);
            } else if (isNew(partition, done)) {
                decide(partition, done, putAway, expected);
            }
        }
        compare(transaction, expected);
    }

    private boolean isNew(Partition partition, SimulatedLog.Done done) {
        long next = partition.next.getOrDefault(done.topic(), 0L);
        if (done.offset() < next) {
            return false;
        }
        List<SimulatedLog.Entry> entries = log.partition(done.topic(), done.partition()).entries;
        for (long skipped = next; skipped < done.offset(); skipped++) {
            if (SimulatedLog.isRecord(entries.get((int) skipped))) {
                throw new Violation(
                        Rule.EVERY_RECORD_IS_DECIDED_ONCE,
                        done.topic() + "-" + done.partition() + " was decided at " + done.offset() + ", but " + skipped
                                + " was not");
            }
        }
        partition.next.put(done.topic(), done.offset() + 1);
        return true;
    }

    private void decide(Partition partition, SimulatedLog.Done done, Set<String> putAway, Expected expected) {
        if (done.topic() == Topic.STATS_DELTAS) {
            return;
        }
        SimulatedLog.Entry entry =
                log.partition(done.topic(), done.partition()).entries.get((int) done.offset());
        Map<Long, Object> events = sent.get(done.topic()).get(done.partition());
        if (!events.containsKey(done.offset())) {
            tick(partition, entry, done.wallMillis(), expected);
            return;
        }
        answers++;
        Object event = events.get(done.offset());
        String origin = Bugs.origin(done.topic().topicName(), done.partition(), done.offset());
        if (event == null || (bugs.everStruckAt(origin) && putAway.contains(origin))) {
            expected.deadLetters.add(origin);
        } else if (event instanceof OpenPacket open) {
            open(partition, open, entry.timestamp(), done.offset(), expected);
        } else if (event instanceof CancelPacket cancel) {
            cancel(partition, cancel, entry.timestamp(), done.offset(), expected);
        } else {
            Grab grab = (Grab) event;
            pass(partition, entry.timestamp(), done.wallMillis(), expected);
            expected.awards
                    .computeIfAbsent(done.partition(), none -> new ArrayList<>())
                    .add(answer(partition, grab, entry.timestamp(), done.offset(), expected));
        }
    }

    private void tick(Partition partition, SimulatedLog.Entry entry, long wallMillis, Expected expected) {
        long at = entry.timestamp();
        if (isInTheFuture(at, wallMillis)) {
            at = Long.parseLong(
                    new String(entry.headers().lastHeader(Topic.TICK_HEADER).value(), ISO_8859_1));
        }
        pass(partition, at, wallMillis, expected);
    }

    private void pass(Partition partition, long atMillis, long wallMillis, Expected expected) {
        if (!isInTheFuture(atMillis, wallMillis)) {
            partition.logMillis = Math.max(partition.logMillis, atMillis);
        }
        closeAndForget(partition, expected);
    }

    private static boolean isInTheFuture(long atMillis, long wallMillis) {
        return atMillis - wallMillis > World.GRACE.toMillis();
    }

    private void closeAndForget(Partition partition, Expected expected) {
        partition.packets.entrySet().removeIf(each -> {
            Known packet = each.getValue();
            if (!packet.opened) {
                return false;
            }
            if (packet.closed) {
                return partition.logMillis
                        >= packet.deadlineMillis + World.GRACE.toMillis() + World.RETENTION.toMillis();
            }
            if (partition.logMillis >= packet.deadlineMillis + World.GRACE.toMillis()) {
                packet.closed = true;
                packet.naive.timePasses(partition.logMillis, World.GRACE);
                tell(each.getKey(), packet, expected);
            }
            return false;
        });
    }

    private void open(Partition partition, OpenPacket open, long atMillis, long offset, Expected expected) {
        Known packet = partition.packets.computeIfAbsent(open.packetId(), none -> new Known());
        packet.naive.open(open, atMillis, offset);
        if (tell(open.packetId(), packet, expected) instanceof PacketEvent.Opened opened) {
            packet.opened = true;
            packet.deadlineMillis = opened.deadlineMillis();
        }
    }

    private void cancel(Partition partition, CancelPacket cancel, long atMillis, long offset, Expected expected) {
        Known packet = partition.packets.get(cancel.packetId());
        if (isForgotten(partition, packet)) {
            expected.events
                    .computeIfAbsent(cancel.packetId(), none -> new ArrayList<>())
                    .add(new PacketEvent.CancelAnswered(
                            cancel.packetId(), PacketEvent.CancelOutcome.UNKNOWN_PACKET, null, offset));
            return;
        }
        packet.naive.cancel(cancel, atMillis, offset, partition.next.getOrDefault(Topic.GRABS, 0L));
        tell(cancel.packetId(), packet, expected);
    }

    private static boolean isForgotten(Partition partition, Known packet) {
        return packet == null
                || (packet.opened
                        && partition.logMillis
                                >= packet.deadlineMillis + World.GRACE.toMillis() + World.RETENTION.toMillis());
    }

    private AwardResult answer(Partition partition, Grab grab, long atMillis, long offset, Expected expected) {
        Known packet = partition.packets.get(grab.packetId());
        if (isForgotten(partition, packet)) {
            return new AwardResult(
                    grab.packetId(),
                    grab.grabId(),
                    grab.userId(),
                    null,
                    Outcome.UNKNOWN_PACKET,
                    null,
                    false,
                    atMillis,
                    offset);
        }
        packet.naive.grab(grab, atMillis, offset);
        tell(grab.packetId(), packet, expected);
        List<AwardResult> awards = packet.naive.awards();
        return awards.get(awards.size() - 1);
    }

    /** Expects the packet's new events, and returns the last one. */
    private static PacketEvent tell(String packetId, Known packet, Expected expected) {
        List<PacketEvent> events = packet.naive.packetEvents();
        List<PacketEvent> fresh = events.subList(packet.told, events.size());
        if (!fresh.isEmpty()) {
            expected.events.computeIfAbsent(packetId, none -> new ArrayList<>()).addAll(fresh);
            packet.told = events.size();
        }
        return events.isEmpty() ? null : events.get(events.size() - 1);
    }

    private static void compare(SimulatedLog.Transaction transaction, Expected expected) {
        Map<Integer, List<AwardResult>> awards = new HashMap<>();
        Map<String, List<PacketEvent>> events = new HashMap<>();
        for (SimulatedLog.Written written : transaction.written) {
            byte[] value = written.entry().value();
            if (written.topic() == Topic.AWARDS) {
                awards.computeIfAbsent(written.partition(), none -> new ArrayList<>())
                        .add(Json.readAward(value));
            } else if (written.topic() == Topic.PACKETS) {
                PacketEvent event = Json.readPacketEvent(value);
                events.computeIfAbsent(event.packetId(), none -> new ArrayList<>())
                        .add(event);
            }
        }
        Set<Integer> all = new HashSet<>(awards.keySet());
        all.addAll(expected.awards.keySet());
        for (int partition : all) {
            requireSame(
                    Rule.ANSWERS_ARE_THOSE_OF_THE_NAIVE_PIPELINE,
                    expected.awards.getOrDefault(partition, List.of()),
                    awards.getOrDefault(partition, List.of()));
        }
        Set<String> packets = new HashSet<>(events.keySet());
        packets.addAll(expected.events.keySet());
        for (String packet : packets) {
            requireSame(
                    Rule.EVENTS_ARE_THOSE_OF_THE_NAIVE_PIPELINE,
                    expected.events.getOrDefault(packet, List.of()),
                    events.getOrDefault(packet, List.of()));
        }
        requireSame(Rule.BAD_RECORDS_BECOME_DEAD_LETTERS, expected.deadLetters, deadLetters(transaction));
    }

    private static void requireSame(Rule rule, List<?> expected, List<?> found) {
        for (int i = 0; i < Math.max(expected.size(), found.size()); i++) {
            Object right = i < expected.size() ? expected.get(i) : "nothing";
            Object committed = i < found.size() ? found.get(i) : "nothing";
            if (!Objects.equals(right, committed)) {
                throw new Violation(rule, "committed was " + committed + ", right would be " + right);
            }
        }
    }

    private static List<String> deadLetters(SimulatedLog.Transaction transaction) {
        return transaction.written.stream()
                .filter(written -> written.topic() == Topic.DEAD_LETTERS && Redriver.isLetter(written.entry()))
                .map(written -> origin(written.entry().headers()))
                .toList();
    }

    static String origin(Headers headers) {
        return text(headers, DeadLetterHeaders.TOPIC) + "-" + text(headers, DeadLetterHeaders.PARTITION) + "@"
                + text(headers, DeadLetterHeaders.OFFSET);
    }

    static String text(Headers headers, String name) {
        Header header = headers.lastHeader(name);
        return new String(header.value(), ISO_8859_1);
    }
}
