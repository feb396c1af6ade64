package redpacket.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.Error;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The OpenAPI description that the gateway serves. */
final class OpenApi {
    private final JsonNode document;

    OpenApi(String yaml) throws IOException {
        this.document = new YAMLMapper().readTree(yaml);
    }

    Set<String> statuses(String path) {
        Set<String> statuses = new TreeSet<>();
        document.path("paths")
                .path(path)
                .path("post")
                .path("responses")
                .fieldNames()
                .forEachRemaining(statuses::add);
        return statuses;
    }

    /** The differences between the description and a body that was sent. Empty if the body is as described. */
    List<Error> faultsOfRequest(String path, JsonNode body) {
        return faults(document.path("paths").path(path).path("post").path("requestBody"), body);
    }

    /** The differences between the description and an answer to POST. Empty if the answer is as described. */
    List<Error> faults(String path, int status, JsonNode body) {
        return faults(
                document.path("paths").path(path).path("post").path("responses").path(String.valueOf(status)), body);
    }

    private List<Error> faults(JsonNode described, JsonNode body) {
        JsonNode resolved = described.has("$ref")
                ? document.at(described.get("$ref").textValue().substring(1))
                : described;
        JsonNode schema = resolved.at("/content/application~1json/schema");
        if (schema.isMissingNode()) {
            throw new AssertionError("openapi.yaml does not describe " + body);
        }
        ObjectNode whole = document.deepCopy();
        whole.putArray("allOf").add(schema);
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(whole)
                .validate(body);
    }
}
