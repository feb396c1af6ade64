package redpacket.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import redpacket.events.AwardResult;
import redpacket.events.Json;
import redpacket.events.TraceContext;
import redpacket.reader.Committed;

/** A result with the trace of its grab, for receivers that see no headers. */
final class TracedResult {
    private static final JsonMapper MAPPER = new JsonMapper();

    private TracedResult() {}

    /** The result, and beside its fields the headers of its trace, if it has one. */
    static String json(Committed<AwardResult> award) {
        byte[] json = Json.write(award.event());
        if (award.trace().equals(TraceContext.NONE)) {
            return new String(json, UTF_8);
        }
        try {
            ObjectNode traced = (ObjectNode) MAPPER.readTree(json);
            award.trace().headers().forEach(traced::put);
            return MAPPER.writeValueAsString(traced);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
