package redpacket.guarantees;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import redpacket.audit.Report;
import redpacket.events.AwardResult;
import redpacket.events.Counters;
import redpacket.events.DeadLetterHeaders;
import redpacket.events.Grab;
import redpacket.events.Json;
import redpacket.events.OpenPacket;
import redpacket.events.Outcome;
import redpacket.events.PacketEvent;
import redpacket.events.Share;
import redpacket.events.Split;
import redpacket.events.Topic;
import redpacket.events.WindowStats;
import redpacket.topology.packet.Packet;
import redpacket.topology.packet.SeedSecret;
import redpacket.topology.packet.Tally;

/**
 * A correct history in memory with one of everything: a packet that sells out, a packet that expires, and every kind of
 * answer. Tests change its answers.
 */
final class HistoryInMemory {
    private static final long OPENED = 1_000_000;
    private static final long DEADLINE = OPENED + 5_000;
    private static final long WINDOW_MILLIS = 1_000;
    private static final SeedSecret SECRET = SeedSecret.of("the secret of a short history");

    final List<AwardResult> awards = new ArrayList<>();
    final List<PacketEvent> packetEvents = new ArrayList<>();
    final List<WindowStats> windows = new ArrayList<>();
    final List<ConsumerRecord<byte[], byte[]>> deadLetters = new ArrayList<>();
    SinkSums sink;

    private final Map<Topic, List<ConsumerRecord<byte[], byte[]>>> records = new EnumMap<>(Topic.class);
    private final Map<String, Long> nextOffsets = new HashMap<>();

    /** A packet of 100 cents in two shares sells out. One share of a packet of 200 cents in two shares is refunded. */
    HistoryInMemory() {
        Packet full = open(new OpenPacket("full", "s", 100, 2, Split.RANDOM, "spring", DEADLINE - OPENED));
        Packet half = open(new OpenPacket("half", "s", 200, 2, Split.EQUAL, null, DEADLINE - OPENED));
        reject(new OpenPacket("none", "s", 100, 0, Split.EQUAL, null, DEADLINE - OPENED));
        unreadable(Topic.OPENS);

        Tally ofFull = new Tally();
        win(full, "anna", 0, OPENED + 1, ofFull);
        repeat(full, "anna", 0, OPENED + 2);
        lose(full, "g-other", "anna", Outcome.ALREADY_GRABBED, new Share(0, full.cut()[0]), OPENED + 3);
        win(full, "bert", 1, OPENED + 4, ofFull);
        lose(full, "g-cleo", "cleo", Outcome.SOLD_OUT, null, OPENED + 5);
        packetEvents.add(full.soldOut(ofFull, OPENED + 4));
        unreadable(Topic.GRABS);

        Tally ofHalf = new Tally();
        win(half, "anna", 0, OPENED + 1, ofHalf);
        lose(half, "g-bert", "bert", Outcome.EXPIRED, null, DEADLINE);
        packetEvents.add(half.expired(ofHalf));
        deny("nowhere", OPENED + 7);

        countWindows();
        long awardedCents = 100 + half.cut()[0];
        sink = new SinkSums(300, 300 - awardedCents, 3, awardedCents, 3, awardedCents);
    }

    /** The evidence of an audit that found no violation and judged the whole history. */
    Evidence evidence() {
        return evidence(report());
    }

    Evidence evidence(Report report) {
        Map<Topic, List<ConsumerRecord<byte[], byte[]>>> all = new EnumMap<>(records);
        all.put(Topic.AWARDS, new ArrayList<>());
        awards.forEach(award -> write(all, Topic.AWARDS, award.packetId(), Json.write(award)));
        all.put(Topic.PACKETS, new ArrayList<>());
        packetEvents.forEach(event -> write(all, Topic.PACKETS, event.packetId(), Json.write(event)));
        all.put(Topic.STATS, new ArrayList<>());
        windows.forEach(window -> write(all, Topic.STATS, window.key(), Json.write(window)));
        all.put(Topic.DEAD_LETTERS, deadLetters);
        return new Evidence(report, CommittedRecords.of(all), sink);
    }

    /** The report of an audit of the unchanged history. */
    private static Report report() {
        Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
        for (Outcome outcome : Outcome.values()) {
            outcomes.put(outcome, outcome == Outcome.AWARDED ? 4L : 1L);
        }
        return new Report(
                Map.of(),
                new Report.Packets(2, 1, 1, 0, 1),
                new Report.Grabs(8, 1, outcomes, 1, 0),
                new Report.Cents(300, 200, 100, 0, 0, 0),
                null,
                3,
                new Report.Statistics(3, "Compared with a recount."),
                new Report.Ledger(8, 0, 0),
                new Report.ReadModel(2, 3, 3, 0, "Compared with the topics."),
                0,
                2,
                Map.of(),
                List.of(),
                0,
                0);
    }

    private Packet open(OpenPacket command) {
        long offset = write(records, Topic.OPENS, command.packetId(), Json.write(command));
        Packet packet = new Packet(
                command.packetId(),
                command.senderId(),
                command.totalCents(),
                command.shares(),
                command.split(),
                command.campaign(),
                OPENED,
                OPENED + command.openForMillis(),
                SECRET.seedOf(command.packetId()));
        packetEvents.add(packet.opened(offset));
        return packet;
    }

