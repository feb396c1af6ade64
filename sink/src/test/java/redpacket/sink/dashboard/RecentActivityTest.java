package redpacket.sink.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import redpacket.events.AwardResult;
import redpacket.events.Counters;
import redpacket.events.Outcome;
import redpacket.events.Share;
import redpacket.events.WindowStats;
import redpacket.reader.Committed;
import redpacket.sink.readmodel.Award;

class RecentActivityTest {
    private static final long NOW = 1_767_225_600_000L;

    private final RecentActivity rush = new RecentActivity(NOW);

    @Test
    void shouldCountWindowOnceWhenItsRevisionsComeInAnyOrder() {
        rush.onStats(window(NOW, 2, 20));
        rush.onStats(window(NOW, 3, 30));
        rush.onStats(window(NOW, 1, 10));

        assertThat(rush.totals().soldOut()).isEqualTo(30);
        assertThat(rush.latestWindows().soldOut()).containsExactly(30L);
    }

    @Test
    void shouldShowTheWindowsOfNowWhenOneIsInTheFuture() {
        long future = System.currentTimeMillis() / 1_000 * 1_000 + RecentActivity.DAY.toMillis();
        rush.onStats(window(future, 1, 99));
        rush.onStats(window(NOW, 1, 5));
        rush.onStats(window(NOW + 1_000, 1, 7));

        assertThat(rush.latestWindows().soldOut()).containsExactly(5L, 7L);
    }

    @Test
    void shouldForgetWindowWhenItIsADayOld() {
        rush.onStats(window(NOW, 1, 5));
        rush.onStats(window(NOW + 1_000, 1, 7));

        rush.nextSecond(NOW + RecentActivity.DAY.toMillis() + 1_000);

        assertThat(rush.totals().soldOut()).isEqualTo(7);
    }

    @Test
    void shouldShowTheLatestAwardsWhenPartitionsAreReadOneAfterTheOther() {
        for (int i = 0; i < 100; i++) {
            rush.onAward(award("a", i, NOW + 2L * i));
        }
        for (int i = 0; i < 100; i++) {
            rush.onAward(award("b", i, NOW + 2L * i + 1));
        }

        assertThat(rush.latestAwards())
                .hasSizeLessThan(30)
                .extracting(Award::packetId)
                .startsWith("b", "a", "b", "a");
        assertThat(rush.latestAwards().get(0).share().index()).isEqualTo(99);
    }

    @Test
    void shouldTellNothingOfLatencyWhenOnlyOldAnswersAreRead() {
        rush.onAward(award("a", 0, NOW - 1));

        assertThat(rush.latency()).isNull();
    }

    @Test
    void shouldTurnToWhatIsGrabbedNowWhenAnotherPacketWasHotBefore() {
        for (int i = 0; i < 100; i++) {
            rush.heat().grabbed("before");
        }
        for (int second = 0; second < 10; second++) {
            rush.nextSecond(NOW);
            for (int i = 0; i < 20; i++) {
                rush.heat().grabbed("now");
            }
        }

        assertThat(rush.heat().hottest(5)).containsExactly("now", "before");
        assertThat(rush.heat().grabsPerSecond("now")).isBetween(15.0, 20.0);
    }

    @Test
    void shouldStayBoundedWhenVeryManyPacketsAreGrabbed() {
        for (int packet = 0; packet < 100_000; packet++) {
            rush.heat().grabbed("packet-" + packet);
        }
        rush.nextSecond(NOW);
        rush.heat().grabbed("new");

        assertThat(rush.heat().hottest(1_000_000)).hasSizeLessThan(20_000).contains("new");
    }

    private static Committed<WindowStats> window(long startMillis, long revision, long soldOut) {
        Counters counters = Counters.of(counter -> switch (counter) {
            case GRABS, SOLD_OUT -> soldOut;
            default -> 0;
        });
        WindowStats window = new WindowStats(WindowStats.ALL, startMillis, 1_000, revision, false, counters);
        return new Committed<>(window, 0, revision, startMillis);
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
        return new Committed<>(result, 0, index, grabbedAtMillis);
    }
}
