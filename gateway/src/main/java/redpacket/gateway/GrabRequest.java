package redpacket.gateway;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import redpacket.events.Grab;
import redpacket.events.InvalidEventException;
import redpacket.gateway.access.Client;

/** The body of a grab, whose packet is in the path. */
final class GrabRequest {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private GrabRequest() {}

    /**
     * Reads a grab.
     *
     * @param idempotencyKey the header, which can stand for the grab id; null if there is none
     * @param client whose only user can be left out of the body
     * @throws InvalidEventException if the body or an id is invalid
     */
    static Grab read(String packetId, byte[] body, String idempotencyKey, Client client) {
        JsonNode json = parse(body);
        if (!json.isObject()) {
            throw new InvalidEventException("the body is not a JSON object");
        }
        String userId = text(json, "userId");
        Grab grab = new Grab(
                grabId(text(json, "grabId"), key(idempotencyKey)),
                packetId,
                userId == null ? client.user().orElse(null) : userId);
        client.requireUser("userId", grab.userId());
        return grab;
    }

    private static JsonNode parse(byte[] body) {
        try {
            return MAPPER.readTree(body);
        } catch (JacksonException e) {
            throw new InvalidEventException("the body is not JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new InvalidEventException("the body is not JSON: " + e.getMessage());
        }
    }

    private static String text(JsonNode json, String field) {
        JsonNode value = json.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isTextual()) {
            throw new InvalidEventException(field + " must be a string");
        }
        return value.textValue();
    }

    /** The header is a string in quotes by its specification. Many clients leave them out. */
    private static String key(String header) {
        boolean isQuoted = header != null && header.length() > 1 && header.startsWith("\"") && header.endsWith("\"");
        return isQuoted ? header.substring(1, header.length() - 1) : header;
    }

    private static String grabId(String inBody, String inHeader) {
        if (inBody != null && inHeader != null && !inBody.equals(inHeader)) {
            throw new InvalidEventException("grabId and Idempotency-Key differ: send one of them");
        }
        return inBody == null ? inHeader : inBody;
    }
}
