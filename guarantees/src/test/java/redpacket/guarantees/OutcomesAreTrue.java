package redpacket.guarantees;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import redpacket.audit.Violation.Kind;
import redpacket.events.AwardResult;
import redpacket.events.Outcome;
import redpacket.events.PacketEvent;

/** Answers to users and senders follow the rules: no award too late, no SOLD_OUT or EXPIRED too early. */
final class OutcomesAreTrue extends Guarantee {
    OutcomesAreTrue() {
        super(
                Kind.AWARDED_TOO_EARLY,
                Kind.AWARDED_TO_OTHERS,
                Kind.AWARDED_TOO_LATE,
                Kind.SOLD_OUT_TOO_EARLY,
                Kind.EXPIRED_TOO_EARLY,
                Kind.UNKNOWN_THOUGH_OPENED,
                Kind.WRONG_OUTCOME,
                Kind.WRONG_OPENING,
                Kind.OPENED_TWICE,
                Kind.WRONG_REJECTION,
                Kind.WRONG_ACCEPTANCE);
    }

    @Override
    Map<String, Long> seen(Evidence evidence) {
        Map<String, Long> seen = new TreeMap<>();
        for (Outcome outcome : EnumSet.range(Outcome.AWARDED, Outcome.UNKNOWN_PACKET)) {
            seen.put("answers " + outcome, evidence.report().grabs().outcomes().getOrDefault(outcome, 0L));
        }
        seen.put("commands accepted", evidence.report().packets().opened());
        seen.put("commands rejected", evidence.report().packets().rejected());
        return seen;
    }

    @Override
    void check(Evidence evidence) {
        Map<String, PacketEvent.Opened> terms = new HashMap<>();
        evidence.history()
                .packetEvents(PacketEvent.Opened.class)
                .forEach(opened -> terms.putIfAbsent(opened.packetId(), opened));
        Map<String, Integer> givenSoFar = new HashMap<>();
        for (CommittedRecords.Award award : evidence.history().awards()) {
            AwardResult result = award.result();
            PacketEvent.Opened packet = terms.get(result.packetId());
            switch (result.outcome()) {
                case AWARDED -> {
                    if (result.movesMoney()) {
                        givenSoFar.merge(result.packetId(), 1, Integer::sum);
                        assertThat(result.grabbedAtMillis())
                                .as("time of %s", result)
                                .isLessThan(packet.deadlineMillis());
                    }
                }
                case SOLD_OUT ->
                    assertThat(givenSoFar)
                            .as("shares given before %s", result)
                            .containsEntry(result.packetId(), packet.shares());
                case EXPIRED ->
                    assertThat(result.grabbedAtMillis())
                            .as("time of %s", result)
                            .isGreaterThanOrEqualTo(packet.deadlineMillis());
                case NOT_STARTED ->
                    assertThat(result.grabbedAtMillis())
                            .as("time of %s", result)
                            .isLessThan(packet.startMillis());
                case NOT_ELIGIBLE ->
                    assertThat(packet.onlyUsers()).as("users of %s", packet).isNotNull();
                case CANCELLED ->
                    assertThat(evidence.history().packetEvents(PacketEvent.Cancelled.class))
                            .extracting(PacketEvent::packetId)
                            .contains(result.packetId());
                case UNKNOWN_PACKET ->
                    assertThat(givenSoFar).as("shares given before %s", result).doesNotContainKey(result.packetId());
                case ALREADY_GRABBED ->
                    assertThat(givenSoFar).as("shares given before %s", result).containsKey(result.packetId());
            }
        }
    }
}
