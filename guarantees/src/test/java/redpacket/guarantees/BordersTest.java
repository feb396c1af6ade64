package redpacket.guarantees;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * The dependencies between modules, and between the packages of a module. {@code PurityTest} in the topology checks
 * that its rules are pure.
 */
final class BordersTest {
    private static final JavaClasses ALL = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("redpacket");

    /** Every module in build order, with the modules that its code uses: no more and no fewer. */
    private static final Map<String, Set<String>> USED = used();

    /** Modules that are declared only for the class path. */
    private static final Map<String, Set<String>> AT_RUNTIME = Map.of("benchmark", Set.of("local", "simulation"));

    /**
     * The packages of modules with several packages, from the lowest up. Each may use those before it. {@code
     * PackagesTest} asserts the packages of the topology.
     */
    private static final Map<String, List<String>> PACKAGES_FROM_BELOW = Map.of(
            "sink", List.of("sink.readmodel", "sink.http", "sink.dashboard", "sink"),
            "gateway", List.of("gateway.access", "gateway.webhooks", "gateway"),
            "local", List.of("local.faults", "local"),
            "benchmark",
                    List.of(
                            "benchmark.load",
                            "benchmark.figures",
                            "benchmark.ground",
                            "benchmark.contestants",
                            "benchmark.micro",
                            "benchmark.soak",
                            "benchmark.growth",
                            "benchmark.latency",
                            "benchmark.throughput"));

    /** A package with more classes needs a reason. */
    private static final int MOST_CLASSES = 15;

    /** The beginning of the reason in {@code package-info.java}. */
    private static final Pattern REASON = Pattern.compile("More than " + MOST_CLASSES + " classes");

    private static final Pattern MODULE = Pattern.compile("redpacket\\.([a-z]+)");
    private static final Pattern IMPORT = Pattern.compile("(?m)^import (?:static )?redpacket\\.([a-z]+)");
    private static final Pattern MAY_DEPEND_ON = Pattern.compile("May depend on:?\\*\\* ([^.]*)\\.");
    private static final Pattern NAME = Pattern.compile("`([a-z]+)`");

    private static Map<String, Set<String>> used() {
        Map<String, Set<String>> used = new LinkedHashMap<>();
        used.put("events", Set.of());
        used.put("clients", Set.of("events"));
        used.put("options", Set.of("clients"));
        used.put("service", Set.of());
        // Kafka and Redis on this machine. Only modules that do not ship use them.
        used.put("parts", Set.of("clients"));
        used.put("reader", Set.of("events"));
        used.put("producer", Set.of("events", "reader"));
        used.put("topology", Set.of("events", "clients", "options", "service"));
        used.put("ledger", Set.of("events", "clients", "options", "reader"));
        used.put("sink", Set.of("events", "clients", "options", "service", "reader", "ledger"));
        used.put("gateway", Set.of("events", "clients", "options", "service", "reader", "producer"));
        // Not the topology or the sink: the audit would share their mistakes.
        used.put("audit", Set.of("events", "clients", "options", "reader"));
        used.put(
                "application",
                Set.of(
                        "events",
                        "clients",
                        "options",
                        "producer",
                        "reader",
                        "topology",
                        "ledger",
                        "sink",
                        "gateway",
                        "audit"));
        used.put(
                "local",
                Set.of(
                        "events",
                        "clients",
                        "service",
                        "parts",
                        "producer",
                        "reader",
                        "topology",
                        "sink",
                        "audit",
                        "application"));
        used.put("simulation", Set.of("events", "clients", "topology", "audit", "application"));
        used.put(
                "benchmark",
                Set.of(
                        "events",
                        "clients",
                        "options",
                        "parts",
                        "producer",
                        "reader",
                        "topology",
                        "sink",
                        "audit",
                        "application"));
        // Contains only tests, which use all modules.
        used.put("guarantees", Set.of());
        return used;
    }

    static Set<String> modules() {
        return USED.keySet();
    }

    static Set<String> modulesWithoutATestOfTheirPackages() {
        return USED.keySet().stream()
                .filter(module -> !module.equals("topology"))
                .collect(toCollection(LinkedHashSet::new));
    }

    static Set<String> modulesOfSeveralPackages() {
        return PACKAGES_FROM_BELOW.keySet();
    }

    @ParameterizedTest
    @MethodSource("modules")
    void shouldUseExactlyTheModulesBelowWhenInModule(String module) throws IOException {
        Set<String> used = new TreeSet<>();
        for (JavaClass each : ALL) {
            if (moduleOf(each).equals(Optional.of(module))) {
                each.getDirectDependenciesFromSelf().forEach(dependency -> moduleOf(dependency.getTargetClass())
                        .ifPresent(used::add));
            }
        }
        // The compiler inlines constants, so the class file does not name their class. The source does.
        for (Path source : sourcesOf(module)) {
            IMPORT.matcher(Files.readString(source)).results().forEach(found -> used.add(found.group(1)));
        }
        used.remove(module);

        assertThat(used).isEqualTo(USED.get(module));
    }

    @ParameterizedTest
    @MethodSource("modules")
    void shouldDeclareExactlyTheModulesThatItUsesWhenInModule(String module) throws Exception {
        assertThat(declared(module, "compile")).isEqualTo(USED.get(module));
        assertThat(declared(module, "runtime")).isEqualTo(AT_RUNTIME.getOrDefault(module, Set.of()));
    }

