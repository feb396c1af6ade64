package redpacket.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The cases for readers in all languages: {@code cases/README.md}. */
final class CasesTest {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final Path FOLDER = Path.of("cases");
    private static final List<String> FILES = List.of(
            "open-packet.json",
            "cancel-packet.json",
            "grab.json",
            "award-result.json",
            "packet-event.json",
            "window-stats.json");

    /** A case: the bytes of a message, and the fields that tell what they mean. */
    record Case(Message<?> message, JsonNode fields) {
        byte[] bytes() {
            return fields.has("hex")
                    ? HexFormat.of().parseHex(fields.get("hex").textValue())
                    : fields.get("bytes").textValue().getBytes(UTF_8);
        }

        Object read() {
            return message.read().apply(bytes());
        }

        @Override
        public String toString() {
            return message.name() + ": " + fields.get("case").textValue();
        }
    }

    @ParameterizedTest
    @MethodSource("good")
    void shouldReadTheEventWhenTheBytesAreGood(Case good) throws IOException {
        Object event = good.read();

        assertThat(MAPPER.readTree(Json.writeAny(event))).isEqualTo(good.fields.get("event"));
        if (event instanceof OpenPacket open) {
            assertThat(ImpossibleTerms.of(open)
                            .map(impossible -> impossible.reason().name()))
                    .isEqualTo(good.fields.optional("rejected").map(JsonNode::textValue));
        } else if (event instanceof AwardResult award) {
            assertThat(award.movesMoney())
                    .isEqualTo(good.fields.get("movesMoney").booleanValue());
        } else if (event instanceof WindowStats stats) {
            assertThat(stats.key()).isEqualTo(good.fields.get("key").textValue());
        }
    }

    @ParameterizedTest
    @MethodSource("bad")
    void shouldRefuseWhenTheBytesAreBad(Case bad) {
        assertThatExceptionOfType(InvalidEventException.class).isThrownBy(bad::read);
    }

    @Test
    void shouldHaveCasesForEveryMessage() {
        assertThat(FILES)
                .map(file -> read(file).get("message").textValue())
                .containsExactlyInAnyOrderElementsOf(
                        Message.ALL.stream().map(Message::name).toList());
    }

    static Stream<Case> good() {
        return cases("good");
    }

    static Stream<Case> bad() {
        return cases("bad");
    }

    private static Stream<Case> cases(String kind) {
        return FILES.stream().map(CasesTest::read).flatMap(file -> {
            Message<?> message = Message.named(file.get("message").textValue());
            return StreamSupport.stream(file.get(kind).spliterator(), false).map(fields -> new Case(message, fields));
        });
    }

    private static JsonNode read(String file) {
        try {
            return MAPPER.readTree(FOLDER.resolve(file).toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
