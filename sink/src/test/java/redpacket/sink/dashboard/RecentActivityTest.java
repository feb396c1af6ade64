package redpacket.sink.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import redpacket.events.AwardResult;
import redpacket.events.Counters;
import redpacket.events.Outcome;
import redpacket.events.Share;
import redpacket.events.TraceContext;
import redpacket.events.WindowStats;
import redpacket.reader.Committed;
import redpacket.sink.readmodel.Award;

class RecentActivityTest {
    private static final long NOW = 1_767_225_600_000L;

    private final RecentActivity activity = new RecentActivity(NOW);

    @Test
    void shouldCountWindowOnceWhenItsRevisionsArriveInAnyOrder() {
        activity.onStats(window(NOW, 2, 20));
        activity.onStats(window(NOW, 3, 30));
        activity.onStats(window(NOW, 1, 10));

        assertThat(activity.totals().soldOut()).isEqualTo(30);
        assertThat(activity.latestWindows().soldOut()).containsExactly(30L);
    }

    @Test
    void shouldShowCurrentWindowsWhenAnotherIsInTheFuture() {
        long future = System.currentTimeMillis() / 1_000 * 1_000 + RecentActivity.DAY.toMillis();
        activity.onStats(window(future, 1, 99));
        activity.onStats(window(NOW, 1, 5));
        activity.onStats(window(NOW + 1_000, 1, 7));

        assertThat(activity.latestWindows().soldOut()).containsExactly(5L, 7L);
    }

    @Test
    void shouldForgetWindowWhenItIsADayOld() {
        activity.onStats(window(NOW, 1, 5));
        activity.onStats(window(NOW + 1_000, 1, 7));

        activity.nextSecond(NOW + RecentActivity.DAY.toMillis() + 1_000);

        assertThat(activity.totals().soldOut()).isEqualTo(7);
    }

    @Test
    void shouldShowLatestAwardsWhenPartitionsAreReadOneAfterTheOther() {
        for (int i = 0; i < 100; i++) {
            activity.onAward(award("a", i, NOW + 2L * i));
        }
        for (int i = 0; i < 100; i++) {
            activity.onAward(award("b", i, NOW + 2L * i + 1));
        }

        assertThat(activity.latestAwards())
                .hasSizeLessThan(30)
                .extracting(Award::packetId)
                .startsWith("b", "a", "b", "a");
        assertThat(activity.latestAwards().get(0).share().index()).isEqualTo(99);
    }

    @Test
    void shouldReportNoLatencyWhenOnlyOldAnswersAreRead() {
        activity.onAward(award("a", 0, NOW - 1));

        assertThat(activity.latency()).isNull();
    }

    @Test
    void shouldRankCurrentPacketFirstWhenAnotherPacketWasHotBefore() {
        for (int i = 0; i < 100; i++) {
            activity.rates().grabbed("before");
        }
        for (int second = 0; second < 10; second++) {
            activity.nextSecond(NOW);
            for (int i = 0; i < 20; i++) {
                activity.rates().grabbed("now");
            }
        }

        assertThat(activity.rates().hottest(5)).containsExactly("now", "before");
        assertThat(activity.rates().grabsPerSecond("now")).isBetween(15.0, 20.0);
    }

    @Test
    void shouldStayBoundedWhenManyPacketsAreGrabbed() {
        for (int packet = 0; packet < 100_000; packet++) {
            activity.rates().grabbed("packet-" + packet);
        }
        activity.nextSecond(NOW);
        activity.rates().grabbed("new");

        assertThat(activity.rates().hottest(1_000_000)).hasSizeLessThan(20_000).contains("new");
    }

    private static Committed<WindowStats> window(long startMillis, long revision, long soldOut) {
        Counters counters = Counters.of(counter -> switch (counter) {
            case GRABS, SOLD_OUT -> soldOut;
            default -> 0;
        });
        WindowStats window = new WindowStats(WindowStats.ALL, startMillis, 1_000, revision, false, counters);
        return new Committed<>(window, 0, revision, startMillis, TraceContext.NONE);
    }

    private static Committed<AwardResult> award(String packetId, int index, long grabbedAtMillis) {
        AwardResult result = new AwardResult(
                packetId,
                "grab-" + index,
                "user-" + index,
                null,
                Outcome.AWARDED,
                new Share(index, 1),
                false,
                grabbedAtMillis,
                index);
        return new Committed<>(result, 0, index, grabbedAtMillis, TraceContext.NONE);
    }
}
