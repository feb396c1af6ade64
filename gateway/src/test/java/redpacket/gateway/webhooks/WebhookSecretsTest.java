package redpacket.gateway.webhooks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class WebhookSecretsTest {
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static final String OTHER = "whsec_" + "QUJD".repeat(8);

    /** The example of the specification. Python's hmac and OpenSSL compute the same. */
    private static final String SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

    @Test
    void shouldSignAsTheSpecificationSays() {
        assertThat(sign(SECRET)).isEqualTo(SIGNATURE);
        assertThat(sign("\n" + SECRET + "\n\n")).isEqualTo(SIGNATURE);
    }

    @Test
    void shouldSignWithEachSecretWhenThereAreTwo() {
        assertThat(sign(OTHER + "\n" + SECRET)).endsWith(" " + SIGNATURE).hasSize(2 * SIGNATURE.length() + 1);
    }

    @Test
    void shouldNameTheLineAndNeverTheSecretWhenALineIsWrong() {
        assertWrong("", "there is no secret");
        assertWrong(SECRET + "\nMfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "line 2 is not whsec_ and 24 to 64 bytes in Base64");
        assertWrong("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2La", "line 1 is not whsec_");
        assertWrong("whsec_" + "QUJD".repeat(22), "line 1 is not whsec_");
        assertWrong("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2La!", "line 1 is not whsec_");
    }

    private static String sign(String secrets) {
        byte[] body = "{\"test\": 2432232314}".getBytes(UTF_8);
        return WebhookSecrets.parse(secrets).sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, body);
    }

    private static void assertWrong(String secrets, String message) {
        assertThatThrownBy(() -> WebhookSecrets.parse(secrets))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message)
                .message()
                .doesNotContain("MfKQ9r8G");
    }
}
