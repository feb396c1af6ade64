package redpacket.events;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * Event on {@code redpacket.awards}: the one answer to one record on {@code redpacket.grabs}.
 *
 * @param campaign the packet's campaign; null when it has none or the packet is unknown
 * @param share the user's share, present exactly when the outcome {@linkplain Outcome#carriesShare() carries one}
 * @param repeat true when this share was announced before, in answer to an earlier record with the same grab id: such a
 *     result moves no money
 * @param grabbedAtMillis when the broker appended the grab
 * @param grabOffset where the grab stands in the partition of {@code redpacket.grabs} with this record's partition number
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AwardResult(
        String packetId,
        String grabId,
        String userId,
        String campaign,
        Outcome outcome,
        Share share,
        boolean repeat,
        long grabbedAtMillis,
        long grabOffset) {

    public AwardResult {
        Ids.required("packetId", packetId);
        Ids.required("grabId", grabId);
        Ids.required("userId", userId);
        Ids.optional("campaign", campaign);
        Fields.required("outcome", outcome);
        if (outcome == Outcome.UNKNOWN_PACKET && campaign != null) {
            throw new InvalidEventException("an unknown packet has no campaign");
        }
        if (outcome.carriesShare() != (share != null)) {
            throw new InvalidEventException(
                    "a result " + outcome + (share == null ? " carries" : " does not carry") + " a share");
        }
        if (repeat && outcome != Outcome.AWARDED) {
            throw new InvalidEventException("only an AWARDED result is marked as a repeat");
        }
        Fields.atLeast(0, "grabbedAtMillis", grabbedAtMillis);
        Fields.atLeast(0, "grabOffset", grabOffset);
    }

    /** Whether this result hands out money: each share is handed out by exactly one such result. */
    public boolean movesMoney() {
        return outcome == Outcome.AWARDED && !repeat;
    }
}
