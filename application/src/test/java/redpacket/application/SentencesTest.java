package redpacket.application;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import redpacket.events.AwardResult;
import redpacket.events.Counters;
import redpacket.events.Outcome;
import redpacket.events.PacketEvent;
import redpacket.events.Share;
import redpacket.events.Split;
import redpacket.events.WindowStats;

class SentencesTest {
    private static final String SHA = "ab".repeat(32);

    @Test
    void shouldDescribeEveryOutcome() {
        assertThat(Sentences.of(award(Outcome.AWARDED, false))).isEqualTo("bob won 123 cents of p1 (share 4)");
        assertThat(Sentences.of(award(Outcome.AWARDED, true)))
                .isEqualTo("bob won 123 cents of p1 (share 4, announced before)");
        assertThat(Sentences.of(award(Outcome.ALREADY_GRABBED, false)))
                .isEqualTo("bob already holds 123 cents of p1 (share 4)");
        assertThat(Sentences.of(award(Outcome.SOLD_OUT, false))).isEqualTo("bob came too late for p1: it is sold out");
        assertThat(Sentences.of(award(Outcome.EXPIRED, false))).isEqualTo("bob came too late for p1: it has expired");
        assertThat(Sentences.of(award(Outcome.UNKNOWN_PACKET, false)))
                .isEqualTo("bob grabbed from p1, which does not exist");
    }

    @Test
    void shouldDescribeEveryEventOfAPacket() {
        PacketEvent.Luckiest bob = new PacketEvent.Luckiest("bob", new Share(4, 123));

        assertThat(Sentences.of(new PacketEvent.Opened("p1", "alice", 500, 10, Split.EQUAL, null, 0, 1_000, SHA, 0)))
                .isEqualTo("p1 opened by alice: 500 cents in 10 equal shares, until 1970-01-01T00:00:01Z, commitment "
                        + SHA);
        assertThat(Sentences.of(new PacketEvent.Rejected("p1", PacketEvent.Reason.NO_SHARES, "shares is 0", 0)))
                .isEqualTo("p1 rejected: NO_SHARES, shares is 0");
        assertThat(Sentences.of(new PacketEvent.SoldOut("p1", null, 10, 500, 1_000, 1_234, bob, SHA)))
                .isEqualTo("p1 sold out after 1.234 s: 10 shares of 500 cents, luckiest bob with 123 cents");
        assertThat(Sentences.of(new PacketEvent.Expired("p1", null, 0, 0, 500, 1_000, null, SHA)))
                .isEqualTo("p1 expired: 0 shares of 0 cents, refunded 500 cents");
    }

    @Test
    void shouldListOnlyCountersThatAreNotZero() {
        Counters grabs = Counters.of(counter -> switch (counter) {
            case GRABS -> 9;
            case AWARDED -> 2;
            case ALREADY_GRABBED -> 3;
            case SOLD_OUT -> 4;
            case AWARDED_CENTS -> 500;
            case PACKETS_OPENED -> 1;
            default -> 0;
        });

        assertThat(Sentences.of(new WindowStats("campaign/spring", 2_000, 1_000, 3, false, grabs)))
                .isEqualTo("1970-01-01T00:00:02Z campaign/spring: 9 grabs, 2 won 500 cents, 3 already held a share,"
                        + " 4 came after the last share, 1 packets opened");
        assertThat(Sentences.of(new WindowStats("all", 2_000, 1_000, 3, true, Counters.NONE)))
                .isEqualTo("1970-01-01T00:00:02Z all: 0 grabs");
    }

    private static AwardResult award(Outcome outcome, boolean repeat) {
        Share share = outcome.carriesShare() ? new Share(4, 123) : null;
        return new AwardResult("p1", "g1", "bob", null, outcome, share, repeat, 0, 0);
    }
}
