package redpacket.topology.state;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.kafka.common.utils.Bytes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redpacket.events.Share;
import redpacket.events.Split;
import redpacket.topology.packet.Packet;
import redpacket.topology.packet.SeedSecret;
import redpacket.topology.packet.Status;
import redpacket.topology.packet.Tally;
import redpacket.topology.packet.Winner;

/** The stores are real and on disk. The test calls the commits, and requests no shares. */
class LivePacketsTest {
    private static final SeedSecret SECRET = SeedSecret.of("0123456789abcdef");

    @TempDir
    private Path folder;

    /** Bytes of a packet with one winner, roughly. */
    private static final long ONE_PACKET = 1_000;

    private Stores stores;

    @BeforeEach
    void open() {
        stores = Stores.open(folder, 0);
    }

    @AfterEach
    void close() {
        stores.close();
    }

    @Test
    void shouldForgetNoWinnerWhenPacketsMakeRoomForOthersBetweenCommits() {
        long seed = Long.getLong("redpacket.seed", new Random().nextLong());
        Random random = new Random(seed);
        int capacity = 1 + random.nextInt(4);
        LivePackets live = live(capacity);
        Map<String, Tally> expected = new HashMap<>();

        for (int i = 0; i < 2_000; i++) {
            String packetId = "packet-" + random.nextInt(10);
            if (expected.putIfAbsent(packetId, new Tally()) == null) {
                live.open(packet(packetId));
            }
            LivePacket packet = live.find(packetId);
            assertThat(packet.tally())
                    .as("with -Dredpacket.seed=%d, at step %d", seed, i)
                    .usingRecursiveComparison()
                    .isEqualTo(expected.get(packetId));
            Winner winner = new Winner(
                    "user-" + i, "grab-" + i, new Share(packet.tally().awardedShares(), 1 + random.nextInt(9)));
            packet.award(winner);
            expected.get(packetId).add(winner.userId(), winner.share());
            assertThat(live.find(packetId).find(winner.userId())).isEqualTo(winner);
            if (random.nextInt(20) == 0) {
                stores.commit();
            }
        }

        stores.commit();
        LivePackets afterRestart = live(capacity);
        expected.forEach(
                (packetId, tally) -> assertThat(afterRestart.find(packetId).tally())
                        .usingRecursiveComparison()
                        .isEqualTo(tally));
    }

    @Test
    void shouldLeaveNothingWhenAPacketIsForgottenBeforeItsWinnersAreWritten() {
        LivePackets live = live(10);
        live.open(packet("packet"));
        live.find("packet").award(new Winner("kim", "grab", new Share(0, 1)));

        live.forget("packet", 100);
        stores.commit();

        assertThat(live.find("packet")).isNull();
        assertThat(stores.winners().wrapped().range(Bytes.wrap("packet".getBytes(ISO_8859_1)), null))
                .isExhausted();
        assertThat(live(10).find("packet")).isNull();
    }

    @Test
    void shouldFindTheRightPacketWhenTheLookAheadNamesMoreThanThereIsRoomFor() {
        LivePackets before = live(100);
        List<String> packetIds =
                IntStream.range(0, 20).mapToObj(i -> "packet-" + i).toList();
        for (int i = 0; i < 20; i++) {
            before.open(packet("packet-" + i));
            before.find("packet-" + i).award(new Winner("kim", "grab-" + i, new Share(0, 1 + i)));
        }
        stores.commit();

        for (int capacity = 1; capacity <= 3; capacity++) {
            LivePackets live = live(capacity, packetIds::forEach);
            for (int i = 0; i < 20; i++) {
                LivePacket found = live.find("packet-" + i);
                assertThat(found.packet().packetId()).isEqualTo("packet-" + i);
                assertThat(found.find("kim").share().cents()).isEqualTo(1 + i);
                // What was found is at hand, so what is added to it is not lost.
                found.award(new Winner("lee-" + capacity, "grab", new Share(capacity, 1)));
                assertThat(live.find("packet-" + i)).isSameAs(found);
            }
            assertThat(live.find("nowhere")).isNull();
            stores.commit();
        }
    }

    @Test
    void shouldShareTheMemoryWhenThereAreManyTasks() {
        LiveMemory memory = new LiveMemory(100 * ONE_PACKET);
        try (Stores otherStores = Stores.open(folder, 1)) {
            LivePackets live = stores.live(memory);
            IntStream.range(0, 300).forEach(i -> live.open(packet("packet-" + i)));
            int alone = live.size();
            assertThat(memory.used()).isBetween(80L * ONE_PACKET, 100L * ONE_PACKET);

            LivePackets other = otherStores.live(memory);
            IntStream.range(0, 300).forEach(i -> other.open(packet("packet-" + i)));
            assertThat(live.size()).isEqualTo(alone);
            live.makeRoom();

            assertThat(live.size()).isBetween(alone / 3, 2 * alone / 3);
            assertThat(other.size()).isBetween(alone / 3, 2 * alone / 3);
            assertThat(memory.used()).isBetween(80L * ONE_PACKET, 100L * ONE_PACKET);

            other.close();
            other.write();
            IntStream.range(0, 300).forEach(i -> live.find("packet-" + i));
            assertThat(live.size()).isEqualTo(alone);
            live.close();
            assertThat(memory.used()).isZero();
        }
    }

