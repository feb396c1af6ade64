package redpacket.topology.shares;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import redpacket.events.Split;
import redpacket.topology.packet.Packet;
import redpacket.topology.packet.SeedSecret;

class ShareReaderTest {
    /** Many packets are open that nobody grabs. Each will have read its first block as soon as Redis answers. */
    @ParameterizedTest
    @CsvSource({"600, 0, 256", "600, 500, 100", "10, 0, 10", "10, 10, 0"})
    void shouldWeighTheFirstBlockWhenItIsNotThereYet(int shares, int cursor, int block) {
        Packet packet = new Packet(
                "p",
                "s",
                1_000_000,
                shares,
                Split.RANDOM,
                null,
                0,
                1,
                SeedSecret.of("0123456789abcdef").seedOf("p"));

        int weight = new ShareReader(null, new ShareQueue(packet, 1), cursor, null).weight();

        assertThat(weight).isBetween(8 * block + 100, 8 * block + 300);
    }
}
