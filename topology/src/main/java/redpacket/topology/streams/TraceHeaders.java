package redpacket.topology.streams;

import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import redpacket.events.TraceContext;

/**
 * The headers that pass from a command to its answer, namely those of {@link TraceContext}. All other headers are
 * dropped, because they may have any size.
 */
final class TraceHeaders {
    private static final Headers NONE = readOnly(new RecordHeaders());

    private TraceHeaders() {}

    /** The headers of the answer to a record with these headers. */
    static Headers of(Headers input) {
        Header parent = input.lastHeader(TraceContext.PARENT_HEADER);
        if (parent == null || !TraceContext.isParent(parent.value())) {
            return NONE;
        }
        Headers answer = new RecordHeaders().add(TraceContext.PARENT_HEADER, parent.value());
        Header state = input.lastHeader(TraceContext.STATE_HEADER);
        return state == null || !TraceContext.isState(state.value())
                ? answer
                : answer.add(TraceContext.STATE_HEADER, state.value());
    }

    private static Headers readOnly(RecordHeaders headers) {
        headers.setReadOnly();
        return headers;
    }
}
