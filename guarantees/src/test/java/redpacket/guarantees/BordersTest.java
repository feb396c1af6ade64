package redpacket.guarantees;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The borders between the modules, and within the topology; how pure its rules are is held beside them. */
final class BordersTest {
    private static final JavaClasses ALL = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("redpacket");

    /** The modules, and which others each may know. Only what runs on one machine alone knows {@code parts}. */
    private static final Map<String, Set<String>> MAY_KNOW = Map.ofEntries(
            Map.entry("events", Set.of()),
            Map.entry("clients", Set.of("events")),
            Map.entry("options", Set.of("clients")),
            Map.entry("service", Set.of()),
            Map.entry("parts", Set.of("events", "clients")),
            Map.entry("producer", Set.of("events")),
            Map.entry("reader", Set.of("events")),
            Map.entry("topology", Set.of("events", "clients", "options", "service")),
            Map.entry("ledger", Set.of("events", "clients", "options")),
            Map.entry("sink", Set.of("events", "clients", "options", "service", "reader", "ledger")),
            Map.entry("audit", Set.of("events", "clients", "options")),
            Map.entry(
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
                            "audit")),
            Map.entry("local", shippedAnd("parts")),
            Map.entry("guarantees", shippedAnd("parts", "local")),
            Map.entry("benchmark", shippedAnd("parts", "local")));

    /** What the container image holds, and more. */
    private static Set<String> shippedAnd(String... more) {
        return Stream.concat(
                        Stream.of(
                                "events",
                                "clients",
                                "options",
                                "service",
                                "producer",
                                "reader",
                                "topology",
                                "ledger",
                                "sink",
                                "audit",
                                "application"),
                        Stream.of(more))
                .collect(Collectors.toUnmodifiableSet());
    }

    static Stream<String> modules() {
        return MAY_KNOW.keySet().stream().sorted();
    }

    @ParameterizedTest
    @MethodSource("modules")
    void shouldKnowOnlyTheModulesBelowWhenInModule(String module) {
        String[] known = Stream.concat(Stream.of(module), MAY_KNOW.get(module).stream())
                .map(name -> "redpacket." + name + "..")
                .toArray(String[]::new);
        classes()
                .that()
                .resideInAPackage("redpacket." + module + "..")
                .should()
                .onlyDependOnClassesThat(not(resideInAPackage("redpacket..")).or(resideInAnyPackage(known)))
                .check(ALL);
    }

    @Test
    void shouldBelongToAKnownModuleWhateverTheClass() {
        String[] packages = modules().map(name -> "redpacket." + name + "..").toArray(String[]::new);
        classes().should().resideInAnyPackage(packages).check(ALL);
    }

    @Test
    void shouldKnowNothingOfKafkaWhenAskingRedisForShares() {
        noClasses()
                .that()
                .resideInAPackage("redpacket.topology.shares")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.apache.kafka..",
                        "redpacket.topology.stores..",
                        "redpacket.topology.state..",
                        "redpacket.topology.stats..",
                        "redpacket.topology.streams..")
                .check(ALL);
    }

    @Test
    void shouldKnowNeitherSharesNorStreamsWhenDecidingGrabs() {
        noClasses()
                .that()
                .resideInAPackage("redpacket.topology.packet")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "redpacket.topology.shares..",
                        "redpacket.topology.stores..",
                        "redpacket.topology.state..",
                        "redpacket.topology.stats..",
                        "redpacket.topology.streams..")
                .check(ALL);
    }

    @Test
    void shouldLeaveJsonOfEventsToTheContract() {
        noClasses()
                .that()
                // The audit, the sink, the commands and the benchmark write views and reports of their own as JSON;
                // they
                // read no events by it.
                .resideOutsideOfPackages(
                        "redpacket.events..",
                        "redpacket.audit..",
                        "redpacket.sink..",
                        "redpacket.application..",
                        "redpacket.benchmark..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.fasterxml.jackson..")
                .check(ALL);
    }

    @Test
    void shouldBeNamedForWhatItIsWhateverTheClass() {
        noClasses()
                .should()
                .haveNameMatching(".*(Impl|Manager|Helper|Utils?|Common)(\\$.*)?")
                .check(ALL);
    }
}
