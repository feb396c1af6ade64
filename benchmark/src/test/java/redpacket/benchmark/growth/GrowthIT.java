package redpacket.benchmark.growth;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import redpacket.benchmark.ground.Setup;

/** Each part measures what its label says, and checks the answers: it throws if they are wrong. */
final class GrowthIT {
    private final Growth growth = new Growth();

    @Test
    void shouldMeasureAPacketThatIsFilledRebuiltAndRestored() {
        BigPacket.measure(2_000, growth);

        assertThat(growth.table())
                .contains("longest step, load of 2,000 shares")
                .contains("longest step, rebuild of a packet with all but one of 2,000 winners")
                .contains("stores lost with 2,000 winners: restore of a million winners");
    }

    @Test
    void shouldMeasureAPacketThatIsForgotten() {
        BigPacket.purge(2_000, growth);

        assertThat(growth.table()).contains("longest step, purge of 2,000 winners");
    }

    @Test
    void shouldMeasureARestartWithPacketsOpen() {
        ColdStart.measure(200, Setup.PLAIN, growth);

        assertThat(growth.table()).contains("200 packets, restarted, Redis near: answers in the next 10 s");
    }
}
