package redpacket.parts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProgramsTest {
    private static final String CHOSEN = System.getProperty(Programs.CHOICE, "optional");

    @AfterEach
    void restoreChoice() {
        System.setProperty(Programs.CHOICE, CHOSEN);
    }

    @Test
    void shouldFindTheFirstNameThatIsOnThePath() {
        assertThat(Programs.find("no-such-program", "sh", "ls"))
                .hasValueSatisfying(
                        program -> assertThat(program).isExecutable().hasFileName("sh"));
    }

    @Test
    void shouldFindNothingWhenTheProgramIsMissing() {
        System.setProperty(Programs.CHOICE, "optional");

        assertThat(Programs.find("no-such-program")).isEmpty();
    }

    @Test
    void shouldFailWhenARequiredProgramIsMissing() {
        System.setProperty(Programs.CHOICE, "required");

        assertThat(Programs.find("sh")).isPresent();
        assertThatThrownBy(() -> Programs.find("no-such-program", "nor-this"))
                .hasMessageContaining("No no-such-program or nor-this on the PATH");
    }

    @Test
    void shouldFailWhenTheChoiceIsUnknown() {
        System.setProperty(Programs.CHOICE, "maybe");

        assertThatThrownBy(() -> Programs.find("no-such-program")).hasMessageContaining("required or optional");
    }
}
