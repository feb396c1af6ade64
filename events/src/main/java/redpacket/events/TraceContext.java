package redpacket.events;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Map;

/**
 * The trace of a command, as in the W3C recommendation "Trace Context". The headers {@code traceparent} and {@code
 * tracestate} carry it from a command to its answer.
 *
 * <p>A tracing library writes both headers into a map, and continues a trace from such a map. So this class needs no
 * tracing library.
 *
 * @param parent version, trace id, id of the parent span, flags; null without a trace
 * @param state data of tracing systems; null if there is none
 */
public record TraceContext(String parent, String state) {
    /** The header of {@link #parent}. */
    public static final String PARENT_HEADER = "traceparent";

    /** The header of {@link #state}. */
    public static final String STATE_HEADER = "tracestate";

    /** The context of a command without a trace. */
    public static final TraceContext NONE = new TraceContext(null, null);

    /** The length that every receiver must be able to pass on. */
    static final int MAX_STATE_BYTES = 512;

    /** Positions of the dashes in {@code VERSION-TRACE_ID-PARENT_ID-FLAGS}. */
    private static final int[] DASHES = {2, 35, 52};

    private static final int PARENT_BYTES = 55;

    /** @throws IllegalArgumentException if a header is invalid, or if there is a state without a parent */
    public TraceContext {
        if (parent != null && !isParent(parent.getBytes(UTF_8))) {
            throw new IllegalArgumentException("not a " + PARENT_HEADER + ": " + parent);
        }
        if (state != null && (parent == null || !isState(state.getBytes(UTF_8)))) {
            throw new IllegalArgumentException(
                    "not a " + STATE_HEADER + " of " + (parent == null ? "no trace" : parent) + ": " + state);
        }
    }

    /**
     * Returns the context of these headers. Drops what is invalid, as the recommendation demands: the state alone, or
     * the state together with an invalid parent.
     *
     * @param parent null if there is no such header
     * @param state null if there is no such header
     */
    public static TraceContext of(String parent, String state) {
        if (parent == null || !isParent(parent.getBytes(UTF_8))) {
            return NONE;
        }
        return new TraceContext(parent, state != null && isState(state.getBytes(UTF_8)) ? state : null);
    }

    /** Returns the context of headers that a tracing library wrote. Otherwise like {@link #of(String, String)}. */
    public static TraceContext of(Map<String, String> headers) {
        return of(headers.get(PARENT_HEADER), headers.get(STATE_HEADER));
    }

    /** The headers by name, for a tracing library that continues the trace. Empty without a trace. */
    public Map<String, String> headers() {
        if (parent == null) {
            return Map.of();
        }
        return state == null ? Map.of(PARENT_HEADER, parent) : Map.of(PARENT_HEADER, parent, STATE_HEADER, state);
    }

    /** Whether the value of the header is valid: in lower-case hex; the version is not ff, and neither id is zero. */
    public static boolean isParent(byte[] value) {
        if (value == null || value.length != PARENT_BYTES) {
            return false;
        }
        int dash = 0;
        for (int i = 0; i < PARENT_BYTES; i++) {
            if (dash < DASHES.length && i == DASHES[dash]) {
                if (value[i] != '-') {
                    return false;
                }
                dash++;
            } else if (!isHex(value[i])) {
                return false;
            }
        }
        return !(value[0] == 'f' && value[1] == 'f')
                && hasNonZero(value, DASHES[0], DASHES[1])
                && hasNonZero(value, DASHES[1], DASHES[2]);
    }

    private static boolean isHex(byte digit) {
        return (digit >= '0' && digit <= '9') || (digit >= 'a' && digit <= 'f');
    }

    private static boolean hasNonZero(byte[] value, int afterDash, int beforeDash) {
        for (int i = afterDash + 1; i < beforeDash; i++) {
            if (value[i] != '0') {
                return true;
            }
        }
        return false;
    }

    /** Whether the value of the header is printable ASCII. Its entries are for the tracing systems to judge. */
    public static boolean isState(byte[] value) {
        if (value == null || value.length == 0 || value.length > MAX_STATE_BYTES) {
            return false;
        }
        for (byte character : value) {
            if (character < ' ' || character > '~') {
                return false;
            }
        }
        return true;
    }
}
