package redpacket.topology.packet;

import static org.assertj.core.api.Assertions.assertThat;
import static redpacket.topology.packet.Examples.cents;
import static redpacket.topology.packet.Examples.packetWith;
import static redpacket.topology.packet.Examples.shares;
import static redpacket.topology.packet.Examples.winnerBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import redpacket.events.OpenPacket;
import redpacket.events.Outcome;

class DecisionTest {

    /** The packet has 3 shares, and its deadline is at 1500 ms. The grab is g1. */
    @ParameterizedTest
    @CsvSource({
        // status, awarded, won by, time, decision
        "OPEN,      0,   , 1000, NEXT_SHARE",
        "OPEN,      2,   , 1499, NEXT_SHARE",
        "OPEN,      0,   ,  999, NEXT_SHARE",
        "OPEN,      0,   , 1500, EXPIRED",
        "OPEN,      2,   , 9999, EXPIRED",
        "EXPIRED,   0,   , 1499, EXPIRED",
        "EXPIRED,   2,   , 1500, EXPIRED",
        "OPEN,      3,   , 1499, SOLD_OUT",
        "EXPIRED,   3,   , 1499, SOLD_OUT",
        "EXPIRED,   3,   , 1500, SOLD_OUT",
        "OPEN,      1, g1, 1499, SAME_SHARE_AGAIN",
        "OPEN,      1, g1, 1500, SAME_SHARE_AGAIN",
        "EXPIRED,   1, g1, 1500, SAME_SHARE_AGAIN",
        "EXPIRED,   3, g1, 1500, SAME_SHARE_AGAIN",
        "OPEN,      1, g2, 1499, ALREADY_GRABBED",
        "OPEN,      1, g2, 1500, ALREADY_GRABBED",
        "EXPIRED,   1, g2, 1500, ALREADY_GRABBED",
        "EXPIRED,   3, g2, 1500, ALREADY_GRABBED",
        "CANCELLED, 2,   , 1499, CANCELLED",
        "CANCELLED, 0,   , 1500, CANCELLED",
        "CANCELLED, 1, g1, 1499, SAME_SHARE_AGAIN",
        "CANCELLED, 1, g2, 1499, ALREADY_GRABBED",
    })
    void shouldDecide(Status status, int awardedShares, String wonBy, long grabbedAtMillis, Decision decision) {
        Winner winner = wonBy == null ? null : winnerBy(wonBy);

        Packet packet = packetWith(shares(3), cents(100));
        assertThat(Decision.on(packet, status, awardedShares, winner, "kim", "g1", grabbedAtMillis))
                .isEqualTo(decision);
    }

    /** The packet starts at 1200 ms, for 500 ms, and only for kim and lee. */
    @ParameterizedTest
    @CsvSource({
        // status, awarded, user, time, decision
        "OPEN,      0, kim, 1199, NOT_STARTED",
        "OPEN,      0, lee, 1200, NEXT_SHARE",
        "OPEN,      0, lee, 1699, NEXT_SHARE",
        "OPEN,      0, lee, 1700, EXPIRED",
        "OPEN,      3, lee, 1199, SOLD_OUT",
        "OPEN,      0, mei, 1199, NOT_ELIGIBLE",
        "OPEN,      0, mei, 1700, NOT_ELIGIBLE",
        "OPEN,      3, mei, 1300, NOT_ELIGIBLE",
        "CANCELLED, 0, mei, 1300, NOT_ELIGIBLE",
        "CANCELLED, 0, kim, 1199, CANCELLED",
        "EXPIRED,   0, kim, 1199, EXPIRED",
    })
    void shouldDecideWhenThePacketHasAStartAndUsers(
            Status status, int awardedShares, String userId, long grabbedAtMillis, Decision decision) {
        OpenPacket command =
                Examples.commandWith(shares(3), cents(100)).withStart(1200L).withOnlyUsers(List.of("lee", "kim"));
        Packet packet = ((Opening.Accepted) Opening.decide(command, 1000, null, Examples.SECRET)).packet();

        assertThat(Decision.on(packet, status, awardedShares, null, userId, "g1", grabbedAtMillis))
                .isEqualTo(decision);
    }

    @Test
    void shouldNotKnowAPacketThatWasNeverOpened() {
        assertThat(Decision.on(null, Status.OPEN, 0, null, "kim", "g1", 1000)).isEqualTo(Decision.UNKNOWN_PACKET);
    }

    @ParameterizedTest
    @CsvSource({
        "NEXT_SHARE,       AWARDED,         false",
        "SAME_SHARE_AGAIN, AWARDED,         true",
        "ALREADY_GRABBED,  ALREADY_GRABBED, false",
        "SOLD_OUT,         SOLD_OUT,        false",
        "EXPIRED,          EXPIRED,         false",
        "UNKNOWN_PACKET,   UNKNOWN_PACKET,  false",
        "NOT_STARTED,      NOT_STARTED,     false",
        "NOT_ELIGIBLE,     NOT_ELIGIBLE,    false",
        "CANCELLED,        CANCELLED,       false",
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
            repeats +=
                    Decision.on(packet, Status.OPEN, 1, winner, "kim", "g1", i).repeat() ? 1 : 0;
            repeats += Decision.on(packet, Status.OPEN, 1, null, "kim", "g1", i).repeat() ? 1 : 0;
        }
        long allocatedBytes = threads.getCurrentThreadAllocatedBytes() - before;

        assertThat(repeats).isEqualTo(grabs);
        // The smallest object has 16 bytes; asking for the count may itself allocate a little.
        assertThat(allocatedBytes).isLessThan(grabs);
    }
}
