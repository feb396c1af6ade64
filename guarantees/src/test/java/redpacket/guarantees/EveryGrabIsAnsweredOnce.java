package redpacket.guarantees;

import static org.assertj.core.api.Assertions.assertThat;

import redpacket.audit.Violation.Kind;

/** Every readable grab has exactly one committed result, which names it. */
final class EveryGrabIsAnsweredOnce extends Guarantee {
    EveryGrabIsAnsweredOnce() {
        super(
                Kind.UNANSWERED,
                Kind.ANSWERED_TWICE,
                Kind.ANSWER_WITHOUT_INPUT,
                Kind.ANSWER_TO_ANOTHER,
                Kind.UNREADABLE_ANSWER);
    }

    @Override
    void assertKept(CommittedRecords history) {
        assertThat(history.awards().stream()
                        .map(award -> award.partition() + "@" + award.result().grabOffset())
                        .sorted())
                .containsExactlyElementsOf(history.readableGrabs().stream()
                        .map(grab -> grab.partition() + "@" + grab.offset())
                        .sorted()
                        .toList());
    }
}
