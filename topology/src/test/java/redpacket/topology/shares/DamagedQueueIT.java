package redpacket.topology.shares;

import static org.assertj.core.api.Assertions.assertThat;
import static redpacket.topology.shares.Packets.cut;
import static redpacket.topology.shares.Packets.packet;
import static redpacket.topology.shares.Packets.packetWith;
import static redpacket.topology.shares.Packets.queueOf;
import static redpacket.topology.shares.Packets.result;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import redpacket.clients.RedisConnection;
import redpacket.parts.LocalRedis;

/** Whatever others write to the keys of a packet, its shares stay those of its seed. */
class DamagedQueueIT {
    private static final int SMALL = 30;
    private static final int BIG = ShareQueues.SMALL + 500;
    private static final String LONG = "9".repeat(1_000_000);

    private static LocalRedis redis;
    private static RedisClient client;
    private static RedisCommands<String, String> admin;
    private static RedisConnection connection;
    private static ShareQueues queues;

    /** What others may do to a list at one position. Each makes the queue wrong. */
    private enum Damage {
        ONE_CENT_MORE((entries, at) -> entries.set(at, cents(entries.get(at)) + 1 + tag(entries.get(at)))),
        ONE_CENT_LESS((entries, at) -> entries.set(at, cents(entries.get(at)) - 1 + tag(entries.get(at)))),
        NEGATIVE((entries, at) -> entries.set(at, "-" + entries.get(at))),
        NOTHING((entries, at) -> entries.set(at, "")),
        ZERO((entries, at) -> entries.set(at, "0" + tag(entries.get(at)))),
        WORDS((entries, at) -> entries.set(at, "a lot")),
        BLANKS((entries, at) -> entries.set(at, " ")),
        HUGE((entries, at) -> entries.set(at, LONG)),
        WITHOUT_TAG((entries, at) -> entries.set(at, String.valueOf(cents(entries.get(at))))),
        TAG_OF_THE_NEXT((entries, at) -> entries.set(at, cents(entries.get(at)) + tag(entries.get(next(entries, at))))),
        TAG_CHANGED((entries, at) -> entries.set(at, entries.get(at).replaceAll(".$", "g"))),
        SWAPPED((entries, at) -> Collections.swap(entries, at, next(entries, at))),
        TWICE((entries, at) -> entries.set(at, entries.get(next(entries, at)))),
        MOVED_BY_ONE((entries, at) -> Collections.rotate(entries, 1)),
        REVERSED((entries, at) -> Collections.reverse(entries)),
        MISSING((entries, at) -> entries.remove(at)),
        ADDED((entries, at) -> entries.add(at, entries.get(at))),
        EMPTY((entries, at) -> entries.clear());

        private interface Change {
            void of(List<String> entries, int at);
        }

        @SuppressWarnings("ImmutableEnumChecker") // lambdas that hold nothing
        private final Change change;

        Damage(Change change) {
            this.change = change;
        }

        private static int next(List<String> entries, int at) {
            return (at + 1) % entries.size();
        }

        private static long cents(String entry) {
            return Long.parseLong(entry.substring(0, entry.indexOf(':')));
        }

        private static String tag(String entry) {
            return entry.substring(entry.indexOf(':'));
        }

        void to(String key, int at) {
            List<String> entries = new ArrayList<>(admin.lrange(key, 0, -1));
            change.of(entries, at);
            admin.del(key);
            if (!entries.isEmpty()) {
                admin.rpush(key, entries.toArray(String[]::new));
            }
        }
    }

    /** What others may put in the place of a list. */
    private enum Other {
        STRING {
            @Override
            void putAt(String key) {
                admin.set(key, "100");
            }
        },
        HASH {
            @Override
            void putAt(String key) {
                admin.hset(key, "0", "100");
            }
        },
        SET {
            @Override
            void putAt(String key) {
                admin.sadd(key, "100");
            }
        },
        SORTED_SET {
            @Override
            void putAt(String key) {
                admin.zadd(key, 0, "100");
            }
        },
        STREAM {
            @Override
            void putAt(String key) {
                admin.xadd(key, "share", "100");
            }
        };

        abstract void putAt(String key);
    }

    @BeforeAll
    static void start() {
        redis = LocalRedis.start();
        client = RedisClient.create(redis.address().uri());
        admin = client.connect().sync();
        connection = RedisConnection.open(redis.address());
        queues = new ShareQueues(connection);
    }

    @AfterAll
    static void stop() {
        queues.close();
        connection.close();
        client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
        redis.close();
    }

    @BeforeEach
    void empty() {
        admin.flushall();
    }

