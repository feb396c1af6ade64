package redpacket.topology;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.utils.Bytes;
import org.junit.jupiter.api.Test;
import redpacket.topology.stores.StoreFormat;

/**
 * Every store format has golden bytes. A class of the topology that has a {@link StoreFormat}, or is called a format,
 * needs a line for each method that makes a key or a value, and for each constant key.
 */
class GoldenBytesTest {
    private static final JavaClasses TOPOLOGY = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("redpacket.topology");

    @Test
    void shouldHaveALineForEveryKeyAndValueOfEveryFormat() {
        Set<String> needed = new TreeSet<>();
        for (JavaClass format : TOPOLOGY) {
            if (isFormat(format)) {
                format.getMethods().stream()
                        .filter(GoldenBytesTest::makesBytes)
                        .forEach(method -> needed.add(format.getSimpleName() + "." + method.getName()));
                format.getFields().stream()
                        .filter(field -> field.getRawType().isEquivalentTo(Bytes.class))
                        .forEach(field -> needed.add(format.getSimpleName() + "." + field.getName()));
            }
        }
        Set<String> golden = new TreeSet<>();
        GoldenBytes.all().keySet().forEach(name -> golden.add(name.substring(0, (name + " ").indexOf(' '))));

        assertThat(golden).isEqualTo(needed).hasSizeGreaterThan(10);
    }

    /** Else a format could hide under another name. */
    @Test
    void shouldNameEveryClassThatHasAVersionAFormat() {
        for (JavaClass any : TOPOLOGY) {
            boolean hasVersion =
                    any.getFields().stream().map(JavaField::getRawType).anyMatch(GoldenBytesTest::isStoreFormat);
            assertThat(!hasVersion || isFormat(any)).as(any.getName()).isTrue();
        }
    }

    private static boolean isFormat(JavaClass any) {
        return any.getSimpleName().endsWith("Format") && !isStoreFormat(any);
    }

    private static boolean isStoreFormat(JavaClass type) {
        return type.isEquivalentTo(StoreFormat.class);
    }

    /** Not what reads a part of a key out of it. */
    private static boolean makesBytes(JavaMethod method) {
        JavaClass made = method.getRawReturnType();
        return method.getModifiers().contains(JavaModifier.STATIC)
                && !method.getModifiers().contains(JavaModifier.PRIVATE)
                && (made.isEquivalentTo(Bytes.class) || made.isEquivalentTo(byte[].class))
                && !method.getName().endsWith("Of");
    }
}
