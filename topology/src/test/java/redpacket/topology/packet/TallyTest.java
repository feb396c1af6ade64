package redpacket.topology.packet;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import redpacket.events.PacketEvent.Luckiest;
import redpacket.events.Share;

class TallyTest {
    private static final Share SMALL = new Share(0, 10);
    private static final Share LARGE = new Share(1, 40);
    private static final Share AS_LARGE = new Share(2, 40);

    @Test
    void shouldCountSharesAndCents() {
        Tally tally = new Tally().add("ann", SMALL).add("bob", LARGE).add("eve", AS_LARGE);

        assertThat(tally.awardedShares()).isEqualTo(3);
        assertThat(tally.awardedCents()).isEqualTo(90);
    }

    @Test
    void shouldNameTheEarliestOfTheLargestShares() {
        assertThat(new Tally()
                        .add("ann", SMALL)
                        .add("bob", LARGE)
                        .add("eve", AS_LARGE)
                        .luckiest())
                .isEqualTo(new Luckiest("bob", LARGE));
    }

    @Test
    void shouldComeToTheSameWhenCountedInAnotherOrder() {
        assertThat(new Tally().add("eve", AS_LARGE).add("bob", LARGE).add("ann", SMALL))
                .usingRecursiveComparison()
                .isEqualTo(new Tally().add("ann", SMALL).add("bob", LARGE).add("eve", AS_LARGE));
    }

    @Test
    void shouldNameNobodyWhenNobodyWon() {
        assertThat(new Tally().luckiest()).isNull();
    }
}
