package redpacket.topology.winners;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.lang.ref.WeakReference;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redpacket.events.PacketEvent;
import redpacket.events.Share;
import redpacket.topology.packet.Tally;
import redpacket.topology.packet.Winner;
import redpacket.topology.stores.DeferredStore;
import redpacket.topology.stores.StateStores;

/** The store is on disk. The test calls the commits of Kafka Streams. */
class WinnerStoreTest {
    private static final String PACKET = "packet";

    /** Of a random history. Mutation tests ask for fewer, because they run it a hundred times. */
    private static final int STEPS = Integer.getInteger("redpacket.steps", 5_000);

    @TempDir
    private Path folder;

    private DeferredStore deferred;
    private WinnerStore store;

    @BeforeEach
    void open() {
        MockProcessorContext<Object, Object> context =
                new MockProcessorContext<>(new Properties(), new TaskId(0, 0), folder.toFile());
        deferred = new DeferredStore(
                StateStores.persistent("winners").withLoggingDisabled().build());
        deferred.init(context.getStateStoreContext(), deferred);
        restart(1 << 20);
    }

    @AfterEach
    void close() {
        deferred.close();
    }

    /**
     * Compared with lists of winners. The journal is so short that it is emptied all the time, or so long that it never
     * is.
     */
    @RepeatedTest(5)
    void shouldHoldEveryWinnerWhenPacketsComeAndGoAndCommitsAndRestartsFollow() {
        long seed = Long.getLong("redpacket.seed", new Random().nextLong());
        Random random = new Random(seed);
        int journalBytes = 1 << random.nextInt(20);
        Map<String, List<Winner>> expected = new HashMap<>();
        Map<String, Winners> atHand = new HashMap<>();
        restart(journalBytes);

        for (int step = 0; step < STEPS; step++) {
            String packetId = "packet-" + random.nextInt(20);
            List<Winner> winners = expected.computeIfAbsent(packetId, unseen -> new ArrayList<>());
            switch (random.nextInt(40)) {
                case 0 -> deferred.flushCache();
                case 1 -> {
                    Winners madeRoom = atHand.remove(packetId);
                    if (madeRoom != null) {
                        madeRoom.write();
                    }
                }
                case 2 -> {
                    Winners forgotten = atHand.remove(packetId);
                    if (forgotten != null) {
                        forgotten.write();
                    }
                    store.delete(bytes(packetId), 1_000);
                    expected.remove(packetId);
                }
                case 3 -> {
                    deferred.flushCache();
                    restart(journalBytes);
                    atHand.clear();
                }
                default -> {
                    Winners packet = atHand.computeIfAbsent(packetId, this::read);
                    for (int i = random.nextInt(random.nextBoolean() ? 3 : 300); i >= 0; i--) {
                        Winner winner = new Winner(
                                "user-" + step + "-" + i,
                                "grab-" + step,
                                new Share(winners.size(), 1 + random.nextInt(100)));
                        packet.add(winner);
                        winners.add(winner);
                    }
                }
            }
            if (!winners.isEmpty() && expected.containsKey(packetId)) {
                Winner any = winners.get(random.nextInt(winners.size()));
                assertThat(atHand.computeIfAbsent(packetId, this::read).find(any.userId()))
                        .as("with -Dredpacket.seed=%d, at step %d", seed, step)
                        .isEqualTo(any);
            }
        }

        deferred.flushCache();
        restart(journalBytes);
        expected.forEach((packetId, winners) -> {
            Winners read = read(packetId);
            assertThat(read.tally().awardedShares())
                    .as("with -Dredpacket.seed=" + seed)
                    .isEqualTo(winners.size());
            assertThat(winners)
                    .allSatisfy(winner -> assertThat(read.find(winner.userId())).isEqualTo(winner));
        });
        assertThat(read("another packet").find("somebody else")).isNull();
    }

    @Test
    void shouldTellUsersApartWhenTheirHashesAreEqual() {
        // Of each character only the low byte is hashed.
        String same = "k\u0169m";
        Winners winners = read(PACKET);
        winners.add(new Winner("kim", "grab-1", new Share(0, 5)));
        assertThat(store.hashOf(same)).isEqualTo(store.hashOf("kim"));

        assertThat(winners.find(same)).isNull();
        winners.write();
        assertThat(winners.find(same)).isNull();
    }

    @Test
    void shouldHoldNothingNewWhenNoCommitFollowed() {
        read(PACKET).add(new Winner("kim", "grab-1", new Share(0, 5)));

        restart(1 << 20);

        assertThat(read(PACKET).tally().awardedShares()).isZero();
    }

    @Test
    void shouldWriteOneRecordForEachCommitWhenManyPacketsGainWinners() {
        for (int packet = 0; packet < 500; packet++) {
            commitLater("packet-" + packet, 1);
        }

        deferred.flushCache();

        assertThat(records()).isEqualTo(1);
    }

