package redpacket.guarantees;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import redpacket.audit.Violation.Kind;

/** Every readable grab has exactly one committed result, which names the grab's offset. */
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
    Map<String, Long> seen(Evidence evidence) {
        return Map.of(
                "audited grabs", evidence.report().grabs().readable(),
                "grabs", (long) evidence.history().readableGrabs().size(),
                "answers", (long) evidence.history().awards().size());
    }

    @Override
    void check(Evidence evidence) {
        CommittedRecords history = evidence.history();
        assertThat(history.awards().stream()
                        .map(award -> award.partition() + "@" + award.result().grabOffset())
                        .sorted())
                .as("answered grabs")
                .containsExactlyElementsOf(history.readableGrabs().stream()
                        .map(grab -> grab.partition() + "@" + grab.offset())
                        .sorted()
                        .toList());
    }
}
