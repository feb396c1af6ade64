package redpacket.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import redpacket.events.Grab;
import redpacket.events.InvalidEventException;
import redpacket.events.OpenPacket;

class PacketProducerTest {
    /** Nothing listens on port 1. */
    private static final Map<String, String> NOBODY = Map.of("bootstrap.servers", "127.0.0.1:1", "max.block.ms", "50");

    @Test
    void shouldFailFastWhenThereIsNoEvent() {
        try (PacketProducer producer = PacketProducer.connect(NOBODY)) {
            assertThatThrownBy(() -> producer.open(null)).isInstanceOf(InvalidEventException.class);
            assertThatThrownBy(() -> producer.grab(null)).isInstanceOf(InvalidEventException.class);
        }
    }

    @Test
    void shouldFailFastWhenNoPacketCanHaveTheTerms() {
        try (PacketProducer producer = PacketProducer.connect(NOBODY)) {
            assertThatThrownBy(() -> producer.open(new OpenPacket("p", "s", 10, 20, null, null, 1_000)))
                    .isInstanceOf(InvalidEventException.class)
                    .hasMessage("10 cents do not make 20 shares; each needs at least 1 cent.");
        }
    }

    @Test
    void shouldFailTheFutureWhenKafkaIsOutOfReach() {
        try (PacketProducer producer = PacketProducer.connect(NOBODY)) {
            CompletableFuture<Appended> appended = producer.grab(new Grab("g", "p", "u"));

            assertThat(appended)
                    .failsWithin(Duration.ofMinutes(1))
                    .withThrowableThat()
                    .withCauseInstanceOf(TimeoutException.class);
        }
    }

    @Test
    void shouldRefuseSettingsThatWouldLoseOrScatterRecords() {
        assertThatThrownBy(() -> PacketProducer.connect(Map.of("bootstrap.servers", "a:1", "acks", "1")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("acks");
        assertThatThrownBy(() ->
                        PacketProducer.connect(Map.of("bootstrap.servers", "a:1", "partitioner.ignore.keys", "true")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("partitioner.ignore.keys");
    }
}