    @Test
    void shouldWriteEveryWinnerWhenACommitHasVeryMany() {
        for (int packet = 0; packet < 2_000; packet++) {
            commitLater("packet-" + packet, 2);
        }

        deferred.flushCache();
        restart(1 << 20);

        for (int packet = 0; packet < 2_000; packet++) {
            assertThat(read("packet-" + packet).tally().awardedShares()).isEqualTo(2);
        }
    }

    @Test
    void shouldKeepTheJournalShortWhenCommitsFollow() {
        restart(10_000);

        for (int commit = 0; commit < 1_000; commit++) {
            commitLater("packet-" + commit, 3);
            deferred.flushCache();
        }

        int runs = 1_000;
        assertThat(records()).isBetween(runs, runs + 100);
    }

    @Test
    void shouldKeepTheJournalShortWhenCommitsHaveLittle() {
        for (int commit = 0; commit < 3_000; commit++) {
            commitLater("packet-" + commit, 1);
            deferred.flushCache();
        }

        int runs = 2_000;
        int pages = 1_000;
        assertThat(records()).isEqualTo(runs + pages);
    }

    /** The journal holds the winners of a thousand commits. Their packets may be evicted long before. */
    @Test
    void shouldKeepNoPacketInMemoryWhenTheJournalHoldsWinnersOfPacketsThatWereEvicted() {
        List<WeakReference<Winners>> evicted = new ArrayList<>();
        for (int packet = 0; packet < 100; packet++) {
            evicted.add(commitAndEvict("packet-" + packet));
            evicted.add(evictBeforeTheCommit("packet-without-commit-" + packet));
        }

        await().atMost(Duration.ofSeconds(30)).until(() -> {
            System.gc();
            return evicted.stream().allMatch(packet -> packet.get() == null);
        });
        int pages = 100;
        int runs = 200;
        assertThat(records()).isEqualTo(pages + runs);
    }

    @Test
    void shouldWriteRunsOfAllThatTheJournalHeldWhenTheFirstCommitsAfterARestartAreDone() {
        for (int packet = 0; packet < 1_500; packet++) {
            commitLater("packet-" + packet, 2);
        }
        deferred.flushCache();
        restart(1);
        assertThat(store.weight()).isGreaterThan(1_500 * 20);

        while (store.weight() > 0) {
            deferred.flushCache();
        }

        assertThat(records()).isEqualTo(1_500);
        assertThat(read("packet-1499").tally().awardedShares()).isEqualTo(2);
    }

    @Test
    void shouldNotBringBackAPacketWhenItsIdIsUsedAgain() {
        Winners first = commitLater(PACKET, 7);
        deferred.flushCache();
        first.write();
        store.delete(bytes(PACKET), 100);
        commitLater(PACKET, 1);
        deferred.flushCache();

        restart(1 << 20);

        assertThat(read(PACKET).tally().awardedShares()).isEqualTo(1);
    }

    @Test
    void shouldDeleteFromTheEndWhenInSteps() {
        commitLater(PACKET, 1_000).write();

        assertThat(store.delete(bytes(PACKET), 1)).isEqualTo(1);
        assertThat(read(PACKET).tally().awardedShares()).isEqualTo(768);
        assertThat(store.delete(bytes(PACKET), 100)).isEqualTo(3);
        assertThat(read(PACKET).tally().awardedShares()).isZero();
    }

    /** A scan would pass the tombstones of all packets that were forgotten before. */
    @Test
    void shouldFindAndDeleteWinnersWithoutAScanWhenAPacketHasFewRuns() {
        Winners packet = commitLater(PACKET, 100);
        packet.write();
        for (int i = 100; i < 300; i++) {
            packet.add(new Winner("user-" + i, "grab-" + i, new Share(i, 1)));
        }
        packet.write();
        store = new WinnerStore(withoutScansBackwards(deferred.wrapped()), () -> 1 << 20);

        assertThat(store.winner(bytes(PACKET), 99).userId()).isEqualTo("user-99");
        assertThat(store.delete(bytes(PACKET), 2)).isEqualTo(2);
        assertThat(records()).isZero();
        assertThat(store.delete(bytes("unknown"), 2)).isZero();
    }

    @Test
    void shouldFindEveryWinnerWhenRunsAreShort() {
        Winners packet = commitLater(PACKET, 1);
        packet.write();
        for (int i = 1; i < 300; i++) {
            packet.add(new Winner("user-" + i, "grab-" + i, new Share(i, 1)));
            if (i % 7 == 0) {
                packet.write();
            }
        }
        packet.write();

        for (int i = 0; i < 300; i++) {
            assertThat(store.winner(bytes(PACKET), i).userId()).isEqualTo("user-" + i);
        }
    }

    @Test
    void shouldRefuseToGoOnWhenWinnersWereLost() {
        commitLater(PACKET, 300).write();
        deferred.wrapped().delete(WinnerFormat.key(bytes(PACKET), 0));

        assertThatThrownBy(() -> read(PACKET))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("lost");
    }

