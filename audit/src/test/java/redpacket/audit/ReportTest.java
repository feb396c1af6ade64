package redpacket.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A report says what it rests on: an unchecked promise counts neither as good nor as bad. */
class ReportTest {
    private static final Report.Statistics COMPARED = new Report.Statistics(3, "Compared with a recount.");
    private static final Report.Ledger LEDGER = new Report.Ledger(9, 0, 0);
    private static final Report.ReadModel READ_MODEL = new Report.ReadModel(2, 4, 3, 0, "Compared with the topics.");

    private static Report report(Report.Statistics statistics, Report.Ledger ledger, Report.ReadModel readModel) {
        return report(7, statistics, ledger, readModel);
    }

    private static Report report(
            long grabs, Report.Statistics statistics, Report.Ledger ledger, Report.ReadModel readModel) {
        return new Report(
                Map.of(),
                new Report.Packets(grabs, 0, 0, grabs, 0),
                new Report.Grabs(grabs, 0, Map.of(), 0, 0),
                new Report.Cents(0, 0, 0, 0, 0, 0),
                null,
                0,
                statistics,
                ledger,
                readModel,
                0,
                0,
                Map.of(),
                List.of(),
                0,
                0);
    }

    @Test
    void shouldAgreeWhenAllWasCompared() {
        Report report = report(COMPARED, LEDGER, READ_MODEL);

        assertThat(report.allAgree()).isTrue();
        assertThat(report.isJudged()).isTrue();
        assertThat(report.notJudged()).isEmpty();
    }

    @Test
    void shouldNotBeJudgedWhenTopicsAreEmpty() {
        Report report = report(0, COMPARED, LEDGER, READ_MODEL);

        assertThat(report.isGood()).isTrue();
        assertThat(report.isJudged()).isFalse();
        assertThat(report.allAgree()).isFalse();
        assertThat(report.notJudged()).containsExactly("The topics hold no packet, no grab and no dead letter.");
    }

    @Test
    void shouldBeJudgedWithANoteWhenStatisticsWereNotCompared() {
        Report report = report(new Report.Statistics(0, "Not compared: the pipeline is at work."), LEDGER, READ_MODEL);

        assertThat(report.isJudged()).isTrue();
        assertThat(report.allAgree()).isFalse();
        assertThat(report.notJudged()).containsExactly("Statistics: Not compared: the pipeline is at work.");
    }

    @Test
    void shouldNotBeJudgedWhenReadModelWasNotCompared() {
        Report report = report(COMPARED, LEDGER, new Report.ReadModel(0, 0, 0, 2, "Not compared: the sink is behind."));

        assertThat(report.isJudged()).isFalse();
        assertThat(report.allAgree()).isFalse();
        assertThat(report.notJudged()).containsExactly("Read model: Not compared: the sink is behind.");
    }

    @Test
    void shouldNotBeJudgedWhenNoRowOfTheLedgerWasCompared() {
        Report report = report(COMPARED, new Report.Ledger(0, 9, 0), READ_MODEL);

        assertThat(report.isJudged()).isFalse();
        assertThat(report.notJudged()).containsExactly("Ledger: it has not read 9 records.");
    }

    @Test
    void shouldBeJudgedAndNotAgreeWhenTheLedgerIsBehind() {
        Report report = report(COMPARED, new Report.Ledger(8, 1, 1), READ_MODEL);

        assertThat(report.isJudged()).isTrue();
        assertThat(report.allAgree()).isFalse();
        assertThat(report.notJudged())
                .containsExactly("Ledger: it has not read 1 records.", "Ledger: 1 rows are older than the topics.");
    }

    @Test
    void shouldNotAgreeWhenTheSinkHasNothingToCompare() {
        assertThat(report(COMPARED, new Report.Ledger(0, 0, 0), READ_MODEL).allAgree())
                .isFalse();
        assertThat(report(COMPARED, LEDGER, new Report.ReadModel(0, 0, 3, 0, ""))
                        .allAgree())
                .isFalse();
        assertThat(report(COMPARED, null, READ_MODEL).allAgree()).isFalse();
    }
}
