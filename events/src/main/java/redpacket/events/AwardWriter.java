package redpacket.events;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;

/**
 * Writes award results, byte for byte as Jackson does, in a fraction of its time. Award results are most of what the
 * pipeline writes. Ids and currencies need no escapes; names of prizes may, so Jackson writes results that carry one.
 */
final class AwardWriter {
    /** Bytes; more than all names, the outcome and the numbers need together. */
    private static final int ROOM_BESIDE_IDS = 320;

    private static final byte[] PACKET_ID = ascii("{\"packetId\":\"");
    private static final byte[] GRAB_ID = ascii("\",\"grabId\":\"");
    private static final byte[] USER_ID = ascii("\",\"userId\":\"");
    private static final byte[] CAMPAIGN = ascii("\",\"campaign\":\"");
    private static final byte[] CURRENCY = ascii("\",\"currency\":\"");
    private static final byte[] OUTCOME = ascii("\",\"outcome\":\"");
    private static final byte[] SHARE_INDEX = ascii(",\"share\":{\"index\":");
    private static final byte[] SHARE_CENTS = ascii(",\"cents\":");
    private static final byte[] REPEAT = ascii(",\"repeat\":true");
    private static final byte[] NO_REPEAT = ascii(",\"repeat\":false");
    private static final byte[] GRABBED_AT = ascii(",\"grabbedAtMillis\":");
    private static final byte[] GRAB_OFFSET = ascii(",\"grabOffset\":");

    private final byte[] json;
    private int length;

    private AwardWriter(int room) {
        json = new byte[room];
    }

    static byte[] write(AwardResult result) {
        if (result.share() != null && result.share().prize() != null) {
            return Json.writeAny(result);
        }
        int ids = result.packetId().length()
                + result.grabId().length()
                + result.userId().length()
                + (result.campaign() == null ? 0 : result.campaign().length())
                + (result.currency() == null ? 0 : result.currency().length());
        return new AwardWriter(ROOM_BESIDE_IDS + ids).json(result);
    }

    private byte[] json(AwardResult result) {
        put(PACKET_ID).put(result.packetId());
        put(GRAB_ID).put(result.grabId());
        put(USER_ID).put(result.userId());
        if (result.campaign() != null) {
            put(CAMPAIGN).put(result.campaign());
        }
        if (result.currency() != null) {
            put(CURRENCY).put(result.currency());
        }
        put(OUTCOME).put(result.outcome().name()).put('"');
        if (result.share() != null) {
            put(SHARE_INDEX).put(result.share().index());
            put(SHARE_CENTS).put(result.share().cents()).put('}');
        }
        put(result.repeat() ? REPEAT : NO_REPEAT);
        put(GRABBED_AT).put(result.grabbedAtMillis());
        put(GRAB_OFFSET).put(result.grabOffset()).put('}');
        return Arrays.copyOf(json, length);
    }

    private AwardWriter put(byte[] text) {
        System.arraycopy(text, 0, json, length, text.length);
        length += text.length;
        return this;
    }

    /** Without an encoder, because ids are ASCII. */
    @SuppressWarnings("deprecation")
    private AwardWriter put(String id) {
        id.getBytes(0, id.length(), json, length);
        length += id.length();
        return this;
    }

    private AwardWriter put(char character) {
        json[length++] = (byte) character;
        return this;
    }

    /** The number must not be negative; no number of a result is. */
    private AwardWriter put(long number) {
        int end = length + 1;
        for (long rest = number / 10; rest > 0; rest /= 10) {
            end++;
        }
        long rest = number;
        for (int at = end - 1; at >= length; at--) {
            json[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length = end;
        return this;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(ISO_8859_1);
    }
}
