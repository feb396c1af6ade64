package redpacket.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.javalin.http.ForbiddenResponse;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import redpacket.events.Grab;
import redpacket.events.InvalidEventException;
import redpacket.gateway.access.Client;
import redpacket.gateway.access.RateLimit;
import redpacket.gateway.access.Role;

class GrabRequestTest {
    private static final Client ANY = client(Optional.empty());
    private static final Client KIM = client(Optional.of("kim"));

    private static Client client(Optional<String> user) {
        return new Client("app", Set.of(Role.GRABBER), new RateLimit(1, System::nanoTime), user, Instant.MAX);
    }

    @Test
    void shouldTakeTheUserFromTheClientWhenItHasOnlyOne() {
        Grab grab = new Grab("g", "p", "kim");

        assertThat(GrabRequest.read("p", "{}".getBytes(UTF_8), "g", KIM)).isEqualTo(grab);
        assertThat(GrabRequest.read("p", "{\"userId\":\"kim\"}".getBytes(UTF_8), "g", KIM))
                .isEqualTo(grab);
        assertThatThrownBy(() -> GrabRequest.read("p", "{\"userId\":\"bob\"}".getBytes(UTF_8), "g", KIM))
                .isInstanceOf(ForbiddenResponse.class)
                .hasMessage("userId is not kim, the user of this JWT.");
    }

    @Test
    void shouldTakeTheGrabIdFromTheBodyOrTheHeader() {
        Grab grab = new Grab("g", "p", "u");

        assertThat(read("{'userId':'u','grabId':'g'}", null)).isEqualTo(grab);
        assertThat(read("{'userId':'u'}", "g")).isEqualTo(grab);
        assertThat(read("{'userId':'u','grabId':null}", "\"g\"")).isEqualTo(grab);
        assertThat(read("{'userId':'u','grabId':'g','more':1}", "g")).isEqualTo(grab);
    }

    @Test
    void shouldSayWhatIsWrongWhenTheBodyIsNoGrab() {
        assertWrong("", null, "the body is not a JSON object");
        assertWrong("[]", null, "the body is not a JSON object");
        assertWrong("{", null, "the body is not JSON: ");
        assertWrong("{} {}", null, "the body is not JSON: ");
        assertWrong("{'userId':'u','userId':'v'}", "g", "the body is not JSON: Duplicate field 'userId'");
        assertWrong("{'grabId':'g'}", null, "userId is missing");
        assertWrong("{'userId':'u'}", null, "grabId is missing");
        assertWrong("{'userId':7,'grabId':'g'}", null, "userId must be a string");
        assertWrong("{'userId':'a b','grabId':'g'}", null, "userId has the character U+0020");
        assertWrong("{'userId':'u','grabId':'g'}", "h", "grabId and Idempotency-Key differ");
    }

    private static void assertWrong(String body, String key, String message) {
        assertThatThrownBy(() -> read(body, key))
                .isInstanceOf(InvalidEventException.class)
                .hasMessageStartingWith(message);
    }

    private static Grab read(String body, String key) {
        return GrabRequest.read("p", body.replace('\'', '"').getBytes(UTF_8), key, ANY);
    }
}
