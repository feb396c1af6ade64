package redpacket.sink.http;

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

/** The OpenAPI description that the server serves. */
final class OpenApi {
    private final JsonNode document;

    OpenApi(String yaml) throws IOException {
        this.document = new YAMLMapper().readTree(yaml);
    }

    Set<String> paths() {
        Set<String> paths = new TreeSet<>();
        document.get("paths").fieldNames().forEachRemaining(paths::add);
        return paths;
    }

    /** The differences between the description and an answer to GET. Empty if the answer is as described. */
    List<Error> faults(String path, int status, JsonNode body) {
        JsonNode response =
                document.path("paths").path(path).path("get").path("responses").path(String.valueOf(status));
        if (response.isMissingNode()) {
            throw new AssertionError(path + " answered " + status + ", which openapi.yaml does not describe: " + body);
        }
        JsonNode resolved = response.has("$ref")
                ? document.at(response.get("$ref").textValue().substring(1))
                : response;
        JsonNode schema = resolved.at("/content/application~1json/schema");
        if (schema.isMissingNode()) {
            throw new AssertionError(path + " answered JSON, which openapi.yaml does not describe");
        }
        ObjectNode whole = document.deepCopy();
        whole.putArray("allOf").add(schema);
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(whole)
                .validate(body);
    }
}
