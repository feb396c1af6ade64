package redpacket.topology.state;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
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
import redpacket.events.Share;
import redpacket.events.Split;
import redpacket.topology.packet.Packet;
import redpacket.topology.packet.SeedSecret;
import redpacket.topology.packet.SpecialTerms;
import redpacket.topology.packet.Winner;
import redpacket.topology.stores.DeferredStore;
import redpacket.topology.stores.StateStores;

/** The stores are real and on disk. Time is what the tests say it is. */
class DeadlinesTest {
    private static final SeedSecret SECRET = SeedSecret.of("0123456789abcdef");
    private static final PacketLifetime LIFE = new PacketLifetime(Duration.ofSeconds(5), Duration.ofSeconds(60));

    /** A deadline; packets close 5 s after it and are forgotten 60 s after that. */
    private static final long DEADLINE = 1_000_000;

    private static final long CLOSES = DEADLINE + 5_000;
    private static final long FORGOTTEN = CLOSES + 60_000;

    /** As many as one record of the log may cause, and one look by the clock. */
    private static final int STEP = 100;

    private static final int CLOCK_STEP = 5_000;

    @TempDir
    private Path folder;

    private KeyValueStore<Bytes, byte[]> index;
    private KeyValueStore<Bytes, byte[]> packetStore;
    private DeferredStore winnerStore;

    private final Map<String, Packet> packets = new HashMap<>();
    private final List<String> prepared = new ArrayList<>();
    private final List<String> closed = new ArrayList<>();
    private final List<String> forgotten = new ArrayList<>();
    private final List<Long> closedAt = new ArrayList<>();
    private final Set<String> putOff = new HashSet<>();
    private Deadlines deadlines;

    /** A clock on which only closings take time. */
    private long nanoTime;

    private long nanosOfAClosing;

    @BeforeEach
    void open() {
        var context = new MockProcessorContext<>(new Properties(), new TaskId(0, 0), folder.toFile());
        index = StateStores.persistent("deadlines").withLoggingDisabled().build();
        index.init(context.getStateStoreContext(), index);
        packetStore = StateStores.persistent("packets").withLoggingDisabled().build();
        packetStore.init(context.getStateStoreContext(), packetStore);
        winnerStore = new DeferredStore(
                StateStores.persistent("winners").withLoggingDisabled().build());
        winnerStore.init(context.getStateStoreContext(), winnerStore);
        restart();
    }

    @AfterEach
    void close() {
        index.close();
        packetStore.close();
        winnerStore.close();
    }

    @Test
    void shouldCloseAPacketWhenTheLogHasPassedItsDeadlineAndTheGrace() {
        add("p", DEADLINE);

        passTo(CLOSES - 1);
        assertThat(closed).isEmpty();

        passTo(CLOSES);
        assertThat(closed).containsExactly("p");
        assertThat(closedAt).containsExactly(CLOSES);

        passTo(CLOSES + 1);
        assertThat(closed).containsExactly("p");
    }

    @Test
    void shouldForgetAPacketWhenTheRetentionHasPassedToo() {
        add("p", DEADLINE);
        passTo(CLOSES);

        passTo(FORGOTTEN - 1);
        assertThat(forgotten).isEmpty();
        assertThat(deadlines.isForgotten(packets.get("p"))).isFalse();

        passTo(FORGOTTEN);
        assertThat(forgotten).containsExactly("p");
        assertThat(deadlines.isForgotten(packets.get("p"))).isTrue();
        assertThat(entries()).isZero();
    }

    @Test
    void shouldCloseTheOthersWhenAPacketIsPutOff() {
        add("failing", DEADLINE);
        add("other", DEADLINE + 1);
        putOff.add("failing");

        passTo(CLOSES + 1);
        assertThat(closed).containsExactly("other");

        putOff.clear();
        long again = CLOSES + 1 + Deadlines.PUT_OFF.toMillis();
        passTo(again - 1);
        assertThat(closed).containsExactly("other");
        passTo(again);
        assertThat(closed).containsExactly("other", "failing");
    }

