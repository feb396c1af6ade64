package redpacket.topology.streams;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redpacket.events.Share;
import redpacket.topology.packet.Tally;
import redpacket.topology.packet.Winner;

/** The store on disk, with the commits of Kafka Streams called by hand. */
class WinnerStoreTest {
    private static final byte[] PACKET = "packet".getBytes(ISO_8859_1);

    @TempDir
    private Path folder;

    private DeferredStore deferred;
    private WinnerStore store;

    @BeforeEach
    void open() {
        MockProcessorContext<Object, Object> context =
                new MockProcessorContext<>(new Properties(), new TaskId(0, 0), folder.toFile());
        deferred = new DeferredStore(
                RedPacketTopology.store("winners").withLoggingDisabled().build());
        deferred.init(context.getStateStoreContext(), deferred);
        store = new WinnerStore(deferred);
    }

    @AfterEach
    void close() {
        deferred.close();
    }

    @Test
    void shouldFindEveryWinnerWhenSomeAreWrittenAndSomeAreNot() {
        long seed = Long.getLong("redpacket.seed", new Random().nextLong());
        Random random = new Random(seed);
        Map<String, Winner> expected = new HashMap<>();
        Winners winners = store.none(PACKET);

        for (int i = 0; i < 3_000; i++) {
            Winner winner =
                    new Winner("user-" + random.nextInt() + i, "grab-" + i, new Share(i, 1 + random.nextInt(100)));
            winners.add(winner);
            expected.put(winner.userId(), winner);
            if (random.nextInt(500) == 0) {
                deferred.flushCache();
            }
        }

        assertThat(expected.values())
                .as("with -Dredpacket.seed=" + seed)
                .allSatisfy(winner -> assertThat(winners.find(winner.userId())).isEqualTo(winner));
        assertThat(winners.find("somebody else")).isNull();
        winners.write();
        Winners read = store.read(PACKET);
        assertThat(read.tally()).as("with -Dredpacket.seed=" + seed).isEqualTo(winners.tally());
        assertThat(expected.values())
                .allSatisfy(winner -> assertThat(read.find(winner.userId())).isEqualTo(winner));
    }

    @Test
    void shouldTellUsersApartWhenTheirHashesAreEqual() {
        Winners winners = store.none(PACKET);
        winners.add(new Winner("Aa", "grab-1", new Share(0, 5)));

        assertThat(winners.find("BB")).isNull();
        deferred.flushCache();
        assertThat(winners.find("BB")).isNull();
    }

    @Test
    void shouldHoldNothingNewWhenNoCommitFollowed() {
        store.none(PACKET).add(new Winner("kim", "grab-1", new Share(0, 5)));

        assertThat(store.read(PACKET).tally()).isEqualTo(Tally.NONE);
    }

    @Test
    void shouldDeleteFromTheEndWhenInSteps() {
        commitWinners(1_000);

        assertThat(store.delete(PACKET, 1)).isEqualTo(1);
        assertThat(store.read(PACKET).tally().awardedShares()).isEqualTo(768);
        assertThat(store.delete(PACKET, 100)).isEqualTo(3);
        assertThat(store.read(PACKET).tally()).isEqualTo(Tally.NONE);
    }

    @Test
    void shouldRefuseToGoOnWhenWinnersWereLost() {
        commitWinners(300);
        deferred.wrapped().delete(StoreFormats.winnersKey(PACKET, 0));

        assertThatThrownBy(() -> store.read(PACKET))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("lost");
    }

    private void commitWinners(int count) {
        Winners winners = store.none(PACKET);
        for (int i = 0; i < count; i++) {
            winners.add(new Winner("user-" + i, "grab-" + i, new Share(i, 1)));
        }
        deferred.flushCache();
    }
}
