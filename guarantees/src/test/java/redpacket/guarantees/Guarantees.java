package redpacket.guarantees;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;

/** All guarantees. A scenario says which of them it claims to show. */
final class Guarantees {
    /** Guarantees that the topics show. */
    static final List<Guarantee> OF_THE_TOPICS = List.of(
            new EveryGrabIsAnsweredOnce(),
            new NoShareIsGivenTwice(),
            new MoneyBalances(),
            new OutcomesAreTrue(),
            new SeedsAreKept(),
            new BadRecordsArePutAway(),
            new CountersAreExact());

    /** Also the guarantee about the stores of a sink. */
    static final List<Guarantee> ALL =
            Stream.concat(OF_THE_TOPICS.stream(), Stream.of(new SinkAgrees())).toList();

    private Guarantees() {}

    /** Asserts the claimed guarantees, and that the audit found no other violation either. */
    static void assertKept(List<Guarantee> claimed, Evidence evidence) {
        claimed.forEach(guarantee -> guarantee.assertKept(evidence));
        assertThat(evidence.report().violations()).as("violations").isEmpty();
    }
}
