package redpacket.guarantees;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import redpacket.audit.Violation.Kind;
import redpacket.events.AwardResult;
import redpacket.events.Outcome;

/** A share goes to one user, and a user gets one share of a packet, however often users grab. */
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

    /** Without users who grab twice, the history could not contain a second share. */
    @Override
    Map<String, Long> seen(Evidence evidence) {
        return Map.of(
                "shares given", (long) given(evidence.history()).size(),
                "grabs sent again by a winner", evidence.report().grabs().repeats(),
                "other grabs of a winner",
                        evidence.report().grabs().outcomes().getOrDefault(Outcome.ALREADY_GRABBED, 0L));
    }

    @Override
    void check(Evidence evidence) {
        List<AwardResult> given = given(evidence.history());
        assertThat(given)
                .extracting(
                        award -> award.packetId() + " share " + award.share().index())
                .doesNotHaveDuplicates();
        assertThat(given)
                .extracting(award -> award.packetId() + " to " + award.userId())
                .doesNotHaveDuplicates();
    }

    private static List<AwardResult> given(CommittedRecords history) {
        return history.awards().stream()
                .map(CommittedRecords.Award::result)
                .filter(AwardResult::movesMoney)
                .toList();
    }
}
