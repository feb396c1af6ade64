package redpacket.events;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * Event on {@code redpacket.awards}: the one answer to one record on {@code redpacket.grabs}.
 *
 * @param campaign the packet's campaign; null if the packet has none or is unknown
 * @param currency the currency of the packet; null if the packet names none or is unknown
 * @param share the user's share; null unless the outcome {@linkplain Outcome#carriesShare() carries one}
 * @param repeat true if an earlier result announced this share, in answer to an earlier record with the same grab id; a
 *     repeat moves no money
 * @param grabbedAtMillis when the broker appended the grab
 * @param grabOffset offset of the grab in {@code redpacket.grabs}, in the partition with the same number as this
 *     record's
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AwardResult(
        String packetId,
        String grabId,
        String userId,
        String campaign,
        String currency,
        Outcome outcome,
        Share share,
        boolean repeat,
        long grabbedAtMillis,
        long grabOffset) {

    public AwardResult {
        Ids.required("packetId", packetId);
        Ids.foreign("grabId", grabId);
        Ids.foreign("userId", userId);
        Ids.optional("campaign", campaign);
        Fields.optionalCurrency(currency);
        Fields.required("outcome", outcome);
        if (outcome == Outcome.UNKNOWN_PACKET && campaign != null) {
            throw new InvalidEventException(
                    "campaign is " + campaign + ", but a result UNKNOWN_PACKET has no campaign");
        }
        if (outcome == Outcome.UNKNOWN_PACKET && currency != null) {
            throw new InvalidEventException(
                    "currency is " + currency + ", but a result UNKNOWN_PACKET has no currency");
        }
        if (outcome.carriesShare() != (share != null)) {
            throw new InvalidEventException(
                    share == null
                            ? "share is missing, but a result " + outcome + " carries one"
                            : "share is present, but a result " + outcome + " carries none");
        }
        if (repeat && outcome != Outcome.AWARDED) {
            throw new InvalidEventException("repeat is true, but a result " + outcome + " cannot be a repeat");
        }
        Fields.atLeast(0, "grabbedAtMillis", grabbedAtMillis);
        Fields.atLeast(0, "grabOffset", grabOffset);
    }

    /** A result of a packet without a currency. */
    public AwardResult(
            String packetId,
            String grabId,
            String userId,
            String campaign,
            Outcome outcome,
            Share share,
            boolean repeat,
            long grabbedAtMillis,
            long grabOffset) {
        this(packetId, grabId, userId, campaign, null, outcome, share, repeat, grabbedAtMillis, grabOffset);
    }

    /** Whether this result moves money. Exactly one such result hands out each share. */
    public boolean movesMoney() {
        return outcome == Outcome.AWARDED && !repeat;
    }
}
