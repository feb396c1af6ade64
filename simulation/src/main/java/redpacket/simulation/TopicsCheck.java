package redpacket.simulation;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import redpacket.audit.NaivePipeline;
import redpacket.events.AwardResult;
import redpacket.events.Counters;
import redpacket.events.Grab;
import redpacket.events.InvalidEventException;
import redpacket.events.Json;
import redpacket.events.PacketEvent;
import redpacket.events.Share;
import redpacket.events.Topic;
import redpacket.events.WindowStats;
import redpacket.simulation.Violation.Rule;

/** What must hold of the topics alone when all is answered, closed and counted. It does not know what was simulated. */
final class TopicsCheck {
    private final SimulatedLog log;
    private final Bugs bugs;
    private final Map<String, Packet> packets = new LinkedHashMap<>();
    private final Map<String, Counters> recount = new HashMap<>();
    private final Set<String> putAway = new HashSet<>();

    private static final class Packet {
        PacketEvent.Opened opened;
        PacketEvent.Closed closed;

        /** The id was used again after the packet was forgotten, which the pipeline does not promise to notice. */
        boolean usedAgain;

        int awarded;
        long cents;
        final Set<String> winners = new HashSet<>();
        List<Share> cut;
    }

    TopicsCheck(SimulatedLog log, Bugs bugs) {
        this.log = log;
        this.bugs = bugs;
    }

    /** Whether each packet is closed, and the last revision of each window is closed and complete. */
    boolean isSettled() {
        try {
            check();
            return true;
        } catch (Violation e) {
            return false;
        }
    }

    void check() {
        packets.clear();
        recount.clear();
        putAway.clear();
        for (int partition = 0; partition < log.partitions(); partition++) {
            readDeadLetters(partition);
        }
        for (int partition = 0; partition < log.partitions(); partition++) {
            readEvents(partition);
            readAwards(partition);
        }
        packets.forEach(TopicsCheck::balance);
        compareWindows();
    }

    private void readDeadLetters(int number) {
        SimulatedLog.Partition partition = log.partition(Topic.DEAD_LETTERS, number);
        Set<String> sentBack = new HashSet<>();
        for (SimulatedLog.Entry entry : partition.entries.subList(0, (int) log.stableEnd(partition))) {
            if (!SimulatedLog.isRecord(entry)) {
                continue;
            }
            if (Redriver.isLetter(entry)) {
                String origin = Oracle.origin(entry.headers());
                require(putAway.add(origin), Rule.BAD_RECORDS_BECOME_DEAD_LETTERS, origin + " has two dead letters");
            } else {
                String letter = Oracle.text(entry.headers(), Topic.SENT_BACK_HEADER);
                require(sentBack.add(letter), Rule.BAD_RECORDS_BECOME_DEAD_LETTERS, letter + " was sent back twice");
            }
        }
    }

    private void readEvents(int partition) {
        for (byte[] value : committed(Topic.PACKETS, partition)) {
            PacketEvent event = Json.readPacketEvent(value);
            Packet packet = packets.computeIfAbsent(event.packetId(), none -> new Packet());
            event.handle(
                    opened -> {
                        if (packet.opened == null) {
                            packet.opened = opened;
                            packet.cut = NaivePipeline.cut(opened, NaivePipeline.seed(World.SECRET, opened.packetId()));
                            count(opened.openedAtMillis(), opened.campaign(), opened.currency(), Counters.of(opened));
                        } else if (packet.opened.openedAtMillis() != opened.openedAtMillis()) {
                            packet.usedAgain = true;
                            packet.opened = opened;
                            count(opened.openedAtMillis(), opened.campaign(), opened.currency(), Counters.of(opened));
                        }
                    },
                    closed -> {
                        require(
                                packet.closed == null || packet.usedAgain,
                                Rule.MONEY_BALANCES,
                                event.packetId() + " is closed twice");
                        packet.closed = closed;
                        count(closed.closedAtMillis(), closed.campaign(), closed.currency(), Counters.of(closed));
                    },
                    rejected -> {},
                    cancelAnswered -> {});
        }
    }

