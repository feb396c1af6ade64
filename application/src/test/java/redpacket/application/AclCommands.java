package redpacket.application;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/** Parses the {@code kafka-acls.sh --add} commands of a page into the ACLs that they create. */
final class AclCommands {
    private String principal;
    private final List<AclOperation> operations = new ArrayList<>();
    private final List<ResourcePattern> resources = new ArrayList<>();
    private PatternType pattern = PatternType.LITERAL;

    private AclCommands() {}

    static List<AclBinding> of(Path page) throws IOException {
        String joined = Files.readString(page).replace("\\\n", " ");
        return joined.lines()
                .filter(line -> line.startsWith("kafka-acls.sh "))
                .flatMap(line -> new AclCommands().read(line).stream())
                .toList();
    }

    private List<AclBinding> read(String command) {
        Iterator<String> words = Arrays.asList(command.split(" +")).iterator();
        words.next();
        while (words.hasNext()) {
            String option = words.next();
            switch (option) {
                case "--add" -> {}
                case "--bootstrap-server", "--command-config" -> words.next();
                case "--allow-principal" -> principal = words.next();
                case "--operation" -> operations.add(operation(words.next()));
                case "--topic" -> add(ResourceType.TOPIC, words.next());
                case "--group" -> add(ResourceType.GROUP, words.next());
                case "--transactional-id" -> add(ResourceType.TRANSACTIONAL_ID, words.next());
                case "--resource-pattern-type" -> pattern = PatternType.fromString(upper(words.next()));
                default -> throw new IllegalArgumentException(option + " in " + command);
            }
        }
        return resources.stream()
                .flatMap(resource -> operations.stream().map(operation -> binding(resource, operation)))
                .toList();
    }

    private void add(ResourceType type, String name) {
        resources.add(new ResourcePattern(type, name, PatternType.LITERAL));
    }

    private AclBinding binding(ResourcePattern resource, AclOperation operation) {
        return new AclBinding(
                new ResourcePattern(resource.resourceType(), resource.name(), pattern),
                new AccessControlEntry(principal, "*", operation, AclPermissionType.ALLOW));
    }

    /** DescribeConfigs becomes DESCRIBE_CONFIGS. */
    private static AclOperation operation(String word) {
        return AclOperation.fromString(upper(word.replaceAll("(?<=[a-z])(?=[A-Z])", "_")));
    }

    private static String upper(String word) {
        return word.toUpperCase(Locale.ROOT);
    }
}
