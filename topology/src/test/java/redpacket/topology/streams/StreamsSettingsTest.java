package redpacket.topology.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import redpacket.clients.KafkaAddress;

class StreamsSettingsTest {
    @Test
    void shouldNotWaitAMinuteForABrokerThatHangsWhenATaskRestores() {
        assertThat(settings(Map.of())).containsEntry("admin.default.api.timeout.ms", 10_000);
    }

    /** The admin client refuses a timeout that is shorter than that of a request. */
    @Test
    void shouldWaitLongerWhenRequestsMayTakeLonger() {
        assertThat(settings(Map.of("request.timeout.ms", "30000")))
                .containsEntry("admin.default.api.timeout.ms", 60_000);
    }

    @Test
    void shouldLeaveTheTimeoutOfTheUserWhenThereIsOne() {
        assertThat(settings(Map.of("default.api.timeout.ms", "20000")))
                .doesNotContainKey("admin.default.api.timeout.ms")
                .containsEntry("default.api.timeout.ms", "20000");
    }

    @Test
    void shouldDemandTwoReplicasInSyncWhenThereAreThree() {
        assertThat(settings(3)).containsEntry("topic.min.insync.replicas", "2");
        assertThat(settings(1)).doesNotContainKey("topic.min.insync.replicas");
    }

    private static Properties settings(Map<String, String> ofClients) {
        KafkaAddress kafka = new KafkaAddress("localhost:1", ofClients);
        return new StreamsSettings(kafka, "redpacket", Path.of("state"), 1, 1).toProperties();
    }

    private static Properties settings(int replicas) {
        return new StreamsSettings(KafkaAddress.of("localhost:1"), "redpacket", Path.of("state"), 1, replicas)
                .toProperties();
    }
}
