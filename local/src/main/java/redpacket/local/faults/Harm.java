package redpacket.local.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import redpacket.events.Grab;
import redpacket.events.Json;
import redpacket.events.OpenPacket;
import redpacket.events.Split;
import redpacket.events.Topic;

/** One bad thing in one partition, which must cost the other partitions nothing. */
public enum Harm {
    UNREADABLE_RECORDS {
        @Override
        void again(Victim victim) {
            for (int i = 0; i < 20; i++) {
                victim.send(Topic.GRABS, "any", "grab!".getBytes(UTF_8));
            }
        }
    },
    BOMBS {
        @Override
        void again(Victim victim) {
            victim.pipeline.log().appendBomb(victim.idOf("bomb"));
        }
    },
    DAMAGED_QUEUE {
        @Override
        void begin(Victim victim) {
            victim.open("damaged", 100_000);
        }

        @Override
        void again(Victim victim) {
            victim.pipeline.onRedis(
                    "for _, key in ipairs(redis.call('KEYS', ARGV[1])) do"
                            + " redis.call('LSET', key, 0, '1') end return 0",
                    "redpacket:{" + victim.idOf("damaged") + "}*:shares");
            victim.grab("damaged", 200);
        }
    },
    COLLIDING_IDS {
        @Override
        void begin(Victim victim) {
            victim.open("colliding", 8_192);
        }

        @Override
        void again(Victim victim) {
            for (int i = 0; i < 500; i++) {
                victim.grab("colliding", collidingId(victim.next()));
            }
        }
    },
    LARGE_PACKET {
        @Override
        void begin(Victim victim) {
            victim.open("large", 1_000_000);
        }

        @Override
        void again(Victim victim) {
            victim.grab("large", 200);
        }
    },
    JUMPING_CLOCK {
        @Override
        void again(Victim victim) {
            victim.pipeline.log().appendGrabDatedAhead(Duration.ofHours(2));
        }
    },
    HANGING_TRANSACTION {
        @Override
        void begin(Victim victim) {
            victim.pipeline.log().leaveTransactionOpen(victim.partition, BreakableLog.LONGEST_TRANSACTION);
        }

        @Override
        void again(Victim victim) {
            victim.send(Topic.GRABS, "any", Json.write(new Grab("hidden", victim.idOf("any"), "user")));
        }

        @Override
        void end(Victim victim) {
            victim.pipeline.log().abortTransactions();
        }
    };

    /** The partition to which the harm is done. */
    public static final class Victim implements AutoCloseable {
        private final BreakablePipeline pipeline;
        private final int partition;
        private final KafkaProducer<byte[], byte[]> producer;
        private int numbers;

        public Victim(BreakablePipeline pipeline, int partition) {
            this.pipeline = pipeline;
            this.partition = partition;
            this.producer = new KafkaProducer<>(
                    pipeline.kafkaAddress().clientSettings(), new ByteArraySerializer(), new ByteArraySerializer());
        }

        private int next() {
            return numbers++;
        }

        private String idOf(String packet) {
            return Bystanders.idIn(partition, packet);
        }

        private void open(String packet, int shares) {
            OpenPacket command = new OpenPacket(
                    idOf(packet), "sender", 10L * shares, shares, Split.RANDOM, null, TimeUnit.DAYS.toMillis(1));
            send(Topic.OPENS, packet, Json.write(command));
        }

        private void grab(String packet, int times) {
            for (int i = 0; i < times; i++) {
                grab(packet, "user-" + next());
            }
        }

        private void grab(String packet, String userId) {
            send(Topic.GRABS, packet, Json.write(new Grab("grab-" + next(), idOf(packet), userId)));
        }

        @SuppressWarnings("FutureReturnValueIgnored") // Harm needs no acknowledgement.
        private void send(Topic topic, String packet, byte[] value) {
            producer.send(new ProducerRecord<>(topic.topicName(), idOf(packet).getBytes(UTF_8), value));
        }

        @Override
        public void close() {
            producer.close();
        }
    }

    /** Called once. */
    void begin(Victim victim) {}

    /** Called again and again while the harm lasts. */
    void again(Victim victim) {}

    /** Called once. */
    void end(Victim victim) {}

    /** Does this harm for some time. */
    public void last(Victim victim, Duration duration) throws InterruptedException {
        long deadline = System.nanoTime() + duration.toNanos();
        begin(victim);
        try {
            while (System.nanoTime() < deadline) {
                again(victim);
                TimeUnit.MILLISECONDS.sleep(500);
            }
        } finally {
            end(victim);
        }
    }

    /** Ids that all have the same {@code String.hashCode}. */
    private static String collidingId(int number) {
        StringBuilder id = new StringBuilder();
        for (int bit = 0; bit < 13; bit++) {
            id.append(((number >> bit) & 1) == 0 ? "Aa" : "BB");
        }
        return id.toString();
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
