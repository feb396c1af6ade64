package redpacket.guarantees;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import redpacket.audit.Audit;
import redpacket.audit.AuditOptions;
import redpacket.audit.Report;
import redpacket.audit.SinkStores;
import redpacket.clients.KafkaAddress;

/** All that is promised. */
final class Guarantees {
    static final List<Guarantee> ALL = List.of(
            new EveryGrabIsAnsweredOnce(),
            new NoShareIsGivenTwice(),
            new MoneyBalances(),
            new OutcomesAreTrue(),
            new SeedsAreKept(),
            new BadRecordsArePutAway(),
            new CountersAreExact(),
            new SinkAgrees());

    private Guarantees() {}

    /**
     * Of all that is on the topics.
     *
     * @param slack how long after its deadline a packet may have been closed, faults and all
     */
    static void assertKept(KafkaAddress kafka, String secret, Duration slack) {
        assertKept(kafka, secret, slack, SinkStores.NONE);
    }

    /** The same, and of what a sink keeps; returns what the audit says of it all. */
    static Report assertKept(KafkaAddress kafka, String secret, Duration slack, SinkStores stores) {
        Report report = Audit.run(kafka, AuditOptions.STRICT.withSecret(secret).withClosingSlack(slack), stores);
        System.out.println(report.grabs() + " " + report.packets());
        assertThat(report.grabs().readable()).isPositive();
        CommittedRecords history = CommittedRecords.read(kafka);
        ALL.forEach(guarantee -> guarantee.assertKept(report, history));
        return report;
    }
}
