package redpacket.topology;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The packages of the topology form layers. {@code BordersTest} limits the number of their classes. */
class PackagesTest {
    private static final String TOPOLOGY = "redpacket.topology.";

    private static final JavaClasses ALL = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_PACKAGE_INFOS)
            .importPackages("redpacket.topology");

    /** The packages that each package uses: no more, no fewer. Without cycles, as each names only packages above it. */
    private static final Map<String, Set<String>> USES = new TreeMap<>(Map.of(
            "packet", Set.of(),
            "shares", Set.of("packet"),
            "stores", Set.of(),
            "inputs", Set.of(),
            "winners", Set.of("packet", "stores"),
            "takeover", Set.of("inputs"),
            "state", Set.of("packet", "shares", "stores", "winners"),
            "stats", Set.of("stores"),
            "watch", Set.of(),
            "streams", Set.of("packet", "shares", "stores", "inputs", "takeover", "state", "stats", "watch")));

    @Test
    void shouldUseOnlyPackagesBelow() {
        Map<String, Set<String>> used = new TreeMap<>();
        USES.keySet().forEach(name -> used.put(name, new TreeSet<>()));
        for (JavaClass each : ALL) {
            Set<String> usedByPackage = used.computeIfAbsent(packageOf(each), unknown -> new TreeSet<>());
            each.getDirectDependenciesFromSelf().stream()
                    .map(Dependency::getTargetClass)
                    .map(JavaClass::getBaseComponentType)
                    .filter(target -> target.getPackageName().startsWith(TOPOLOGY))
                    .map(PackagesTest::packageOf)
                    .filter(name -> !name.equals(packageOf(each)))
                    .forEach(usedByPackage::add);
        }

        assertThat(used).isEqualTo(USES);
    }

    private static String packageOf(JavaClass each) {
        String name = each.getPackageName();
        return name.startsWith(TOPOLOGY) ? name.substring(TOPOLOGY.length()) : "";
    }
}