    @Test
    void shouldForgetAPacketLaterWhenItIsPutOff() {
        add("p", DEADLINE);
        passTo(CLOSES);
        putOff.add("p");

        passTo(FORGOTTEN);
        assertThat(forgotten).isEmpty();
        assertThat(entries()).isEqualTo(1);

        putOff.clear();
        passTo(FORGOTTEN + Deadlines.PUT_OFF.toMillis());
        assertThat(forgotten).containsExactly("p");
        assertThat(entries()).isZero();
    }

    @Test
    void shouldGoByTheLatestTimeWhenABrokersClockStepsBack() {
        add("p", DEADLINE);
        passTo(CLOSES - 1);
        passTo(1);
        assertThat(deadlines.isForgotten(packet("other", 0))).isTrue();

        passTo(CLOSES);
        passTo(2);

        assertThat(closedAt).containsExactly(CLOSES);
    }

    @Test
    void shouldCloseAndForgetNothingWhenARecordIsDatedInTheFuture() {
        add("p", DEADLINE);
        long now = DEADLINE - 60_000;

        deadlines.passTo(now + Duration.ofDays(30).toMillis(), now);
        assertThat(deadlines.wake(now)).isEmpty();
        assertThat(deadlines.wake(DEADLINE)).isEmpty();
        assertThat(closed).isEmpty();
        assertThat(deadlines.isForgotten(packets.get("p"))).isFalse();

        add("later", DEADLINE + 10_000);
        deadlines.passTo(CLOSES, CLOSES);
        assertThat(closed).containsExactly("p");
        deadlines.passTo(CLOSES + 10_000, CLOSES + 10_000);
        assertThat(closed).containsExactly("p", "later");
        assertThat(forgotten).isEmpty();
    }

    @Test
    void shouldCloseNothingBeforeItsDeadlineWhenABrokersClockIsAheadByTheGrace() {
        add("p", DEADLINE);

        deadlines.passTo(CLOSES - 1, DEADLINE - 1);
        assertThat(closed).isEmpty();
        deadlines.passTo(CLOSES, DEADLINE - 1);
        assertThat(closed).as("ahead by a millisecond more than is tolerated").isEmpty();
        deadlines.passTo(CLOSES, DEADLINE);
        assertThat(closed).containsExactly("p");
    }

    @Test
    void shouldCloseInTheOrderOfTheirDeadlinesWhenPacketsCameInAnother() {
        add("late", DEADLINE + 2);
        add("early", DEADLINE);
        add("between", DEADLINE + 1);

        passTo(CLOSES + 2);

        assertThat(closed).containsExactly("early", "between", "late");
    }

    @Test
    void shouldCloseAPacketThatIsDueEarlierWhenItComesLater() {
        add("late", DEADLINE + 1_000);
        passTo(CLOSES - 1);
        add("early", DEADLINE);

        passTo(CLOSES);

        assertThat(closed).containsExactly("early");
    }

    @Test
    void shouldCloseInStepsWhenVeryManyAreDueAtOnce() {
        int many = 2 * STEP + 50;
        for (int i = 0; i < many; i++) {
            add("p" + i, DEADLINE);
        }

        passTo(CLOSES);
        assertThat(closed).hasSize(STEP);
        passTo(CLOSES);
        assertThat(closed).hasSize(2 * STEP);
        passTo(CLOSES);
        assertThat(closed).hasSize(many);
        passTo(CLOSES);

        assertThat(closed).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(packets.keySet());
    }

    @Test
    void shouldGoOnByTheClockWhenMoreIsDueThanOneLookMayDo() {
        int many = STEP + CLOCK_STEP + 7;
        for (int i = 0; i < many; i++) {
            add("p" + i, DEADLINE);
        }
        passTo(CLOSES);

        assertThat(deadlines.wake(0)).isEmpty();
        assertThat(closed).hasSize(STEP + CLOCK_STEP);
        assertThat(deadlines.wake(0)).isEmpty();

        assertThat(closed).hasSize(many).doesNotHaveDuplicates();
    }

