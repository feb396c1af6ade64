package redpacket.topology.packet;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.security.SecureRandom;
import java.util.Random;
import org.junit.jupiter.api.Test;
import redpacket.events.Json;

/** The rules stay pure: same inputs, same decision. */
class PurityTest {
    private static final JavaClasses RULES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackagesOf(Packet.class);

    @Test
    void shouldKnowOnlyThePlatformAndTheContract() {
        classes()
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(
                        "redpacket.topology.packet",
                        "redpacket.events",
                        "java.lang..",
                        "java.util",
                        "java.util.function",
                        "java.nio..",
                        "java.security..",
                        "javax.crypto.."))
                .check(RULES);
    }

    @Test
    void shouldReadNoJsonNoClockAndNoRandomnessOfItsOwn() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(Json.class, Random.class, SecureRandom.class)
                .check(RULES);
        noClasses().should().callMethod(System.class, "currentTimeMillis").check(RULES);
        noClasses().should().callMethod(System.class, "nanoTime").check(RULES);
    }
}
