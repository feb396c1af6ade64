package redpacket.guarantees;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;
import redpacket.events.DeadLetterHeaders;
import redpacket.events.Topic;
import redpacket.local.faults.BreakablePipeline;

/** A record that a faulty or hostile producer may send. */
final class BadRecord {
    private static final String ID = "bad";
    private static final String LONG = "x".repeat(10_000);
    private static final String HUGE = "x".repeat(900_000);

    /** Bytes of zeros that do not fit, although they are compressed to a few kilobytes. */
    static final int BOMB = 30_000_000;

    /** The required effect of the record, exactly once. */
    enum Fate {
        DEAD_LETTER,
        REJECTED,
        /** Kafka does not take it. */
        REFUSED
    }

    private final String what;
    private final ProducerRecord<byte[], byte[]> record;
    private final Fate fate;

    /**
     * @param what the fault of the record, for people
     */
    private BadRecord(String what, ProducerRecord<byte[], byte[]> record, Fate fate) {
        this.what = what;
        this.record = record;
        this.fate = fate;
    }

    private BadRecord(Topic topic, String what, byte[] key, byte[] value, Fate fate) {
        this(what, new ProducerRecord<>(topic.topicName(), key, value), fate);
    }

    ProducerRecord<byte[], byte[]> record() {
        return record;
    }

    Fate fate() {
        return fate;
    }

    static List<BadRecord> corpus() {
        List<BadRecord> all = new ArrayList<>();
        unreadableAnywhere(Topic.GRABS, all);
        unreadableAnywhere(Topic.OPENS, all);
        badGrabs(all);
        badOpens(all);
        badKeys(all);
        wrongPartitions(all);
        impossibleTerms(all);
        for (Topic topic : List.of(Topic.GRABS, Topic.OPENS)) {
            oddHeaders(topic, all);
            oddTimes(topic, all);
            manyBytesInFew(topic, all);
        }
        return all;
    }

    private static void unreadableAnywhere(Topic topic, List<BadRecord> all) {
        for (String text : new String[] {
            "",
            " ",
            "grab!",
            "{",
            "}",
            "{\"grabId\":\"g\"",
            "{'grabId':'g','packetId':'bad','userId':'u'}",
            "{}",
            "[]",
            "null",
            "true",
            "42",
            "\"text\"",
            "NaN",
            "{} {}",
            "\u0000\u0001\u0002",
            "<grab/>",
            HUGE
        }) {
            all.add(unreadable(topic, "not an event: " + start(text), ID, text));
        }
        all.add(unreadable(topic, "deep nesting", ID, "[".repeat(100_000)));
        all.add(unreadable(topic, "deep nesting in an unknown field", ID, nested()));
        all.add(new BadRecord(topic, "null value", ID.getBytes(UTF_8), null, Fate.DEAD_LETTER));
        all.add(new BadRecord(topic, "all null", null, null, Fate.DEAD_LETTER));
        all.add(new BadRecord(
                topic, "random bytes", ID.getBytes(UTF_8), new byte[] {-1, -2, 0, 127, -128, 10}, Fate.DEAD_LETTER));
    }

