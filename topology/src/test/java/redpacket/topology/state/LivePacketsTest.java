package redpacket.topology.state;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redpacket.events.Share;
import redpacket.events.Split;
import redpacket.topology.packet.Packet;
import redpacket.topology.packet.SeedSecret;
import redpacket.topology.packet.Tally;
import redpacket.topology.packet.Winner;
import redpacket.topology.stores.DeferredStore;
import redpacket.topology.stores.StateStores;

/** The stores are real and on disk. The test calls the commits, and requests no shares. */
class LivePacketsTest {
    private static final SeedSecret SECRET = SeedSecret.of("0123456789abcdef");

    @TempDir
    private Path folder;

    private KeyValueStore<Bytes, byte[]> packets;
    private DeferredStore winners;

    @BeforeEach
    void open() {
        var context = new MockProcessorContext<>(new Properties(), new TaskId(0, 0), folder.toFile());
        packets = StateStores.persistent("packets").withLoggingDisabled().build();
        packets.init(context.getStateStoreContext(), packets);
        winners = new DeferredStore(
                StateStores.persistent("winners").withLoggingDisabled().build());
        winners.init(context.getStateStoreContext(), winners);
    }

    @AfterEach
    void close() {
        packets.close();
        winners.close();
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
                winners.flushCache();
            }
        }

        winners.flushCache();
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
        winners.flushCache();

        assertThat(live.find("packet")).isNull();
        assertThat(winners.wrapped().range(WinnerFormat.key("packet".getBytes(ISO_8859_1), 0), null))
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
        winners.flushCache();

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
            winners.flushCache();
        }
    }

    private LivePackets live(int capacity) {
        return live(capacity, look -> {});
    }

    private LivePackets live(int capacity, LivePackets.ComingPackets coming) {
        LivePackets live = new LivePackets(capacity, packets, winners.wrapped(), (packet, cursor) -> null, coming);
        winners.beforeCommit(live::write);
        return live;
    }

    private static Packet packet(String packetId) {
        return new Packet(packetId, "sender", 100_000, 10_000, Split.RANDOM, null, 0, 1_000, SECRET.seedOf(packetId));
    }
}
