package redpacket.topology.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
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
import redpacket.events.AwardResult;
import redpacket.events.Counter;
import redpacket.events.Counters;
import redpacket.events.Outcome;
import redpacket.events.PacketEvent;
import redpacket.events.Share;
import redpacket.events.Split;
import redpacket.events.WindowStats;
import redpacket.topology.stores.StateStores;

/** The store is real and on disk; commits are called by hand. */
class WindowDeltasTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final String HASH = "0f".repeat(32);

    @TempDir
    private Path folder;

    private KeyValueStore<Bytes, byte[]> store;
    private WindowDeltas deltas;

    @BeforeEach
    void open() {
        var context = new MockProcessorContext<>(new Properties(), new TaskId(0, 0), folder.toFile());
        store = StateStores.persistent("winners").withLoggingDisabled().build();
        store.init(context.getStateStoreContext(), store);
        restart(SECOND);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void shouldCountInTheWindowAndTheCampaignWhenGrabsAreAnswered() {
        deltas.count(result(5_000, "spring", Outcome.SOLD_OUT));
        deltas.count(result(5_999, "spring", Outcome.SOLD_OUT));
        deltas.count(result(6_000, "spring", Outcome.SOLD_OUT));
        deltas.count(result(5_500, "autumn", Outcome.EXPIRED));
        deltas.count(result(5_501, null, Outcome.UNKNOWN_PACKET));

        assertThat(sent())
                .containsExactlyInAnyOrder(
                        window("campaign/spring", 5_000, 1_000, counting(Counter.SOLD_OUT, 2)),
                        window("campaign/spring", 6_000, 1_000, counting(Counter.SOLD_OUT, 1)),
                        window("campaign/autumn", 5_000, 1_000, counting(Counter.EXPIRED, 1)),
                        window(
                                "all",
                                5_000,
                                1_000,
                                counting(Counter.SOLD_OUT, 2)
                                        .plus(counting(Counter.EXPIRED, 1))
                                        .plus(counting(Counter.UNKNOWN_PACKET, 1))),
                        window("all", 6_000, 1_000, counting(Counter.SOLD_OUT, 1)));
    }

    @Test
    void shouldCountPacketsWhenTheyOpenAndClose() {
        deltas.count(opened(1_000, "spring"));
        deltas.count(opened(1_001, null));
        deltas.count(expired(2_500, "spring", 70));
        assertThat(deltas.openPackets()).isOne();
        deltas.count(soldOut(2_501));
        assertThat(deltas.openPackets()).isZero();

        Counters closings = Counters.of(expired(2_500, "spring", 70)).plus(Counters.of(soldOut(2_501)));
        assertThat(sent())
                .containsExactlyInAnyOrder(
                        window("campaign/spring", 1_000, 1_000, Counters.of(opened(1_000, "spring"))),
                        window("all", 1_000, 1_000, ones(Counter.PACKETS_OPENED, 2)),
                        window("campaign/spring", 2_000, 1_000, Counters.of(expired(2_500, "spring", 70))),
                        window("all", 2_000, 1_000, closings));
    }

    @Test
    void shouldSendNothingAgainWhenItWasSent() {
        deltas.count(result(5_000, "spring", Outcome.SOLD_OUT));
        deltas.write();
        sent();

        assertThat(sent()).isEmpty();
        restart(SECOND);
        assertThat(sent()).isEmpty();
    }

    @Test
    void shouldCountFromZeroWhenTheSameWindowIsCountedAfterItWasSent() {
        deltas.count(result(5_000, "spring", Outcome.SOLD_OUT));
        sent();
        deltas.count(result(5_000, "spring", Outcome.SOLD_OUT));

        assertThat(sent())
                .contains(window("all", 5_000, 1_000, counting(Counter.SOLD_OUT, 1)))
                .hasSize(2);
    }

    @Test
    void shouldKnowWhatWasCommittedWhenItIsRestarted() {
        deltas.count(opened(1_000, "spring"));
        deltas.count(result(1_100, "spring", Outcome.SOLD_OUT));
        deltas.write();
        deltas.count(result(1_200, "spring", Outcome.SOLD_OUT));
        deltas.write();

        restart(SECOND);

        assertThat(deltas.openPackets()).isOne();
        Counters both = ones(Counter.PACKETS_OPENED, 1).plus(counting(Counter.SOLD_OUT, 2));
        assertThat(sent())
                .containsExactlyInAnyOrder(
                        window("campaign/spring", 1_000, 1_000, both), window("all", 1_000, 1_000, both));
    }

    @Test
    void shouldKnowNothingOfWhatWasNotCommittedWhenItIsRestarted() {
        deltas.count(opened(1_000, "spring"));
        deltas.count(result(1_100, "spring", Outcome.SOLD_OUT));

        restart(SECOND);

        assertThat(deltas.openPackets()).isZero();
        assertThat(sent()).isEmpty();
    }

    @Test
    void shouldKeepWindowsApartWhenTheirLengthChangesAtARestart() {
        deltas.count(result(10_500, "spring", Outcome.SOLD_OUT));
        deltas.write();

        restart(Duration.ofSeconds(10));
        deltas.count(result(10_500, "spring", Outcome.SOLD_OUT));

        assertThat(sent())
                .containsExactlyInAnyOrder(
                        window("campaign/spring", 10_000, 1_000, counting(Counter.SOLD_OUT, 1)),
                        window("all", 10_000, 1_000, counting(Counter.SOLD_OUT, 1)),
                        window("campaign/spring", 10_000, 10_000, counting(Counter.SOLD_OUT, 1)),
                        window("all", 10_000, 10_000, counting(Counter.SOLD_OUT, 1)));
    }

    @Test
    void shouldWriteOnlyWhatHasChangedWhenCommitsFollow() {
        deltas.count(opened(1_000, "spring"));
        deltas.write();
        store.delete(DeltaFormat.OPEN_PACKETS_KEY);
        store.delete(DeltaFormat.key(WindowFormat.key(1_000, 1_000, "spring")));

        deltas.count(result(9_000, "spring", Outcome.SOLD_OUT));
        deltas.write();

        assertThat(records()).isOne();
    }

    /** Against a recount, whatever is committed, taken back and sent in between. */
    @RepeatedTest(5)
    void shouldSendEveryAnswerOnceWhenCommitsAndFailuresAndSendingMix() {
        long seed = Long.getLong("redpacket.seed", new Random().nextLong());
        Random random = new Random(seed);
        Map<String, Counters> expected = new HashMap<>();
        Map<String, Counters> received = new HashMap<>();
        List<AwardResult> uncommitted = new ArrayList<>();
        for (int step = 0; step < 2_000; step++) {
            switch (random.nextInt(20)) {
                case 0 -> {
                    deltas.write();
                    uncommitted.clear();
                }
                case 1 -> {
                    // A failure takes back what was not committed; the log brings it again.
                    restart(SECOND);
                    uncommitted.forEach(deltas::count);
                }
                case 2 -> {
                    deltas.write();
                    uncommitted.clear();
                    sent().forEach(window -> received.merge(window.key(), window.counters(), Counters::plus));
                }
                default -> {
                    String campaign = List.of("spring", "autumn", "").get(random.nextInt(3));
                    AwardResult result = result(
                            random.nextInt(5_000),
                            campaign.isEmpty() ? null : campaign,
                            random.nextBoolean() ? Outcome.SOLD_OUT : Outcome.AWARDED);
                    deltas.count(result);
                    uncommitted.add(result);
                    String window = "@" + result.grabbedAtMillis() / 1_000 * 1_000;
                    expected.merge("all" + window, Counters.of(result), Counters::plus);
                    if (!campaign.isEmpty()) {
                        expected.merge("campaign/" + campaign + window, Counters.of(result), Counters::plus);
                    }
                }
            }
        }
        sent().forEach(window -> received.merge(window.key(), window.counters(), Counters::plus));

        assertThat(received).as("with -Dredpacket.seed=%d", seed).isEqualTo(expected);
    }

    private void restart(Duration length) {
        deltas = new WindowDeltas(store, length);
    }

    private List<WindowStats> sent() {
        List<WindowStats> sent = new ArrayList<>();
        deltas.send(sent::add);
        return sent;
    }

    private int records() {
        int records = 0;
        try (KeyValueIterator<Bytes, byte[]> all = store.all()) {
            for (; all.hasNext(); all.next()) {
                records++;
            }
        }
        return records;
    }

    /** Deltas have revision 1, and are never closed. */
    private static WindowStats window(String scope, long startMillis, long windowMillis, Counters counters) {
        return new WindowStats(scope, startMillis, windowMillis, 1, false, counters);
    }

    private static Counters counting(Counter outcome, long grabs) {
        return Counters.of(counter -> counter == Counter.GRABS || counter == outcome ? grabs : 0);
    }

    private static Counters ones(Counter one, long count) {
        return Counters.of(counter -> counter == one ? count : 0);
    }

    private static AwardResult result(long grabbedAtMillis, String campaign, Outcome outcome) {
        Share share = outcome.carriesShare() ? new Share(0, 5) : null;
        return new AwardResult("p", "g", "u", campaign, outcome, share, false, grabbedAtMillis, 7);
    }

    private static PacketEvent.Opened opened(long openedAtMillis, String campaign) {
        return new PacketEvent.Opened(
                "p", "s", 100, 3, Split.EQUAL, campaign, openedAtMillis, openedAtMillis + 1_000, HASH, 7);
    }

    private static PacketEvent.Closed expired(long closedAtMillis, String campaign, long refundedCents) {
        return new PacketEvent.Expired("p", campaign, 0, 0, refundedCents, closedAtMillis, null, HASH);
    }

    private static PacketEvent.Closed soldOut(long closedAtMillis) {
        PacketEvent.Luckiest luckiest = new PacketEvent.Luckiest("u", new Share(0, 100));
        return new PacketEvent.SoldOut("p", null, 1, 100, closedAtMillis, 5, luckiest, HASH);
    }
}
