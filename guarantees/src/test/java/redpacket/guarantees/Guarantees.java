package redpacket.guarantees;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;

/** All that is promised. A scenario says which of it it claims to show. */
final class Guarantees {
    /** What the topics show. */
    static final List<Guarantee> OF_THE_TOPICS = List.of(
            new EveryGrabIsAnsweredOnce(),
            new NoShareIsGivenTwice(),
            new MoneyBalances(),
            new OutcomesAreTrue(),
            new SeedsAreKept(),
            new BadRecordsArePutAway(),
            new CountersAreExact());

    /** The same, and what a sink makes of them. */
    static final List<Guarantee> ALL =
            Stream.concat(OF_THE_TOPICS.stream(), Stream.of(new SinkAgrees())).toList();

    private Guarantees() {}

    /** Asserts what is claimed, each seen at work; and that the audit found nothing else either. */
    static void assertKept(List<Guarantee> claimed, Evidence evidence) {
        claimed.forEach(guarantee -> guarantee.assertKept(evidence));
        assertThat(evidence.report().violations()).as("violations").isEmpty();
    }
}
