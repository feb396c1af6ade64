package redpacket.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

final class IdsTest {
    static final String PATTERN = "^[A-Za-z0-9._:-]+$";

    @Property
    void shouldAgreeWithThePatternWhateverTheText(@ForAll("texts") String text) {
        boolean allowed = Pattern.compile(PATTERN).matcher(text).matches() && text.length() <= 128;
        if (allowed) {
            assertThat(Ids.required("userId", text)).isSameAs(text);
        } else {
            assertThatThrownBy(() -> Ids.required("userId", text))
                    .isInstanceOf(InvalidEventException.class)
                    .hasMessageStartingWith("userId has ");
        }
    }

    @Example
    void shouldAllowExactlyTheAlphabetWhenAnIdIsOneCharacter() {
        StringBuilder allowed = new StringBuilder();
        for (char c = 0; c < 1_000; c++) {
            try {
                Ids.required("userId", String.valueOf(c));
                allowed.append(c);
            } catch (InvalidEventException notAllowed) {
                // Not in the alphabet.
            }
        }
        assertThat(allowed).hasToString("-.0123456789:ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz");
    }

    @Example
    void shouldNameTheFieldAndTheFaultWhenAnIdIsRefused() {
        assertThatThrownBy(() -> Ids.required("grabId", null)).hasMessage("grabId is missing");
        assertThatThrownBy(() -> Ids.required("grabId", ""))
                .hasMessage("grabId has 0 characters; 1 to 128 are allowed");
        assertThatThrownBy(() -> Ids.required("grabId", "x".repeat(129)))
                .hasMessage("grabId has 129 characters; 1 to 128 are allowed");
        assertThatThrownBy(() -> Ids.required("grabId", "li na"))
                .hasMessage("grabId has the character U+0020 at position 2; allowed are A-Z a-z 0-9 . _ : -");
    }

    @Example
    void shouldAllowNothingWhenAnIdIsOptional() {
        assertThat(Ids.optional("campaign", null)).isNull();
        assertThatThrownBy(() -> Ids.optional("campaign", "")).isInstanceOf(InvalidEventException.class);
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.oneOf(
                Arbitraries.strings().all().ofMaxLength(140),
                Arbitraries.strings().ascii().ofMaxLength(4),
                Message.ids(),
                Arbitraries.strings().withCharRange('a', 'z').ofMinLength(126).ofMaxLength(131));
    }
}