    private void reject(OpenPacket command) {
        long offset = write(records, Topic.OPENS, command.packetId(), Json.write(command));
        packetEvents.add(
                new PacketEvent.Rejected(command.packetId(), PacketEvent.Reason.NO_SHARES, "No shares.", offset));
    }

    private void win(Packet packet, String user, int index, long atMillis, Tally tally) {
        Share share = new Share(index, packet.cut()[index]);
        tally.add(user, share);
        answer(packet, "g-" + user, user, Outcome.AWARDED, share, false, atMillis);
    }

    private void repeat(Packet packet, String user, int index, long atMillis) {
        answer(packet, "g-" + user, user, Outcome.AWARDED, new Share(index, packet.cut()[index]), true, atMillis);
    }

    private void lose(Packet packet, String grabId, String user, Outcome outcome, Share held, long atMillis) {
        answer(packet, grabId, user, outcome, held, false, atMillis);
    }

    private void answer(
            Packet packet, String grabId, String user, Outcome outcome, Share share, boolean repeat, long atMillis) {
        String packetId = packet.packetId();
        long offset = grab(packetId, grabId, user);
        awards.add(
                new AwardResult(packetId, grabId, user, packet.campaign(), outcome, share, repeat, atMillis, offset));
    }

    private void deny(String packetId, long atMillis) {
        long offset = grab(packetId, "g-deny", "cleo");
        awards.add(new AwardResult(
                packetId, "g-deny", "cleo", null, Outcome.UNKNOWN_PACKET, null, false, atMillis, offset));
    }

    private long grab(String packetId, String grabId, String user) {
        return write(records, Topic.GRABS, packetId, Json.write(new Grab(grabId, packetId, user)));
    }

    /** Adds an unreadable record with its dead letter. */
    private void unreadable(Topic topic) {
        byte[] key = "bad".getBytes(UTF_8);
        long offset = write(records, topic, "bad", "not JSON".getBytes(UTF_8));
        deadLetters.add(letter(topic, CommittedRecords.rightPartition(key), offset));
    }

    static ConsumerRecord<byte[], byte[]> letter(Topic topic, int partition, long offset) {
        ConsumerRecord<byte[], byte[]> letter = record(Topic.DEAD_LETTERS, 0, 0, "bad", "not JSON".getBytes(UTF_8));
        letter.headers().add(DeadLetterHeaders.TOPIC, topic.topicName().getBytes(UTF_8));
        letter.headers()
                .add(DeadLetterHeaders.PARTITION, String.valueOf(partition).getBytes(UTF_8));
        letter.headers().add(DeadLetterHeaders.OFFSET, String.valueOf(offset).getBytes(UTF_8));
        return letter;
    }

    /** Each window has two revisions. The second counts. */
    private void countWindows() {
        Map<String, Counters> counted = new HashMap<>();
        awards.forEach(award -> count(counted, award.campaign(), award.grabbedAtMillis(), Counters.of(award)));
        for (PacketEvent event : packetEvents) {
            event.handle(
                    opened -> count(counted, opened.campaign(), opened.openedAtMillis(), Counters.of(opened)),
                    closed -> count(counted, closed.campaign(), closed.closedAtMillis(), Counters.of(closed)),
                    rejected -> {},
                    cancelAnswered -> {});
        }
        counted.forEach((key, counters) -> {
            String scope = key.substring(0, key.indexOf('@'));
            long startMillis = Long.parseLong(key.substring(key.indexOf('@') + 1));
            windows.add(new WindowStats(scope, startMillis, WINDOW_MILLIS, 1, false, Counters.NONE));
            windows.add(new WindowStats(scope, startMillis, WINDOW_MILLIS, 2, true, counters));
        });
    }

    private static void count(Map<String, Counters> counted, String campaign, long atMillis, Counters more) {
        String window = "@" + WindowStats.windowStartMillis(atMillis, WINDOW_MILLIS);
        counted.merge(WindowStats.ALL + window, more, Counters::plus);
        if (campaign != null) {
            counted.merge(WindowStats.scopeOfCampaign(campaign) + window, more, Counters::plus);
        }
    }

    private long write(Map<Topic, List<ConsumerRecord<byte[], byte[]>>> to, Topic topic, String key, byte[] value) {
        int partition = CommittedRecords.rightPartition(key.getBytes(UTF_8));
        long offset = nextOffsets.merge(topic + "-" + partition, 1L, Long::sum) - 1;
        to.computeIfAbsent(topic, none -> new ArrayList<>()).add(record(topic, partition, offset, key, value));
        return offset;
    }

    private static ConsumerRecord<byte[], byte[]> record(
            Topic topic, int partition, long offset, String key, byte[] value) {
        byte[] keyBytes = key.getBytes(UTF_8);
        return new ConsumerRecord<>(
                topic.topicName(),
                partition,
                offset,
                OPENED,
                TimestampType.LOG_APPEND_TIME,
                keyBytes.length,
                value.length,
                keyBytes,
                value,
                new RecordHeaders(),
                Optional.empty());
    }
}
