package redpacket.topology.streams;

import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * The trace context of a record, as in the W3C recommendation "Trace Context". Its headers {@code traceparent} and
 * {@code tracestate} pass from a command to its answer. All other headers are dropped, because they may have any size.
 */
final class TraceContext {
    static final String PARENT = "traceparent";
    static final String STATE = "tracestate";

    /** The length that every receiver must be able to pass on. */
    static final int MAX_STATE_BYTES = 512;

    /** Positions of the dashes in {@code VERSION-TRACE_ID-PARENT_ID-FLAGS}. */
    private static final int[] DASHES = {2, 35, 52};

    private static final int PARENT_BYTES = 55;
    private static final Headers NONE = readOnly(new RecordHeaders());

    private TraceContext() {}

    /** The headers of the answer to a record with these headers. */
    static Headers of(Headers input) {
        Header parent = input.lastHeader(PARENT);
        if (parent == null || !isParent(parent.value())) {
            return NONE;
        }
        Headers answer = new RecordHeaders().add(PARENT, parent.value());
        Header state = input.lastHeader(STATE);
        return state == null || !isState(state.value()) ? answer : answer.add(STATE, state.value());
    }

    /** In lower-case hex; the version is not ff, and neither id is zero. */
    private static boolean isParent(byte[] value) {
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

    /** Printable ASCII. What the entries mean is for the tracing systems to judge. */
    private static boolean isState(byte[] value) {
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

    private static Headers readOnly(RecordHeaders headers) {
        headers.setReadOnly();
        return headers;
    }
}
