package redpacket.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class JsonTest {
    @Test
    void shouldReadDefaultsWhenOptionalFieldsOfAnOpenCommandAreAbsent() {
        assertThat(open("{'packetId':'p','senderId':'s','totalCents':5,'shares':2}"))
                .isEqualTo(new OpenPacket("p", "s", 5, 2, Split.RANDOM, null, OpenPacket.DEFAULT_OPEN_FOR_MILLIS));
    }

    @Test
    void shouldTakeTheLargestNumberWhenTermsAreBeyondIt() {
        assertThat(open("{'packetId':'p','senderId':'s','totalCents':99999999999999999999,'shares':3000000000}"))
                .isEqualTo(new OpenPacket("p", "s", Long.MAX_VALUE, Integer.MAX_VALUE, null, null, 86_400_000));
    }

    @Test
    void shouldNameTheFieldWhenANumberIsMissing() {
        assertThatThrownBy(() -> Json.readPacketEvent(json("{'type':'opened','packetId':'x','senderId':'s'}")))
                .isInstanceOf(InvalidEventException.class)
                .hasMessage("totalCents: Cannot map `null` into type `long`");
    }

    private static OpenPacket open(String json) {
        return Json.readOpen(json(json));
    }

    private static byte[] json(String withSingleQuotes) {
        return withSingleQuotes.replace('\'', '"').getBytes(UTF_8);
    }
}