    @ParameterizedTest
    @MethodSource("modules")
    void shouldNameTheModulesThatItUsesInItsReadmeWhenInModule(String module) throws IOException {
        Matcher line =
                MAY_DEPEND_ON.matcher(Files.readString(top().resolve(module).resolve("README.md")));

        assertThat(line.find()).isTrue();
        assertThat(NAME.matcher(line.group(1)).results().map(found -> found.group(1)))
                .containsExactlyInAnyOrderElementsOf(USED.get(module));
    }

    @Test
    void shouldBuildModulesInTheOrderOfTheirDependencies() throws Exception {
        NodeList listed = parse(top().resolve("pom.xml")).getElementsByTagName("module");
        List<String> inOrder = IntStream.range(0, listed.getLength())
                .mapToObj(i -> listed.item(i).getTextContent())
                .toList();

        assertThat(inOrder).containsExactlyElementsOf(modules());
        USED.forEach((module, below) ->
                assertThat(inOrder.subList(0, inOrder.indexOf(module))).containsAll(below));
    }

    @Test
    void shouldBelongToAKnownModuleWhenAClassIsInMain() {
        String[] packages =
                modules().stream().map(name -> "redpacket." + name + "..").toArray(String[]::new);
        classes().should().resideInAnyPackage(packages).check(ALL);
    }

    @ParameterizedTest
    @MethodSource("modulesWithoutATestOfTheirPackages")
    void shouldHaveOnlyKnownPackagesWhenInModule(String module) throws IOException {
        Set<String> found = new TreeSet<>();
        for (Path source : sourcesOf(module)) {
            if (!source.endsWith("package-info.java")) {
                found.add(packageOf(module, source));
            }
        }

        assertThat(found).isSubsetOf(PACKAGES_FROM_BELOW.getOrDefault(module, List.of(module)));
    }

    @ParameterizedTest
    @MethodSource("modulesOfSeveralPackages")
    void shouldUseOnlyPackagesBelowWhenInAPackageOfModule(String module) {
        List<String> fromBelow = PACKAGES_FROM_BELOW.get(module);
        for (int i = 0; i < fromBelow.size() - 1; i++) {
            noClasses()
                    .that()
                    .resideInAPackage("redpacket." + fromBelow.get(i))
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(fromBelow.subList(i + 1, fromBelow.size()).stream()
                            .map("redpacket."::concat)
                            .toArray(String[]::new))
                    .check(ALL);
        }
    }

    @ParameterizedTest
    @MethodSource("modules")
    void shouldGiveAReasonWhenAPackageOfModuleHasManyClasses(String module) throws IOException {
        Map<Path, Long> classes = sourcesOf(module).stream()
                .filter(source -> !source.endsWith("package-info.java"))
                .collect(groupingBy(Path::getParent, counting()));
        for (Map.Entry<Path, Long> each : classes.entrySet()) {
            if (each.getValue() > MOST_CLASSES) {
                assertThat(each.getKey().resolve("package-info.java"))
                        .content()
                        .as("%s has %d classes", each.getKey(), each.getValue())
                        .containsPattern(REASON);
            }
        }
    }

    @Test
    void shouldKnowNothingOfKafkaWhenAskingRedisForShares() {
        noClasses()
                .that()
                .resideInAPackage("redpacket.topology.shares")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.kafka..")
                .check(ALL);
    }

    @Test
    void shouldLeaveJsonOfEventsToTheContract() {
        noClasses()
                .that()
                // These modules write their own views and reports as JSON. They read no events with Jackson.
                .resideOutsideOfPackages(
                        "redpacket.events..",
                        "redpacket.service..",
                        "redpacket.audit..",
                        "redpacket.sink..",
                        "redpacket.gateway..",
                        "redpacket.application..",
                        "redpacket.benchmark..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.fasterxml.jackson..")
                .check(ALL);
    }

    @Test
    void shouldHaveNoVagueNameWhenAClassIsInMain() {
        noClasses()
                .should()
                .haveNameMatching(".*(Impl|Manager|Helper|Utils?|Common)(\\$.*)?")
                .check(ALL);
    }

    private static Optional<String> moduleOf(JavaClass type) {
        Matcher module = MODULE.matcher(type.getPackageName());
        return module.lookingAt() ? Optional.of(module.group(1)) : Optional.empty();
    }

    /** The modules that a POM declares as dependencies with this scope. */
    private static Set<String> declared(String module, String scope) throws Exception {
        NodeList all = parse(top().resolve(module).resolve("pom.xml")).getElementsByTagName("dependency");
        Set<String> declared = new TreeSet<>();
        for (int i = 0; i < all.getLength(); i++) {
            Element dependency = (Element) all.item(i);
            if (text(dependency, "groupId", "").equals("redpacket")
                    && text(dependency, "scope", "compile").equals(scope)) {
                declared.add(text(dependency, "artifactId", ""));
            }
        }
        return declared;
    }

    private static String text(Element element, String child, String otherwise) {
        NodeList found = element.getElementsByTagName(child);
        return found.getLength() == 0 ? otherwise : found.item(0).getTextContent();
    }

    private static Document parse(Path pom) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(pom.toFile());
    }

    private static List<Path> sourcesOf(String module) throws IOException {
        try (Stream<Path> files = Files.walk(top().resolve(module).resolve("src/main/java"))) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        }
    }

    /** Leaves out the leading {@code redpacket.}. */
    private static String packageOf(String module, Path source) {
        Path root = top().resolve(module).resolve("src/main/java/redpacket");
        return root.relativize(source.getParent()).toString().replace('/', '.');
    }

    private static Path top() {
        return Path.of("..");
    }
}
