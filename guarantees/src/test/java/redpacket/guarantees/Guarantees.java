package redpacket.guarantees;

import java.util.List;

/** All that is promised. */
final class Guarantees {
    static final List<Guarantee> ALL = List.of(
            new EveryGrabIsAnsweredOnce(),
            new NoShareIsGivenTwice(),
            new MoneyBalances(),
            new OutcomesAreTrue(),
            new SeedsAreKept(),
            new BadRecordsArePutAway(),
            new CountersAreExact());

    private Guarantees() {}
}
