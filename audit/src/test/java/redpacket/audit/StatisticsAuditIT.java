package redpacket.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;
import static redpacket.audit.HistoryWriter.DEADLINE;
import static redpacket.audit.HistoryWriter.KNOWN;
import static redpacket.audit.HistoryWriter.OPENED;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redpacket.events.Counters;
import redpacket.events.Outcome;
import redpacket.events.Share;
import redpacket.events.WindowStats;
import redpacket.parts.LocalKafka;

/** Compares published counters with a recount of one win, one loser and one expired packet, in two windows. */
class StatisticsAuditIT {
    private static final long WINDOW_MILLIS = 10_000;

    private LocalKafka kafka;
    private HistoryWriter history;
    private Counters opening;
    private Counters closing;

    @BeforeEach
    void start() throws Exception {
        kafka = LocalKafka.start();
        HistoryWriter.layOut(kafka.address(), 1);
        history = new HistoryWriter(kafka.address(), 0, 1, "spring").withPacket();
        history.win("anna", 0, KNOWN + 1);
        history.lose(history.grab("bert", DEADLINE + 1), Outcome.EXPIRED);
        history.tick(DEADLINE + 5_000);
        history.expired("anna");
        Share share = history.cut.get(0);
        opening = Counters.of(counter -> switch (counter) {
            case GRABS, AWARDED, PACKETS_OPENED -> 1;
            case AWARDED_CENTS -> share.cents();
            default -> 0;
        });
        closing = Counters.of(counter -> switch (counter) {
            case GRABS, EXPIRED, PACKETS_EXPIRED -> 1;
            case REFUNDED_CENTS -> 100 - share.cents();
            default -> 0;
        });
    }

    @AfterEach
    void stop() {
        history.close();
        kafka.close();
    }

    private long publish(String scope, long windowStartMillis, long revision, boolean closed, Counters counters) {
        return history.stats(new WindowStats(scope, windowStartMillis, WINDOW_MILLIS, revision, closed, counters));
    }

    private void publishAllRightBut(String leftOut) {
        for (String scope : List.of("all", "campaign/spring")) {
            if (!scope.equals(leftOut)) {
                publish(scope, OPENED, 1, false, Counters.NONE);
                publish(scope, OPENED, 2, true, opening);
                publish(scope, DEADLINE, 3, false, closing);
            }
        }
    }

    private Report audit() {
        return Audit.run(kafka.address(), AuditOptions.STRICT.withPatience(Duration.ZERO));
    }

    @Test
    void shouldFindNothingWhenEveryCounterIsRight() {
        publishAllRightBut("none");
        Report report = audit();
        assertThat(report.violations()).isEmpty();
        assertThat(report.statistics().windows()).isEqualTo(4);
    }

    @Test
    void shouldReportThatNothingWasComparedWhenThereAreNoStatistics() {
        Report report = audit();
        assertThat(report.isGood()).isTrue();
        assertThat(report.statistics()).isEqualTo(new Report.Statistics(0, "There are no statistics."));
    }

    @Test
    void shouldFindAWrongCounter() {
        publishAllRightBut("campaign/spring");
        publish("campaign/spring", OPENED, 1, false, opening);
        long wrong = publish("campaign/spring", DEADLINE, 1, false, closing.plus(closing));
        assertThat(audit().violations())
                .extracting(Violation::kind, Violation::offset)
                .containsExactly(tuple(Violation.Kind.WRONG_COUNT, wrong));
    }

    @Test
    void shouldFindAWindowThatIsMissing() {
        publishAllRightBut("campaign/spring");
        assertThat(audit().violations())
                .extracting(Violation::kind)
                .containsExactly(Violation.Kind.WRONG_COUNT, Violation.Kind.WRONG_COUNT);
    }

    @Test
    void shouldFindAWindowOfEventsThatNeverHappened() {
        publishAllRightBut("none");
        long wrong = publish("all", 0, 1, false, opening);
        assertThat(audit().violations()).extracting(Violation::offset).containsExactly(wrong);
    }

    @Test
    void shouldFindARevisionThatDoesNotGrowAndAWindowReopened() {
        publishAllRightBut("none");
        long stale = publish("all", DEADLINE, 3, true, closing);
        long reopened = publish("all", DEADLINE, 4, false, closing);
        assertThat(audit().violations())
                .extracting(Violation::toString)
                .satisfiesExactly(
                        first -> assertThat(first).startsWith("STALE_REVISION redpacket.stats-0@" + stale + ":"),
                        second -> assertThat(second).startsWith("WINDOW_REOPENED redpacket.stats-0@" + reopened + ":"));
    }

    @Test
    void shouldNotCompareWhenGrabsAreUnanswered() {
        history.grab("cleo", DEADLINE + 2);
        publishAllRightBut("all");
        Report report =
                Audit.run(kafka.address(), Lenient.allowingOpen(AuditOptions.STRICT.withPatience(Duration.ZERO)));
        assertThat(report.isGood()).isTrue();
        assertThat(report.statistics()).isEqualTo(new Report.Statistics(0, "Not compared: the pipeline is at work."));
    }
}
