package redpacket.events;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The document {@code asyncapi.yaml}, with its schemas closed: a field that they do not describe is an error. */
final class AsyncApi {
    private final JsonNode document;
    private final Map<String, Schema> payloads = new HashMap<>();

    private AsyncApi(JsonNode document) {
        this.document = document;
    }

    static AsyncApi read() {
        try {
            JsonNode document =
                    new YAMLMapper().readTree(Path.of("..", "asyncapi.yaml").toFile());
            close(document);
            return new AsyncApi(document);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    JsonNode at(String pointer) {
        return document.at(pointer);
    }

    /** The node itself, or the one that it refers to. */
    JsonNode resolve(JsonNode node) {
        return node.has("$ref") ? document.at(node.get("$ref").textValue().substring(1)) : node;
    }

    JsonNode message(String name) {
        return at("/components/messages/" + name);
    }

    /** The described headers or payload of a message, ready to validate. */
    Schema schemaOf(String message, String part) {
        return payloads.computeIfAbsent(message + "/" + part, pointer -> {
            ObjectNode schema = document.deepCopy();
            schema.putArray("allOf").addObject().put("$ref", "#/components/messages/" + pointer);
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
                    .getSchema(schema);
        });
    }

    /** The values that the field {@code type} of a packet event can have. */
    Set<String> packetEventTypes() {
        Set<String> types = new TreeSet<>();
        at("/components/schemas/PacketEvent/oneOf")
                .forEach(variant ->
                        types.add(resolve(variant).at("/properties/type/const").asText()));
        return types;
    }

    /** Every field that the payload of a message may have, as in {@code opened/luckiest.share.cents}. */
    Set<String> fieldsOf(String message) {
        Set<String> fields = new TreeSet<>();
        collect(message(message).get("payload"), "", fields);
        return fields;
    }

    private void collect(JsonNode reference, String prefix, Set<String> fields) {
        JsonNode schema = resolve(reference);
        for (JsonNode variant : schema.path("oneOf")) {
            String type = resolve(variant).at("/properties/type/const").textValue();
            collect(variant, type + "/", fields);
        }
        schema.path("properties").properties().forEach(property -> {
            fields.add(prefix + property.getKey());
            collect(property.getValue(), prefix + property.getKey() + ".", fields);
            JsonNode items = resolve(property.getValue()).path("items");
            if (!items.isMissingNode()) {
                collect(items, prefix + property.getKey() + ".", fields);
            }
        });
    }

    private static void close(JsonNode node) {
        if (node.path("type").asText().equals("object") && node.has("properties")) {
            ((ObjectNode) node).put("additionalProperties", false);
        }
        node.forEach(AsyncApi::close);
    }
}