    /** Closings that are slow must not keep the grabs of the whole thread waiting. */
    @Test
    void shouldEndAStepWhenItsTimeIsUp() {
        for (int i = 0; i < 10; i++) {
            add("p" + i, DEADLINE);
        }
        nanosOfAClosing = Duration.ofMillis(7).toNanos();

        passTo(CLOSES);
        assertThat(closed).hasSize(3);
        assertThat(deadlines.wake(0)).isEmpty();
        assertThat(closed).hasSize(6);
        passTo(CLOSES);
        passTo(CLOSES);

        assertThat(closed).hasSize(10).doesNotHaveDuplicates();
    }

    @Test
    void shouldForgetPacketByPacketWhenEachHasAsManyWinnersAsAStepMayDelete() {
        add("a", DEADLINE);
        add("b", DEADLINE + 1);
        passTo(CLOSES + 1);
        Map<String, Integer> left = new TreeMap<>(Map.of("a", STEP + 30, "b", 60));
        restart((packetId, most) -> {
            int deleted = Math.min(most, left.get(packetId));
            left.merge(packetId, -deleted, Integer::sum);
            if (deleted < most) {
                forgotten.add(packetId);
            }
            return deleted;
        });

        passTo(FORGOTTEN + 1);
        assertThat(left).containsEntry("a", 30).containsEntry("b", 60);
        assertThat(forgotten).isEmpty();

        // 30 records, the packet itself, and 60 records: less than a step.
        passTo(FORGOTTEN + 1);
        assertThat(left.values()).containsOnly(0);
        assertThat(forgotten).containsExactly("a", "b");
        assertThat(entries()).isZero();
    }

    @Test
    void shouldNotTakeAPacketForForgottenWhenItHadExactlyAsManyWinnersAsWereLeft() {
        add("a", DEADLINE);
        passTo(CLOSES);
        List<Integer> asked = new ArrayList<>();
        restart((packetId, most) -> {
            asked.add(most);
            return asked.size() == 1 ? most : 0;
        });

        passTo(FORGOTTEN);
        assertThat(entries())
                .as("its entry stays: only less than all shows that none is left")
                .isOne();

        passTo(FORGOTTEN);
        assertThat(entries()).isZero();
        assertThat(asked).containsExactly(STEP, STEP);
    }

    @Test
    void shouldStopAfterAStepWhenItEndsWithAPacket() {
        for (int i = 0; i < STEP; i++) {
            add("p" + i, DEADLINE);
        }
        add("q", DEADLINE + 1);
        passTo(CLOSES + 1);
        passTo(CLOSES + 1);
        // Each costs its own record, as it has no winners: as many as a step.
        passTo(FORGOTTEN + 1);

        assertThat(forgotten).hasSize(STEP).doesNotContain("q");
        passTo(FORGOTTEN + 1);
        assertThat(forgotten).hasSize(STEP + 1).contains("q");
    }

    @Test
    void shouldGoOnWhereItStoppedWhenItIsRestarted() {
        int many = STEP + 50;
        for (int i = 0; i < many; i++) {
            add("p" + i, DEADLINE);
        }
        passTo(CLOSES);

        restart();
        passTo(CLOSES);

        assertThat(closed).hasSize(many).doesNotHaveDuplicates();
        restart();
        passTo(FORGOTTEN);
        passTo(FORGOTTEN);
        assertThat(forgotten).hasSize(many).doesNotHaveDuplicates();
        assertThat(entries()).isZero();
    }

    /** 118 runs of winners, of which one record of the log deletes 100. */
    @Test
    void shouldForgetTheRestOfAPacketWhenItIsRestartedInMidPurge() {
        Packet packet = packet("p", DEADLINE);
        LivePackets live = live();
        live.open(packet);
        Deadlines purging = purging(live);
        purging.add(packet);
        for (int i = 0; i < 30_000; i++) {
            live.find("p").award(new Winner("u" + i, "g" + i, new Share(i, 1)));
        }
        winnerStore.flushCache();
        purging.passTo(CLOSES, CLOSES);
        purging.passTo(FORGOTTEN, FORGOTTEN);
        winnerStore.flushCache();

        LivePackets afterRestart = live();
        Deadlines goingOn = purging(afterRestart);
        assertThat(afterRestart.find("p").tally().awardedShares())
                .as("what is left is without gaps")
                .isEqualTo(18 * 256);
        goingOn.passTo(FORGOTTEN, FORGOTTEN);
        winnerStore.flushCache();

        assertThat(afterRestart.find("p")).isNull();
        assertThat(live().find("p")).isNull();
        assertThat(winnersInStore("p")).isZero();
        assertThat(entries()).isZero();
    }