    private static void badGrabs(List<BadRecord> all) {
        for (String id : new String[] {
            "",
            " ",
            "a\\\"b",
            "a\\\\b",
            "li na",
            "line\\nbreak",
            "null\\u0000byte",
            "\u7ea2\u5305",
            "\\ud83e\\udde7",
            "\\ud800",
            "a\\u202eb",
            LONG,
            HUGE
        }) {
            all.add(unreadable(Topic.GRABS, "user id " + start(id), ID, grab("\"g\"", "\"bad\"", '"' + id + '"')));
        }
        for (String no : new String[] {"null", "7", "-1", "1e400", "1.5", "true", "[]", "{}", "9".repeat(5_000)}) {
            all.add(unreadable(Topic.GRABS, "grab id " + start(no), ID, grab(no, "\"bad\"", "\"u\"")));
        }
        all.add(unreadable(Topic.GRABS, "missing user", ID, "{\"grabId\":\"g\",\"packetId\":\"bad\"}"));
        all.add(unreadable(Topic.GRABS, "missing grab id", ID, "{\"packetId\":\"bad\",\"userId\":\"u\"}"));
        all.add(unreadable(Topic.GRABS, "missing packet", ID, "{\"grabId\":\"g\",\"userId\":\"u\"}"));
        all.add(unreadable(Topic.GRABS, "wrong case", ID, "{\"GrabId\":\"g\",\"PacketId\":\"bad\",\"UserId\":\"u\"}"));
        all.add(unreadable(
                Topic.GRABS,
                "duplicate field",
                ID,
                "{\"grabId\":\"g\",\"packetId\":\"bad\",\"userId\":\"u\",\"userId\":\"v\"}"));
        all.add(unreadable(Topic.GRABS, "trailing text", ID, grab("\"g\"", "\"bad\"", "\"u\"") + " and more"));
        all.add(new BadRecord(
                Topic.GRABS,
                "invalid UTF-8",
                ID.getBytes(UTF_8),
                grab("\"g\"", "\"bad\"", "\"\u00c3(\u00ff\"").getBytes(ISO_8859_1),
                Fate.DEAD_LETTER));
    }

    private static void badOpens(List<BadRecord> all) {
        for (String cents : new String[] {"null", "\"100\"", "1.5", "1e400", "true", "[]", "9".repeat(5_000)}) {
            all.add(unreadable(Topic.OPENS, "cents " + start(cents), ID, open(cents, "1", "")));
        }
        for (String shares : new String[] {"null", "\"1\"", "0.5", "{}"}) {
            all.add(unreadable(Topic.OPENS, "shares " + shares, ID, open("100", shares, "")));
        }
        for (String more : new String[] {
            "\"split\":\"HALF\"",
            "\"split\":0",
            "\"campaign\":\"a b\"",
            "\"campaign\":7",
            "\"openForMillis\":\"1h\"",
            "\"shares\":2"
        }) {
            all.add(unreadable(Topic.OPENS, more, ID, open("100", "1", "," + more)));
        }
        all.add(unreadable(Topic.OPENS, "missing sender", ID, "{\"packetId\":\"bad\",\"totalCents\":1,\"shares\":1}"));
        all.add(unreadable(Topic.OPENS, "missing cents", ID, "{\"packetId\":\"bad\",\"senderId\":\"s\",\"shares\":1}"));
    }

    private static void badKeys(List<BadRecord> all) {
        String good = grab("\"g\"", "\"bad\"", "\"u\"");
        for (String key : new String[] {null, "", "BAD", "bad ", "{bad}", "other", "bad\u0000", LONG}) {
            all.add(unreadable(Topic.GRABS, "key " + start(key), key, good));
            all.add(unreadable(Topic.OPENS, "key " + start(key), key, open("1", "1", "")));
        }
    }

    /**
     * Valid records from a client that hashes keys differently. If they were accepted, two tasks would pay the packet.
     */
    private static void wrongPartitions(List<BadRecord> all) {
        byte[] key = ID.getBytes(UTF_8);
        int wrong = (CommittedRecords.rightPartition(key) + 1) % BreakablePipeline.PARTITIONS;
        String grab = grab("\"g\"", "\"bad\"", "\"u\"");
        for (String[] each :
                new String[][] {{Topic.GRABS.topicName(), grab}, {Topic.OPENS.topicName(), open("100", "1", "")}}) {
            ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(each[0], wrong, key, each[1].getBytes(UTF_8));
            all.add(new BadRecord("wrong partition", record, Fate.DEAD_LETTER));
        }
    }

    private static void impossibleTerms(List<BadRecord> all) {
        String huge = "1" + "0".repeat(30);
        String[][] centsAndShares = {
            {"100", "0"},
            {"100", "-1"},
            {"100", "-" + huge},
            {"2000000", "1000001"},
            {huge, huge},
            {"1", "2"},
            {"0", "1"},
            {"-5", "1"},
            {"-" + huge, "1"},
            {"9007199254740992", "1"},
            {huge, "1"}
        };
        for (String[] each : centsAndShares) {
            all.add(rejected(each[0] + " cents, " + each[1] + " shares", open(each[0], each[1], "")));
        }
        for (String millis : new String[] {"0", "-1", "2678400001", huge, "-" + huge}) {
            all.add(rejected(millis + " ms", open("100", "1", ",\"openForMillis\":" + millis)));
        }
    }

