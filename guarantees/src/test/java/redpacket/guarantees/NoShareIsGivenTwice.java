package redpacket.guarantees;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import redpacket.audit.Violation.Kind;
import redpacket.events.AwardResult;

/** A share goes to one user, and a user gets one share of a packet, however often either is asked for. */
final class NoShareIsGivenTwice extends Guarantee {
    NoShareIsGivenTwice() {
        super(
                Kind.AWARDED_UNOPENED,
                Kind.SECOND_SHARE,
                Kind.SHARE_TWICE,
                Kind.SHARE_OUT_OF_TURN,
                Kind.DIFFERENT_REPEAT,
                Kind.WRONG_SHARE_HELD);
    }

    @Override
    void assertKept(CommittedRecords history) {
        List<AwardResult> given = history.awards().stream()
                .map(CommittedRecords.Award::result)
                .filter(AwardResult::movesMoney)
                .toList();
        assertThat(given)
                .extracting(
                        award -> award.packetId() + " share " + award.share().index())
                .doesNotHaveDuplicates();
        assertThat(given)
                .extracting(award -> award.packetId() + " to " + award.userId())
                .doesNotHaveDuplicates();
    }
}
