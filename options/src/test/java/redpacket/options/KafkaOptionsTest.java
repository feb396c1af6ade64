package redpacket.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import redpacket.clients.KafkaAddress;

class KafkaOptionsTest {
    @TempDir
    private Path folder;

    @Test
    void shouldFindKafkaOnThisMachineWhenNothingIsSaid() {
        assertThat(parse().bootstrapServers()).isEqualTo("127.0.0.1:9092");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a:1", "a:1,b.example:65535", "[::1]:9092", "10.0.0.1:9092, 10.0.0.2:9092"})
    void shouldTakeBrokersWhenEachHasHostAndPort(String brokers) {
        assertThat(parse("--kafka", brokers).bootstrapServers()).isEqualTo(brokers);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "localhost", "localhost:", ":9092", "a:1,", "http://a:1", "a:1;b:2"})
    void shouldRefuseBrokersWhenOneLacksHostOrPort(String brokers) {
        assertThatThrownBy(() -> parse("--kafka", brokers))
                .isInstanceOf(ParameterException.class)
                .hasMessageContaining("--kafka")
                .hasMessageContaining("is not HOST:PORT");
    }

    @Test
    void shouldPassRawSettingsToClientsWhenAFileHoldsThem() throws IOException {
        KafkaAddress address = parse(
                "--kafka-properties",
                file("security.protocol=SSL\nssl.key.password=geheim\nrequest.timeout.ms=7000\n"));

        assertThat(address.clientSettings())
                .isEqualTo(Map.of(
                        "bootstrap.servers",
                        "127.0.0.1:9092",
                        "request.timeout.ms",
                        "7000",
                        "security.protocol",
                        "SSL",
                        "ssl.key.password",
                        "geheim"));
        assertThat(address.toString()).doesNotContain("geheim");
    }

    @Test
    void shouldTakeBrokersFromTheFileWhenTheOptionIsAbsent() throws IOException {
        String file = file("bootstrap.servers=a:1");

        assertThat(parse("--kafka-properties", file).bootstrapServers()).isEqualTo("a:1");
        assertThat(parse("--kafka-properties", file, "--kafka", "b:2").clientSettings())
                .isEqualTo(Map.of("bootstrap.servers", "b:2", "request.timeout.ms", 5_000));
    }

    @Test
    void shouldNameTheFileWhenItIsMissingOrUnreadable() throws IOException {
        assertThatThrownBy(() -> parse("--kafka-properties", "/no/such.properties"))
                .isInstanceOf(ParameterException.class)
                .hasMessageContaining("--kafka-properties")
                .hasMessageContaining("file '/no/such.properties' does not exist");
        assertThatThrownBy(() -> parse("--kafka-properties", folder.toString()))
                .hasMessageContaining(folder.toString())
                .hasMessageContaining("it is a folder");
        String broken = file("a=\\u12");
        assertThatThrownBy(() -> parse("--kafka-properties", broken))
                .hasMessageContaining(broken)
                .hasMessageContaining("not a properties file");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "auto.offset.reset=latest",
                "consumer.auto.offset.reset=none",
                "main.consumer.isolation.level=read_uncommitted",
                "acks=1",
                "producer.acks=0",
                "enable.idempotence=false",
                "processing.guarantee=at_least_once",
                "group.id=mine"
            })
    void shouldRefuseAFileThatChangesWhatTheGuaranteesDependOn(String line) throws IOException {
        String file = file("client.id=a\n" + line + "\n");

        assertThatThrownBy(() -> parse("--kafka-properties", file))
                .isInstanceOf(ParameterException.class)
                .hasMessageContaining("--kafka-properties")
                .hasMessageContaining(line)
                .hasMessageContaining("remove the line");
    }

    @Test
    void shouldAcceptAFileThatRepeatsWhatTheGuaranteesDependOn() throws IOException {
        String lines = "acks=all\nenable.idempotence=true\nconsumer.isolation.level=read_committed\n";

        assertThat(parse("--kafka-properties", file(lines)).clientSettings()).containsEntry("acks", "all");
    }

    private String file(String content) throws IOException {
        return Files.writeString(folder.resolve("client.properties"), content).toString();
    }

    private static KafkaAddress parse(String... arguments) {
        return CommandLine.populateCommand(new KafkaOptions(), arguments).address();
    }
}