    /** Beside a value that cannot be read. In UTF-8 a name may have three bytes for each character. */
    private static void oddHeaders(Topic topic, List<BadRecord> all) {
        all.add(withHeaders(topic, "a long name", new RecordHeader("\u7ea2".repeat(300_000), null)));
        all.add(withHeaders(topic, "a long value", new RecordHeader("a", new byte[900_000])));
        all.add(withHeaders(topic, "an empty name", new RecordHeader("", new byte[0])));
        all.add(withHeaders(topic, "a name for terminals", new RecordHeader("\u001b[2J\u0000", new byte[] {-1})));
        Header[] many = new Header[500_000];
        Arrays.fill(many, new RecordHeader("", (byte[]) null));
        all.add(withHeaders(topic, many.length + " of them", many));
        for (String ours : new String[] {
            Topic.TICK_HEADER,
            Topic.SENT_BACK_HEADER,
            DeadLetterHeaders.REASON,
            DeadLetterHeaders.TOPIC,
            DeadLetterHeaders.OFFSET
        }) {
            all.add(withHeaders(topic, ours, new RecordHeader(ours, "7".getBytes(UTF_8))));
        }
    }

    private static void oddTimes(Topic topic, List<BadRecord> all) {
        for (long time : new long[] {0, 1, Long.MAX_VALUE}) {
            all.add(new BadRecord(
                    "at " + time,
                    new ProducerRecord<>(topic.topicName(), null, time, ID.getBytes(UTF_8), "grab!".getBytes(UTF_8)),
                    Fate.DEAD_LETTER));
        }
    }

    /** Zeros, which are compressed to almost nothing. */
    private static void manyBytesInFew(Topic topic, List<BadRecord> all) {
        byte[] key = ID.getBytes(UTF_8);
        all.add(new BadRecord(topic, "more than a letter holds", key, new byte[1_030_000], Fate.DEAD_LETTER));
        all.add(new BadRecord(topic, "a large key", new byte[1_030_000], key, Fate.DEAD_LETTER));
        all.add(new BadRecord(topic, "more than the topic takes", key, new byte[1_060_000], Fate.REFUSED));
        all.add(new BadRecord(topic, "a bomb", key, new byte[BOMB], Fate.REFUSED));
    }

    private static BadRecord withHeaders(Topic topic, String what, Header... headers) {
        return new BadRecord(
                "headers: " + what,
                new ProducerRecord<>(
                        topic.topicName(),
                        null,
                        ID.getBytes(UTF_8),
                        "grab!".getBytes(UTF_8),
                        new RecordHeaders(headers)),
                Fate.DEAD_LETTER);
    }

    private static BadRecord unreadable(Topic topic, String what, String key, String value) {
        return new BadRecord(
                topic, what, key == null ? null : key.getBytes(UTF_8), value.getBytes(UTF_8), Fate.DEAD_LETTER);
    }

    private static BadRecord rejected(String what, String value) {
        return new BadRecord(Topic.OPENS, what, ID.getBytes(UTF_8), value.getBytes(UTF_8), Fate.REJECTED);
    }

    private static String grab(String grabId, String packetId, String userId) {
        return "{\"grabId\":" + grabId + ",\"packetId\":" + packetId + ",\"userId\":" + userId + "}";
    }

    private static String open(String cents, String shares, String more) {
        return "{\"packetId\":\"bad\",\"senderId\":\"s\",\"totalCents\":" + cents + ",\"shares\":" + shares + more
                + "}";
    }

    private static String nested() {
        return "{\"grabId\":\"g\",\"packetId\":\"bad\",\"userId\":\"u\",\"senderId\":\"s\",\"totalCents\":1,"
                + "\"shares\":1,\"more\":" + "{\"more\":".repeat(5_000) + "1" + "}".repeat(5_000) + "}";
    }

    private static String start(String text) {
        return text == null || text.length() <= 20 ? text : text.substring(0, 20) + "... of " + text.length();
    }

    @Override
    public String toString() {
        return record.topic() + ": " + what;
    }
}