    private void readAwards(int partition) {
        Map<Long, Grab> grabs = readableGrabs(partition);
        Set<Long> answered = new HashSet<>();
        for (byte[] value : committed(Topic.AWARDS, partition)) {
            AwardResult award = Json.readAward(value);
            count(award.grabbedAtMillis(), award.campaign(), award.currency(), Counters.of(award));
            require(
                    answered.add(award.grabOffset()),
                    Rule.EVERY_RECORD_IS_DECIDED_ONCE,
                    "two answers to the grab at " + award.grabOffset());
            require(
                    new Grab(award.grabId(), award.packetId(), award.userId()).equals(grabs.get(award.grabOffset())),
                    Rule.EVERY_RECORD_IS_DECIDED_ONCE,
                    award + " answers another grab");
            if (award.movesMoney()) {
                Packet packet = packets.get(award.packetId());
                require(packet != null && packet.opened != null, Rule.EVERYTHING_GOES_ON, award + " has no packet");
                if (packet.usedAgain) {
                    continue;
                }
                int index = award.share().index();
                require(index == packet.awarded++, Rule.MONEY_BALANCES, award + " is not the next share");
                require(packet.winners.add(award.userId()), Rule.MONEY_BALANCES, award + " is a second share");
                require(
                        packet.cut.get(index).equals(award.share()),
                        Rule.MONEY_BALANCES,
                        award + " is not the share of the seed");
                packet.cents += award.share().cents();
            }
        }
        require(
                answered.equals(grabs.keySet()),
                Rule.EVERYTHING_GOES_ON,
                answered.size() + " of " + grabs.size() + " grabs are answered");
    }

    private Map<Long, Grab> readableGrabs(int partition) {
        Map<Long, Grab> grabs = new HashMap<>();
        List<SimulatedLog.Entry> entries = log.partition(Topic.GRABS, partition).entries;
        for (int offset = 0; offset < entries.size(); offset++) {
            SimulatedLog.Entry entry = entries.get(offset);
            String origin = Bugs.origin(Topic.GRABS.topicName(), partition, offset);
            boolean failed = bugs.everStruckAt(origin) && putAway.contains(origin);
            if (SimulatedLog.isRecord(entry) && entry.value() != null && !failed) {
                try {
                    Grab grab = Json.readGrab(entry.value());
                    if (World.isRight(grab.packetId(), entry.key(), partition, log.partitions())) {
                        grabs.put((long) offset, grab);
                    }
                } catch (InvalidEventException unreadable) {
                    // Has a dead letter.
                }
            }
        }
        return grabs;
    }

    private static void balance(String packetId, Packet packet) {
        if (packet.opened == null || packet.usedAgain) {
            return;
        }
        require(packet.closed != null, Rule.EVERYTHING_GOES_ON, packetId + " is not closed");
        long refunded = packet.closed.match(
                soldOut -> 0L, PacketEvent.Expired::refundedCents, PacketEvent.Cancelled::refundedCents);
        require(
                packet.cents + refunded == packet.opened.totalCents(),
                Rule.MONEY_BALANCES,
                packetId + ": " + packet.cents + " awarded + " + refunded + " refunded of "
                        + packet.opened.totalCents());
    }

    private void compareWindows() {
        Map<String, WindowStats> windows = new HashMap<>();
        for (int partition = 0; partition < log.partitions(); partition++) {
            for (byte[] value : committed(Topic.STATS, partition)) {
                WindowStats window = Json.readStats(value);
                WindowStats before = windows.put(window.key(), window);
                require(
                        before == null || before.revision() < window.revision(),
                        Rule.STATISTICS_ARE_EXACT,
                        window + " follows " + before);
            }
        }
        Set<String> all = new HashSet<>(windows.keySet());
        all.addAll(recount.keySet());
        for (String key : all) {
            WindowStats window = windows.get(key);
            require(
                    window != null && window.closed() && window.counters().equals(recount.get(key)),
                    Rule.STATISTICS_ARE_EXACT,
                    key + " is " + window + ", but counted were " + recount.get(key));
        }
    }

    private void count(long atMillis, String campaign, String currency, Counters more) {
        String window = "@" + WindowStats.windowStartMillis(atMillis, World.WINDOW.toMillis());
        Counters plain = currency == null ? more : more.withoutMoney();
        recount.merge(WindowStats.ALL + window, plain, Counters::plus);
        if (campaign != null) {
            recount.merge(WindowStats.scopeOfCampaign(campaign) + window, plain, Counters::plus);
        }
        if (currency != null) {
            recount.merge(WindowStats.ALL + "/" + currency + window, more, Counters::plus);
        }
        if (campaign != null && currency != null) {
            recount.merge(WindowStats.scopeOfCampaign(campaign) + "/" + currency + window, more, Counters::plus);
        }
    }

    private List<byte[]> committed(Topic topic, int number) {
        SimulatedLog.Partition partition = log.partition(topic, number);
        return partition.entries.subList(0, (int) log.stableEnd(partition)).stream()
                .filter(SimulatedLog::isRecord)
                .map(SimulatedLog.Entry::value)
                .toList();
    }

    private static void require(boolean holds, Rule rule, String sentence) {
        if (!holds) {
            throw new Violation(rule, sentence);
        }
    }
}