    @Test
    void shouldStayWithinTheMemoryWhenOnePacketGrows() {
        LiveMemory memory = new LiveMemory(40 * ONE_PACKET);
        LivePackets live = stores.live(memory);
        IntStream.range(0, 20).forEach(i -> live.open(packet("packet-" + i)));
        assertThat(live.size()).isEqualTo(20);

        win(live, "packet-7", 2_000);

        assertThat(live.size()).isLessThan(20);
        assertThat(memory.used()).isLessThan(40 * ONE_PACKET);
        win(live, "packet-8", 1);
        assertThat(live.find("packet-7").tally().awardedShares()).isEqualTo(2_000);
    }

    /** The journal at the start is in memory until its winners are in runs. */
    @Test
    void shouldCountTheJournalWhenTheTaskRestarts() {
        LivePackets before = stores.live(new LiveMemory(Long.MAX_VALUE));
        for (int i = 0; i < 2_000; i++) {
            before.open(packet("packet-" + i));
            win(before, "packet-" + i, 1);
        }
        stores.commit();

        LiveMemory memory = new LiveMemory(Long.MAX_VALUE);
        stores.live(memory);
        assertThat(memory.used()).isGreaterThan(2_000 * 20);
        for (int commit = 0; commit < 10_000 && memory.used() > 0; commit++) {
            stores.commit();
        }
        assertThat(memory.used()).isZero();
    }

    /** Neither a packet that was forgotten nor one that has expired takes memory for its shares. */
    @Test
    void shouldTakeNoMemoryForWhatIsForgotten() {
        LiveMemory memory = new LiveMemory(Long.MAX_VALUE);
        LivePackets live = stores.live(memory);
        live.open(packet("packet"));
        win(live, "packet", 300);

        live.forget("packet", 100);

        assertThat(memory.used()).isZero();
        assertThat(live.size()).isZero();
    }

    @Test
    void shouldCloseAPacketWithoutARebuildWhenItIsNotInMemory() {
        LivePackets before = live(100);
        before.open(packet("packet"));
        before.open(packet("unwon"));
        Tally tally = win(before, "packet", 700);
        stores.commit();

        // After a restart some winners are in the journal only.
        LivePackets live = live(100);
        LivePackets.Known due = live.look("packet");
        assertThat(due.packet()).isEqualTo(packet("packet"));
        assertThat(due.isClosed()).isFalse();
        assertThat(due.tally()).usingRecursiveComparison().isEqualTo(tally);
        assertThat(live.look("unwon").tally()).usingRecursiveComparison().isEqualTo(new Tally());
        live.close(packet("packet"), Status.EXPIRED);
        live.close(packet("unwon"), Status.CANCELLED);
        assertThat(live.size()).isZero();

        assertThat(live.look("packet").isClosed()).isTrue();
        assertThat(live.look("unwon").status()).isEqualTo(Status.CANCELLED);
        assertThat(live.find("packet").isClosed()).isTrue();
        assertThat(live.find("unwon").status()).isEqualTo(Status.CANCELLED);
        assertThat(live.find("packet").tally()).usingRecursiveComparison().isEqualTo(tally);
    }

    @Test
    void shouldCloseAPacketThatIsInMemory() {
        LivePackets live = live(100);
        live.open(packet("packet"));
        Tally tally = win(live, "packet", 3);

        assertThat(live.look("packet").tally()).usingRecursiveComparison().isEqualTo(tally);
        live.close(packet("packet"), Status.CANCELLED);

        assertThat(live.find("packet").status()).isEqualTo(Status.CANCELLED);
        assertThat(live.look("packet").isClosed()).isTrue();
    }

    @Test
    void shouldKnowThatASoldOutPacketIsClosed() {
        LivePackets before = live(100);
        before.open(new Packet("packet", "sender", 4, 4, Split.EQUAL, null, 0, 1_000, SECRET.seedOf("packet")));
        win(before, "packet", 4);
        assertThat(before.look("packet").isClosed()).isTrue();
        stores.commit();

        assertThat(live(100).look("packet").isClosed()).isTrue();
    }

    @Test
    void shouldNotKnowAPacketThatWasNeverOpened() {
        assertThat(live(1).look("packet-7")).isNull();
    }

    private LivePackets live(int capacity) {
        return live(capacity, look -> {});
    }

    private LivePackets live(int capacity, LivePackets.ComingPackets coming) {
        return stores.live(new LiveMemory(capacity * ONE_PACKET), coming);
    }

    /** Adds winners to a packet, and returns its tally. */
    private static Tally win(LivePackets live, String packetId, int winners) {
        for (int i = 0; i < winners; i++) {
            LivePacket packet = live.find(packetId);
            packet.award(new Winner(
                    "user-" + i, "grab-" + i, new Share(packet.tally().awardedShares(), 1 + i % 7)));
        }
        return live.find(packetId).tally();
    }

    private static Packet packet(String packetId) {
        return new Packet(packetId, "sender", 100_000, 10_000, Split.RANDOM, null, 0, 1_000, SECRET.seedOf(packetId));
    }
}