    /** Damaged while it waits: some shares are popped, and a reader that starts again reads both lists. */
    @ParameterizedTest
    @EnumSource(Damage.class)
    void shouldGiveTheSeedsSharesWhenOneOfBothListsWasDamaged(Damage damage) {
        for (int shares : new int[] {SMALL, BIG}) {
            int popped = shares / 3;
            for (String part : List.of("popped", "shares")) {
                int last = (part.equals("popped") ? popped : shares - popped) - 1;
                for (int at : new int[] {0, last / 2, last}) {
                    for (int from : new int[] {0, popped / 2, popped}) {
                        admin.flushall();
                        ShareQueue queue = packetWith("packet-" + shares, shares);
                        result(queues.pop(queue, 0, popped));
                        damage.to(key(queue, part), at);
                        assertCut(queue, from);
                    }
                    int index = part.equals("popped") ? at : popped + at;
                    admin.flushall();
                    ShareQueue queue = packetWith("packet-" + shares, shares);
                    result(queues.pop(queue, 0, popped));
                    damage.to(key(queue, part), at);
                    assertThat(result(queues.pop(queue, index, 1))).isEqualTo(cut(queue, index, 1));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Other.class)
    void shouldGiveTheSeedsSharesWhenAKeyHoldsSomethingElse(Other other) {
        for (int shares : new int[] {SMALL, BIG}) {
            for (String part : List.of("popped", "shares")) {
                ShareQueue queue = packetWith("packet-" + shares, shares);
                other.putAt(key(queue, part));
                assertCut(queue, 0);
                admin.del(key(queue, part));
                other.putAt(key(queue, part));
                assertCut(queue, shares / 2);
                result(queues.remove(queue));
            }
        }
    }

    /** Another pipeline with the same packet id, or somebody who wants to decide the shares. */
    @Test
    void shouldGiveTheSeedsSharesWhenTheKeysHoldTheQueueOfAnotherPacket() {
        for (int shares : new int[] {SMALL, BIG}) {
            ShareQueue queue = packetWith("packet-" + shares, shares);
            String packetId = queue.packetId();
            for (ShareQueue other : List.of(
                    packetWith("other", shares),
                    queueOf(packet(packetId, 100L * shares, shares, "another secret")),
                    queueOf(packet(packetId, 101L * shares, shares, "a secret of the tests, long enough")),
                    queueOf(packet(packetId, 100L * shares, shares + 1, "a secret of the tests, long enough")))) {
                for (int popped : new int[] {0, shares / 2, shares}) {
                    admin.flushall();
                    result(queues.pop(other, 0, 1));
                    if (popped > 1) {
                        result(queues.pop(other, 0, popped));
                    }
                    for (String part : List.of("popped", "shares")) {
                        if (admin.exists(key(other, part)) > 0) {
                            admin.rename(key(other, part), key(queue, part));
                        }
                    }
                    assertCut(queue, popped / 2);
                }
            }
        }
    }

    /** The right sum and number, in another order, before the packet is opened. */
    @Test
    void shouldGiveTheSeedsSharesWhenSomebodyFilledTheQueueBefore() {
        ShareQueue queue = packetWith("lunch", 5);
        admin.rpush("redpacket:{lunch}:shares", "100", "100", "100", "100", "100");
        admin.rpush(key(queue, "shares"), "100", "100", "100", "100", "100");
        long before = queues.damaged();

        assertCut(queue, 0);
        assertThat(queues.damaged() - before).isEqualTo(1);
        assertThat(admin.lrange("redpacket:{lunch}:shares", 0, -1)).hasSize(5);
    }

    @Test
    void shouldNotMeetWhenTwoPipelinesHaveTheSamePacketIdAndOtherSecrets() {
        ShareQueue mine = queueOf(packet("lunch", 1_000, 10, "my secret"));
        ShareQueue others = queueOf(packet("lunch", 1_000, 10, "another secret"));
        long damagedBefore = queues.damaged();
        for (int i = 0; i < 10; i++) {
            assertThat(result(queues.pop(mine, i, 1))).isEqualTo(cut(mine, i, 1));
            assertThat(result(queues.pop(others, i, 1))).isEqualTo(cut(others, i, 1));
        }
        assertThat(queues.damaged()).isEqualTo(damagedBefore);
    }

    /** Two pipelines with one secret damage each other's queue again and again, and yet both go on. */
    @Test
    void shouldGoOnWhenTwoPipelinesHaveTheSameSecretToo() {
        for (int shares : new int[] {SMALL, BIG}) {
            ShareQueue mine = queueOf(packet("lunch-" + shares, 1_000_000, shares, "one secret"));
            ShareQueue others = queueOf(packet("lunch-" + shares, 2_000_000, shares, "one secret"));
            for (int i = 0; i < shares; i++) {
                assertThat(result(queues.pop(mine, i, 1))).isEqualTo(cut(mine, i, 1));
                assertThat(result(queues.pop(others, i, 1))).isEqualTo(cut(others, i, 1));
            }
        }
    }

    /** From an index on to the end, as a reader does that starts there, and from the start. */
    private static void assertCut(ShareQueue queue, int from) {
        assertThat(result(queues.pop(queue, from, queue.shares() - from)))
                .isEqualTo(cut(queue, from, queue.shares() - from));
        assertThat(result(queues.pop(queue, 0, queue.shares()))).isEqualTo(queue.cut());
        assertThat(admin.llen(key(queue, "shares")) + admin.llen(key(queue, "popped")))
                .isEqualTo(queue.shares());
    }

    private static String key(ShareQueue queue, String part) {
        return new String(queue.key(part), StandardCharsets.US_ASCII);
    }
}
