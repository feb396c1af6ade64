package redpacket.simulation;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import redpacket.events.DeadLetterHeaders;
import redpacket.events.Topic;

/** Sends dead letters back as {@code dead-letters --redrive} does: each letter and its mark in one transaction. */
final class Redriver {
    private static final String ID = "redrive";

    private final World world;

    private record Letter(int partition, long offset, SimulatedLog.Entry entry) {}

    /** A record that was sent back, where it is now. */
    @SuppressWarnings("ArrayRecordComponent") // Records are not compared.
    record SentBack(Topic topic, int partition, long offset, byte[] key, byte[] value) {}

    /** How the command ends. */
    enum End {
        COMMITTED,
        ABORTED,
        /** It dies, and leaves its transaction open. */
        ABANDONED
    }

    Redriver(World world) {
        this.world = world;
    }

    /** Returns what was sent; nothing while some transaction may hide letters or marks. */
    List<SentBack> run(End end) {
        SimulatedLog log = world.log;
        SimulatedLog.Producer producer = log.producer(ID, true);
        List<Letter> letters = letters();
        List<SentBack> sent = new ArrayList<>();
        for (Letter letter : letters) {
            Topic topic = topic(letter.entry);
            byte[] key = letter.entry.key();
            int partition = BuiltInPartitioner.partitionForKey(key, log.partitions());
            long offset =
                    producer.send(topic, partition, key, letter.entry.value(), new RecordHeaders(), log.brokerMillis());
            sent.add(new SentBack(topic, partition, offset, key, letter.entry.value()));
            RecordHeaders mark = new RecordHeaders();
            mark.add(Topic.SENT_BACK_HEADER, Long.toString(letter.offset).getBytes(ISO_8859_1));
            producer.send(Topic.DEAD_LETTERS, letter.partition, null, null, mark, log.brokerMillis());
        }
        if (end == End.COMMITTED && !sent.isEmpty()) {
            producer.commit();
        } else if (end == End.ABORTED) {
            producer.abort();
        }
        return sent;
    }

    /** Those that were not sent back. */
    private List<Letter> letters() {
        List<Letter> letters = new ArrayList<>();
        for (int number = 0; number < world.log.partitions(); number++) {
            SimulatedLog.Partition partition = world.log.partition(Topic.DEAD_LETTERS, number);
            if (world.log.stableEnd(partition) < partition.entries.size()) {
                return List.of();
            }
            Set<Long> marked = new HashSet<>();
            for (SimulatedLog.Entry entry : partition.entries) {
                if (SimulatedLog.isRecord(entry) && !isLetter(entry)) {
                    marked.add(Long.parseLong(text(entry.headers().lastHeader(Topic.SENT_BACK_HEADER))));
                }
            }
            for (int offset = 0; offset < partition.entries.size(); offset++) {
                SimulatedLog.Entry entry = partition.entries.get(offset);
                if (SimulatedLog.isRecord(entry) && isLetter(entry) && !marked.contains((long) offset)) {
                    letters.add(new Letter(number, offset, entry));
                }
            }
        }
        return letters;
    }

    /** Whether a record of the topic of dead letters is a letter, and no mark. */
    static boolean isLetter(SimulatedLog.Entry entry) {
        return entry.headers().lastHeader(DeadLetterHeaders.REASON) != null;
    }

    private static Topic topic(SimulatedLog.Entry letter) {
        String name = text(letter.headers().lastHeader(DeadLetterHeaders.TOPIC));
        return name.equals(Topic.OPENS.topicName()) ? Topic.OPENS : Topic.GRABS;
    }

    private static String text(Header header) {
        return new String(header.value(), ISO_8859_1);
    }
}
