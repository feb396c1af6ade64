package redpacket.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.BinaryOperator;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

final class IdsTest {
    static final String PATTERN = "^[A-Za-z0-9._:-]+$";
    static final String FOREIGN_PATTERN = "^[!#-\\[\\]-~]+$";

    @Property
    void shouldAgreeWithThePatternWhateverTheText(@ForAll("texts") String text) {
        assertRule(PATTERN, Ids::required, text);
        assertRule(FOREIGN_PATTERN, Ids::foreign, text);
    }

    private static void assertRule(String pattern, BinaryOperator<String> rule, String text) {
        if (Pattern.compile(pattern).matcher(text).matches() && text.length() <= 128) {
            assertThat(rule.apply("anId", text)).isSameAs(text);
        } else {
            assertThatThrownBy(() -> rule.apply("anId", text))
                    .isInstanceOf(InvalidEventException.class)
                    .hasMessageStartingWith("anId has ");
        }
    }

    @Example
    void shouldAllowTheIdsOfIdentityProviders() {
        for (String id : new String[] {"auth0|5f7c8ec7c33c6c004bbafe82", "kim@example.com", "oX+/=="}) {
            assertThat(Ids.foreign("userId", id)).isSameAs(id);
        }
    }

    @Example
    void shouldAllowExactlyTheAlphabetWhenAnIdIsOneCharacter() {
        assertThat(allowedBy(Ids::required))
                .isEqualTo("-.0123456789:ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz");
        assertThat(allowedBy(Ids::foreign))
                .isEqualTo("!#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`"
                        + "abcdefghijklmnopqrstuvwxyz{|}~");
    }

    private static String allowedBy(BinaryOperator<String> rule) {
        StringBuilder allowed = new StringBuilder();
        for (char c = 0; c < 1_000; c++) {
            try {
                allowed.append(rule.apply("anId", String.valueOf(c)));
            } catch (InvalidEventException notAllowed) {
                // Not in the alphabet.
            }
        }
        return allowed.toString();
    }

    @Example
    void shouldNameTheFieldAndTheFaultWhenAnIdIsRefused() {
        assertThatThrownBy(() -> Ids.foreign("grabId", null)).hasMessage("grabId is missing");
        assertThatThrownBy(() -> Ids.foreign("grabId", "")).hasMessage("grabId has 0 characters; 1 to 128 are allowed");
        assertThatThrownBy(() -> Ids.foreign("grabId", "x".repeat(129)))
                .hasMessage("grabId has 129 characters; 1 to 128 are allowed");
        assertThatThrownBy(() -> Ids.required("packetId", "li na"))
                .hasMessage("packetId has the character U+0020 at position 2; allowed are A-Z a-z 0-9 . _ : -");
        assertThatThrownBy(() -> Ids.foreign("grabId", "li na"))
                .hasMessage("grabId has the character U+0020 at position 2; allowed are printable ASCII characters"
                        + " except the blank, \" and \\");
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
                Message.foreignIds(),
                Arbitraries.strings().withCharRange('a', 'z').ofMinLength(126).ofMaxLength(131));
    }
}