    @Test
    void shouldAskForATickWhenOnlyTheWallClockKnowsThatSomethingIsDue() {
        add("p", DEADLINE);
        add("q", DEADLINE + 1);
        passTo(DEADLINE - 10_000);

        assertThat(deadlines.wake(CLOSES - 1)).isEmpty();
        assertThat(deadlines.wake(CLOSES)).contains("p");
        assertThat(closed).as("a tick decides nothing itself").isEmpty();

        assertThat(deadlines.wake(CLOSES + 4_999)).as("a tick is on its way").isEmpty();
        assertThat(deadlines.wake(CLOSES + 5_000)).contains("p");

        passTo(CLOSES + 1);
        assertThat(closed).containsExactly("p", "q");
        assertThat(deadlines.wake(CLOSES + 59_999)).isEmpty();
    }

    /** The clock jumps to another year and comes back. A quiet partition must still close its packets in time. */
    @Test
    void shouldAskForATickWhenTheWallClockHasGoneBackSinceTheLastOne() {
        add("p", DEADLINE);

        assertThat(deadlines.wake(CLOSES + Duration.ofDays(365).toMillis())).contains("p");
        assertThat(deadlines.wake(CLOSES)).contains("p");
        assertThat(deadlines.wake(CLOSES + 4_999)).as("a tick is on its way").isEmpty();
    }

    @Test
    void shouldAskForNoTickWhenNothingIsDueEver() {
        assertThat(deadlines.wake(Long.MAX_VALUE / 2)).isEmpty();
    }

    @Test
    void shouldRefuseToGoOnWhenAnEntryIsOfAKindThatItDoesNotKnow() {
        index.put(DeadlineFormat.key(DEADLINE, "p"), new byte[] {1, 'x'});
        restart();

        assertThatThrownBy(() -> passTo(DEADLINE))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("unknown kind");
    }

    /** Compares with a sorted map: due packets are closed and later forgotten, once, in order, also after restarts. */
    @RepeatedTest(5)
    void shouldCloseAndForgetAsASortedMapWouldWhenTimePassesInLeapsAndRestartsFollow() {
        long seed = Long.getLong("redpacket.seed", new Random().nextLong());
        Random random = new Random(seed);
        TreeMap<Long, List<String>> toClose = new TreeMap<>();
        TreeMap<Long, List<String>> toForget = new TreeMap<>();
        long now = DEADLINE;
        for (int step = 0; step < 500; step++) {
            now += random.nextInt(3_000);
            switch (random.nextInt(6)) {
                case 0 -> restart();
                case 1, 2 -> {
                    long deadline = now + random.nextInt(20_000);
                    String packetId = "p" + step;
                    add(packetId, deadline);
                    toClose.computeIfAbsent(deadline + 5_000, due -> new ArrayList<>())
                            .add(packetId);
                    toForget.computeIfAbsent(deadline + 65_000, due -> new ArrayList<>())
                            .add(packetId);
                }
                default -> {
                    // Twice, as what was closed just now may be due to be forgotten.
                    passTo(now);
                    passTo(now);
                    assertThat(closed)
                            .as("with -Dredpacket.seed=%d, at step %d", seed, step)
                            .hasSameElementsAs(until(now, toClose))
                            .doesNotHaveDuplicates();
                    assertThat(forgotten)
                            .as("with -Dredpacket.seed=%d, at step %d", seed, step)
                            .hasSameElementsAs(until(now, toForget))
                            .doesNotHaveDuplicates();
                }
            }
        }
        assertThat(forgotten).isNotEmpty();
    }

