package redpacket.events;

import java.util.Arrays;

/**
 * Reads an award result in the plain form in which {@link AwardWriter} writes it, byte for byte. The pipeline writes
 * millions of results in this form. It leaves every other form to the strict reader of {@link Json}. So it refuses
 * nothing, and the two readers cannot disagree.
 */
final class PlainAward extends PlainText {
    private static final byte[] PACKET_ID = ascii("{\"packetId\":\"");
    private static final byte[] GRAB_ID = ascii(",\"grabId\":\"");
    private static final byte[] USER_ID = ascii(",\"userId\":\"");
    private static final byte[] CAMPAIGN = ascii(",\"campaign\":\"");
    private static final byte[] CURRENCY = ascii(",\"currency\":\"");
    private static final byte[] OUTCOME = ascii(",\"outcome\":\"");
    private static final byte[] SHARE_INDEX = ascii(",\"share\":{\"index\":");
    private static final byte[] SHARE_CENTS = ascii(",\"cents\":");
    private static final byte[] REPEAT = ascii(",\"repeat\":true");
    private static final byte[] NO_REPEAT = ascii(",\"repeat\":false");
    private static final byte[] GRABBED_AT = ascii(",\"grabbedAtMillis\":");
    private static final byte[] GRAB_OFFSET = ascii(",\"grabOffset\":");
    private static final Outcome[] OUTCOMES = Outcome.values();
    private static final byte[][] OUTCOME_NAMES =
            Arrays.stream(OUTCOMES).map(outcome -> ascii(outcome.name() + '"')).toArray(byte[][]::new);

    private PlainAward(byte[] json) {
        super(json);
    }

    /** The result; null if the bytes are not a result in plain form. */
    static AwardResult read(byte[] json) {
        return new PlainAward(json).award();
    }

    private AwardResult award() {
        String packetId = takes(PACKET_ID) ? id() : null;
        String grabId = takes(GRAB_ID) ? foreignId() : null;
        String userId = takes(USER_ID) ? foreignId() : null;
        boolean inCampaign = takes(CAMPAIGN);
        String campaign = inCampaign ? id() : null;
        boolean inCurrency = takes(CURRENCY);
        String currency = inCurrency ? id() : null;
        Outcome outcome = takes(OUTCOME) ? outcome() : null;
        boolean carriesShare = takes(SHARE_INDEX);
        Share share = carriesShare ? share() : null;
        boolean repeat = takes(REPEAT);
        boolean answered = repeat || takes(NO_REPEAT);
        long grabbedAtMillis = takes(GRABBED_AT) ? number() : -1;
        long grabOffset = takes(GRAB_OFFSET) ? number() : -1;
        boolean complete = packetId != null
                && grabId != null
                && userId != null
                && inCampaign == (campaign != null)
                && inCurrency == (currency != null)
                && outcome != null
                && carriesShare == (share != null)
                && answered
                && grabbedAtMillis >= 0
                && grabOffset >= 0
                && takes('}')
                && isAtEnd();
        if (!complete) {
            return null;
        }
        try {
            return new AwardResult(
                    packetId, grabId, userId, campaign, currency, outcome, share, repeat, grabbedAtMillis, grabOffset);
        } catch (InvalidEventException e) {
            return null;
        }
    }

    private Outcome outcome() {
        for (int i = 0; i < OUTCOMES.length; i++) {
            if (takes(OUTCOME_NAMES[i])) {
                return OUTCOMES[i];
            }
        }
        return null;
    }

    private Share share() {
        long index = number();
        long cents = takes(SHARE_CENTS) ? number() : -1;
        boolean good = index >= 0 && index <= Integer.MAX_VALUE && cents >= 0 && takes('}');
        return good ? new Share((int) index, cents) : null;
    }
}
