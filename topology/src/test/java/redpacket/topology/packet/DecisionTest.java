package redpacket.topology.packet;

import static org.assertj.core.api.Assertions.assertThat;
import static redpacket.topology.packet.Examples.cents;
import static redpacket.topology.packet.Examples.packetWith;
import static redpacket.topology.packet.Examples.shares;
import static redpacket.topology.packet.Examples.winnerBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import redpacket.events.Outcome;

class DecisionTest {

    /** The packet has 3 shares, and its deadline is at 1500 ms. The grab is g1. */
    @ParameterizedTest
    @CsvSource({
        // closed, awarded, won by, time, decision
        "false, 0,   , 1000, NEXT_SHARE",
        "false, 2,   , 1499, NEXT_SHARE",
        "false, 0,   ,  999, NEXT_SHARE",
        "false, 0,   , 1500, EXPIRED",
        "false, 2,   , 9999, EXPIRED",
        "true,  0,   , 1499, EXPIRED",
        "true,  2,   , 1500, EXPIRED",
        "false, 3,   , 1499, SOLD_OUT",
        "true,  3,   , 1499, SOLD_OUT",
        "true,  3,   , 1500, SOLD_OUT",
        "false, 1, g1, 1499, SAME_SHARE_AGAIN",
        "false, 1, g1, 1500, SAME_SHARE_AGAIN",
        "true,  1, g1, 1500, SAME_SHARE_AGAIN",
        "true,  3, g1, 1500, SAME_SHARE_AGAIN",
        "false, 1, g2, 1499, ALREADY_GRABBED",
        "false, 1, g2, 1500, ALREADY_GRABBED",
        "true,  1, g2, 1500, ALREADY_GRABBED",
        "true,  3, g2, 1500, ALREADY_GRABBED",
    })
    void shouldDecide(boolean closed, int awardedShares, String wonBy, long grabbedAtMillis, Decision decision) {
        Winner winner = wonBy == null ? null : winnerBy(wonBy);

        assertThat(Decision.on(packetWith(shares(3), cents(100)), closed, awardedShares, winner, "g1", grabbedAtMillis))
                .isEqualTo(decision);
    }

    @Test
    void shouldNotKnowAPacketThatWasNeverOpened() {
        assertThat(Decision.on(null, false, 0, null, "g1", 1000)).isEqualTo(Decision.UNKNOWN_PACKET);
    }

    @ParameterizedTest
    @CsvSource({
        "NEXT_SHARE,       AWARDED,         false",
        "SAME_SHARE_AGAIN, AWARDED,         true",
        "ALREADY_GRABBED,  ALREADY_GRABBED, false",
        "SOLD_OUT,         SOLD_OUT,        false",
        "EXPIRED,          EXPIRED,         false",
        "UNKNOWN_PACKET,   UNKNOWN_PACKET,  false",
    })
    void shouldBeAnsweredWithAnOutcome(Decision decision, Outcome outcome, boolean repeat) {
        assertThat(decision.outcome()).isEqualTo(outcome);
        assertThat(decision.repeat()).isEqualTo(repeat);
    }

    @Test
    void shouldAllocateNothing() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        Packet packet = packetWith(shares(3), cents(100));
        Winner winner = winnerBy("g1");
        int grabs = 100_000;

        long before = threads.getCurrentThreadAllocatedBytes();
        int repeats = 0;
        for (int i = 0; i < grabs; i++) {
            repeats += Decision.on(packet, false, 1, winner, "g1", i).repeat() ? 1 : 0;
            repeats += Decision.on(packet, false, 1, null, "g1", i).repeat() ? 1 : 0;
        }
        long allocatedBytes = threads.getCurrentThreadAllocatedBytes() - before;

        assertThat(repeats).isEqualTo(grabs);
        // The smallest object has 16 bytes; asking for the count may itself allocate a little.
        assertThat(allocatedBytes).isLessThan(grabs);
    }
}
