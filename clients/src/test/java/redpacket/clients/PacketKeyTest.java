package redpacket.clients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import redpacket.events.InvalidEventException;

/** The cases for partitioners in all languages: {@code events/cases/README.md}. */
final class PacketKeyTest {
    private static final int MOST_PARTITIONS = 240;

    @ParameterizedTest
    @MethodSource("keys")
    void shouldTakeOnlyThePartitionOfTheCaseWhateverTheirNumber(JsonNode fields) {
        byte[] key = fields.get("key").textValue().getBytes(UTF_8);

        assertThat(Integer.toUnsignedLong(Utils.murmur2(key)))
                .isEqualTo(fields.get("murmur2").longValue());
        assertThat(fields.get("partitions")).hasSize(MOST_PARTITIONS);
        for (int partitions = 1; partitions <= MOST_PARTITIONS; partitions++) {
            int right = fields.get("partitions").get(partitions - 1).intValue();
            int number = partitions;
            assertThatCode(() -> PacketKey.requirePartition(key, right, number)).doesNotThrowAnyException();
            assertThatExceptionOfType(InvalidEventException.class)
                    .isThrownBy(() -> PacketKey.requirePartition(key, right + 1, number))
                    .withMessageContaining("into " + right);
        }
    }

    static Stream<JsonNode> keys() throws IOException {
        JsonNode cases = new JsonMapper()
                .readTree(Path.of("..", "events", "cases", "partitions.json").toFile());
        return StreamSupport.stream(cases.get("keys").spliterator(), false);
    }
}