    @Test
    void shouldTellTheTallyOfAPacketFromItsLastRun() {
        assertThat(store.tally(bytes(PACKET)).awardedShares()).isZero();
        Winners packet = read(PACKET);
        for (int i = 0; i < 700; i++) {
            packet.add(new Winner("user-" + i, "grab-" + i, new Share(i, i == 300 ? 99 : 1 + i % 50)));
            if (i % 100 == 0) {
                packet.write();
            }
        }
        packet.write();
        store = new WinnerStore(withoutScansForwards(deferred.wrapped()), () -> 1 << 20);

        assertThat(store.tally(bytes(PACKET))).usingRecursiveComparison().isEqualTo(packet.tally());
        assertThat(store.tally(bytes(PACKET)).luckiest())
                .isEqualTo(new PacketEvent.Luckiest("user-300", new Share(300, 99)));
    }

    /** The journal has the winners from 300 on, and some that are in runs too. */
    @Test
    void shouldTellTheTallyOfAPacketWhenTheJournalHasItsLastWinners() {
        Winners packet = commitLater(PACKET, 200);
        deferred.flushCache();
        for (int i = 200; i < 600; i++) {
            packet.add(new Winner("user-" + i, "grab-" + i, new Share(i, i)));
            if (i % 90 == 0) {
                deferred.flushCache();
            }
        }
        deferred.flushCache();
        restart(1 << 20);

        assertThat(store.tally(bytes(PACKET))).usingRecursiveComparison().isEqualTo(packet.tally());
        assertThat(read(PACKET).tally()).usingRecursiveComparison().isEqualTo(packet.tally());
    }

    @Test
    void shouldTellTheTallyOfAPacketWhenAnOlderReleaseWroteItsRuns() {
        Bytes firstKey = WinnerFormat.key(bytes(PACKET), 0);
        Bytes secondKey = WinnerFormat.key(bytes(PACKET), 1);
        deferred.wrapped().put(firstKey, HexFormat.of().parseHex("01" + "036b696d" + "0167" + "0000000000000007"));
        deferred.wrapped().put(secondKey, HexFormat.of().parseHex("01" + "036c6565" + "0168" + "0000000000000009"));

        assertThat(store.tally(bytes(PACKET)))
                .usingRecursiveComparison()
                .isEqualTo(Tally.of(2, 16, new PacketEvent.Luckiest("lee", new Share(1, 9)), 0));
        assertThat(read(PACKET).find("kim")).isEqualTo(new Winner("kim", "g", new Share(0, 7)));
    }

    private void restart(int journalBytes) {
        store = new WinnerStore(deferred.wrapped(), () -> journalBytes);
        deferred.beforeCommit(store::write);
    }

    private Winners read(String packetId) {
        Winners winners = new Winners(store, bytes(packetId), 10);
        store.readInto(winners, bytes(packetId));
        return winners;
    }

    private Winners commitLater(String packetId, int count) {
        Winners winners = read(packetId);
        for (int i = 0; i < count; i++) {
            winners.add(new Winner("user-" + i, "grab-" + i, new Share(i, 1)));
        }
        return winners;
    }

    private WeakReference<Winners> commitAndEvict(String packetId) {
        Winners winners = commitLater(packetId, 3);
        deferred.flushCache();
        winners.write();
        return new WeakReference<>(winners);
    }

    private WeakReference<Winners> evictBeforeTheCommit(String packetId) {
        Winners winners = commitLater(packetId, 3);
        winners.write();
        return new WeakReference<>(winners);
    }

    private int records() {
        int records = 0;
        try (KeyValueIterator<Bytes, byte[]> all = deferred.wrapped().all()) {
            for (; all.hasNext(); all.next()) {
                records++;
            }
        }
        return records;
    }

    private static byte[] bytes(String packetId) {
        return packetId.getBytes(ISO_8859_1);
    }

    private static KeyValueStore<Bytes, byte[]> withoutScansBackwards(KeyValueStore<Bytes, byte[]> store) {
        return without("reverseRange", store);
    }

    private static KeyValueStore<Bytes, byte[]> withoutScansForwards(KeyValueStore<Bytes, byte[]> store) {
        return without("range", store);
    }

    /** The same store, but a method fails, unless it is called to read the journal. */
    private static KeyValueStore<Bytes, byte[]> without(String name, KeyValueStore<Bytes, byte[]> store) {
        @SuppressWarnings("unchecked")
        KeyValueStore<Bytes, byte[]> without = (KeyValueStore<Bytes, byte[]>) Proxy.newProxyInstance(
                KeyValueStore.class.getClassLoader(),
                new Class<?>[] {KeyValueStore.class},
                (self, method, arguments) -> {
                    if (arguments == null || !JournalFormat.key(0).equals(arguments[0])) {
                        assertThat(method.getName()).isNotEqualTo(name);
                    }
                    return method.invoke(store, arguments);
                });
        return without;
    }
}