    private static List<String> until(long now, NavigableMap<Long, List<String>> due) {
        return due.headMap(now, true).values().stream().flatMap(List::stream).toList();
    }

    private void add(String packetId, long deadlineMillis) {
        Packet packet = packet(packetId, deadlineMillis);
        packets.put(packetId, packet);
        deadlines.add(packet);
    }

    @Test
    void shouldPrepareAPacketAheadOfItsStartAndCloseItAfterItsDeadline() {
        restart();
        long start = DEADLINE - 1_000;
        addStarting("scheduled", start);
        addStarting("soon", 1 + Deadlines.PREPARED_AHEAD.toMillis());
        addStarting("at once", null);
        long preparedAt = start - Deadlines.PREPARED_AHEAD.toMillis();

        passTo(preparedAt - 1);
        assertThat(prepared).isEmpty();
        assertThat(deadlines.wake(preparedAt)).contains("scheduled");
        passTo(preparedAt);
        assertThat(prepared).containsExactly("scheduled");

        passTo(CLOSES);
        assertThat(prepared).containsExactly("scheduled");
        assertThat(closed).containsExactlyInAnyOrder("scheduled", "soon", "at once");
    }

    /** A packet that is not ready only costs time. An hour later its start is over. */
    @Test
    void shouldNotPrepareAPacketLaterWhenThatFailsAgainAndAgain() {
        restart();
        addStarting("scheduled", DEADLINE - 1_000);
        putOff.add("scheduled");

        passTo(DEADLINE);
        putOff.clear();
        passTo(CLOSES);
        assertThat(closed).containsExactly("scheduled");

        passTo(DEADLINE + Deadlines.PUT_OFF.toMillis());
        assertThat(prepared).isEmpty();
    }

    private void addStarting(String packetId, Long startsAtMillis) {
        SpecialTerms special = new SpecialTerms(startsAtMillis, null, null, null, null, null, null);
        Packet packet = new Packet(
                packetId, "sender", 100, 5, Split.RANDOM, null, 1, DEADLINE, SECRET.seedOf(packetId), special);
        packets.put(packetId, packet);
        deadlines.add(packet);
    }

    /** Of a record that is dated by the same clock as the topology has. */
    private void passTo(long timestamp) {
        deadlines.passTo(timestamp, timestamp);
    }

    private void restart() {
        restart((packetId, most) -> {
            forgotten.add(packetId);
            return 0;
        });
    }

    private void restart(Deadlines.Forgetting forgetting) {
        deadlines = new Deadlines(
                index,
                LIFE,
                prepared::add,
                (packetId, nowMillis) -> {
                    closed.add(packetId);
                    closedAt.add(nowMillis);
                    nanoTime += nanosOfAClosing;
                    return packets.get(packetId);
                },
                forgetting,
                putOff::contains,
                () -> nanoTime);
    }

    private Deadlines purging(LivePackets live) {
        return new Deadlines(
                index,
                LIFE,
                prepared::add,
                (packetId, nowMillis) -> live.find(packetId).packet(),
                live::forget,
                none -> false);
    }

    private LivePackets live() {
        return new Stores(packetStore, winnerStore).live(new LiveMemory(10_000));
    }

    private long entries() {
        return count(index.all());
    }

    private long winnersInStore(String packetId) {
        return count(winnerStore.wrapped().range(bytes(packetId + "\0"), bytes(packetId + "\1")));
    }

    private static Bytes bytes(String text) {
        return Bytes.wrap(text.getBytes(ISO_8859_1));
    }

    private static long count(KeyValueIterator<Bytes, byte[]> entries) {
        try (entries) {
            long count = 0;
            for (; entries.hasNext(); entries.next()) {
                count++;
            }
            return count;
        }
    }

    private static Packet packet(String packetId, long deadlineMillis) {
        return new Packet(
                packetId, "sender", 100_000, 50_000, Split.EQUAL, null, 0, deadlineMillis, SECRET.seedOf(packetId));
    }
}
