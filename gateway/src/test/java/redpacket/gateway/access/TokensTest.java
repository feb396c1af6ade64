package redpacket.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TokensTest {
    private static final String APP = "0123456789abcdef";
    private static final String BACKEND = "fedcba9876543210";

    @Test
    void shouldFindTheClientWhenItsTokenIsPresented() {
        Tokens tokens = Tokens.parse(
                "# who may what\n\n app grabber,READER  %s\nbackend opener %s\n".formatted(APP, BACKEND), 10);

        assertThat(tokens.find(APP)).hasValueSatisfying(client -> {
            assertThat(client.name()).isEqualTo("app");
            assertThat(client.roles()).containsExactly(Role.GRABBER, Role.READER);
        });
        assertThat(tokens.find(BACKEND))
                .hasValueSatisfying(client -> assertThat(client.roles()).containsExactly(Role.OPENER));
        assertThat(tokens.find("")).isEmpty();
        assertThat(tokens.find(APP.substring(1))).isEmpty();
        assertThat(tokens.find(APP + "0")).isEmpty();
    }

    @Test
    void shouldNameTheLineAndNeverTheTokenWhenALineIsWrong() {
        assertWrong("app grabber", "line 1 of the tokens is not NAME ROLES TOKEN");
        assertWrong("\napp grabber " + APP + " more", "line 2 of the tokens is not NAME ROLES TOKEN");
        assertWrong("app owner " + APP, "line 1 of the tokens has the role owner; roles are opener, grabber, reader");
        assertWrong("app grabber " + APP.substring(1), "line 1 of the tokens has a token of 15 characters");
        assertWrong("a grabber %s\nb opener %s".formatted(APP, APP), "two lines have the same token");
        assertWrong("# nothing\n", "the tokens have no line NAME ROLES TOKEN");
    }

    private static void assertWrong(String text, String message) {
        assertThatThrownBy(() -> Tokens.parse(text, 10))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message)
                .message()
                .doesNotContain(APP.substring(1));
    }
}
