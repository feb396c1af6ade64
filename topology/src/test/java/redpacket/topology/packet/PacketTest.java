package redpacket.topology.packet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static redpacket.topology.packet.Examples.DEADLINE_MILLIS;
import static redpacket.topology.packet.Examples.OPENED_AT_MILLIS;
import static redpacket.topology.packet.Examples.cents;
import static redpacket.topology.packet.Examples.packetWith;
import static redpacket.topology.packet.Examples.shares;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import redpacket.events.CancelPacket;
import redpacket.events.Json;
import redpacket.events.OpenPacket;
import redpacket.events.PacketEvent;
import redpacket.events.PacketEvent.Luckiest;
import redpacket.events.Prize;
import redpacket.events.Share;
import redpacket.events.Split;

class PacketTest {

    @ParameterizedTest
    @CsvSource({
        // A packet of 3 shares and 100 cents: awarded shares, awarded cents, next share, whether it is possible.
        "0,  0,   1, true",
        "0,  0,  98, true",
        "0,  0,  99, false",
        "0,  0,   0, false",
        "0,  0,  -1, false",
        "0,  0,  -9223372036854775808, false",
        "0,  0,   9223372036854775807, false",
        "1, 60,  39, true",
        "1, 60,  40, false",
        "2, 99,   1, true",
        "2, 60,  40, true",
        "2, 60,  39, false",
        "2, 60,  41, false",
        "3, 100,  1, false",
        "3, 100,  0, false",
    })
    void shouldTellADamagedShare(int awardedShares, long awardedCents, long next, boolean possible) {
        assertThat(packetWith(shares(3), cents(100)).canBeNext(awardedShares, awardedCents, next))
                .isEqualTo(possible);
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "-1, 1", "1000001, 1000001", "3, 2", "1, 9007199254740992"})
    void shouldNotExistWhenItsTermsAreImpossible(int shares, long cents) {
        assertThatThrownBy(() -> packetWith(shares(shares), cents(cents)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("A packet of " + shares + " shares cannot have " + cents + " cents");
    }

    @Test
    void shouldTakeItsOwnSharesForPossible() {
        Packet packet = packetWith(shares(100), cents(250));
        Tally tally = new Tally();
        for (long cents : packet.cut()) {
            assertThat(packet.canBeNext(tally.awardedShares(), tally.awardedCents(), cents))
                    .isTrue();
            tally.add("user", new Share(tally.awardedShares(), cents));
        }
        assertThat(tally.awardedCents()).isEqualTo(250);
    }

    @Test
    void shouldPublishTermsAndCommitmentWhenOpened() {
        Packet packet = packetWith(shares(3), cents(100));

        assertThat(packet.opened(7))
                .isEqualTo(new PacketEvent.Opened(
                        "packet-1",
                        "sender",
                        100,
                        3,
                        Split.RANDOM,
                        "spring",
                        OPENED_AT_MILLIS,
                        DEADLINE_MILLIS,
                        packet.seed().commitment(),
                        7));
    }

    @Test
    void shouldRevealTheSeedWhenSoldOut() {
        Packet packet = packetWith(shares(2), cents(100));
        Tally tally = new Tally().add("ann", new Share(0, 30)).add("bob", new Share(1, 70));

        assertThat(packet.soldOut(tally, OPENED_AT_MILLIS + 25))
                .isEqualTo(new PacketEvent.SoldOut(
                        "packet-1",
                        "spring",
                        2,
                        100,
                        OPENED_AT_MILLIS + 25,
                        25,
                        new Luckiest("bob", new Share(1, 70)),
                        packet.seed().hex()));
    }

    @Test
    void shouldNotSellOutBeforeItOpenedWhenClocksDiffer() {
        Tally tally = new Tally().add("ann", new Share(0, 5));

        PacketEvent.SoldOut soldOut = packetWith(shares(1), cents(5)).soldOut(tally, OPENED_AT_MILLIS - 3);

        assertThat(soldOut.closedAtMillis()).isEqualTo(OPENED_AT_MILLIS - 3);
        assertThat(soldOut.elapsedMillis()).isZero();
    }

    @Test
    void shouldRefundTheRestAndRevealTheSeedWhenExpired() {
        Packet packet = packetWith(shares(3), cents(100));
        Tally tally = new Tally().add("ann", new Share(0, 30));

        assertThat(packet.expired(tally))
                .isEqualTo(new PacketEvent.Expired(
                        "packet-1",
                        "spring",
                        1,
                        30,
                        70,
                        DEADLINE_MILLIS,
                        new Luckiest("ann", new Share(0, 30)),
                        packet.seed().hex()));
    }

    @Test
    void shouldRefundEverythingWhenNobodyGrabbed() {
        PacketEvent.Expired expired = packetWith(shares(3), cents(100)).expired(new Tally());

        assertThat(expired.refundedCents()).isEqualTo(100);
        assertThat(expired.luckiest()).isNull();
    }

    @Test
    void shouldRefuseToCloseWhenTheTallyDoesNotFit() {
        Packet packet = packetWith(shares(2), cents(100));
        Tally one = new Tally().add("ann", new Share(0, 30));
        Tally tooMuch = new Tally().add("ann", new Share(0, 100));
        Tally all = new Tally().add("ann", new Share(0, 30)).add("bob", new Share(1, 70));
        Tally centMissing = new Tally().add("ann", new Share(0, 30)).add("bob", new Share(1, 69));

        assertThatThrownBy(() -> packet.soldOut(one, 1)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> packet.soldOut(centMissing, 1)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> packet.expired(all)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> packet.expired(tooMuch)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void shouldRefundNothingWhenOnlyBlanksAreLeft() {
        Packet packet = prizePacket();
        Tally tally = new Tally().add(packet.winner("ann", "g", 0, 1));

        PacketEvent.Expired expired = packet.expired(tally);

        assertThat(expired.refundedCents()).isZero();
        assertThat(expired.luckiest()).isEqualTo(new Luckiest("ann", new Share(0, 100, "Main prize")));
    }

    @Test
    void shouldNameTheFirstWinnerOfABlankWhenThereAreOnlyBlanks() {
        Packet packet = prizePacket();
        Tally tally = new Tally().add(packet.winner("ann", "g", 0, 2)).add(packet.winner("bob", "h", 1, 2));

        assertThat(packet.expired(tally).luckiest()).isEqualTo(new Luckiest("ann", new Share(0, 0)));
        assertThat(packet.expired(tally).refundedCents()).isEqualTo(100);
    }

    @Test
    void shouldRefuseAPrizeThatItDoesNotHave() {
        assertThatThrownBy(() -> prizePacket().winner("ann", "g", 0, 3)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> prizePacket().winner("ann", "g", 0, 0)).isInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest
    @CsvSource({
        // A packet of 3 shares from 20 to 50 cents and 100 cents: awarded shares, awarded cents, next, possible.
        "0,  0, 19, false",
        "0,  0, 20, true",
        "0,  0, 50, true",
        "0,  0, 51, false",
        "1, 50, 30, true",
        "1, 50, 31, false",
        "2, 80, 20, true",
        "2, 80, 21, false",
    })
    void shouldTellADamagedShareWhenThereAreBounds(int awardedShares, long awardedCents, long next, boolean possible) {
        OpenPacket command = Examples.commandWith(shares(3), cents(100)).withBounds(20L, 50L);
        assertThat(packet(command).canBeNext(awardedShares, awardedCents, next)).isEqualTo(possible);
    }

    @Test
    void shouldRefundTheRestAndSayFromWhichGrabOnWhenCancelled() {
        Packet packet = packet(Examples.commandWith(shares(3), cents(100)).withCurrency("CNY"));
        Tally tally = new Tally().add("ann", new Share(0, 30));

        assertThat(packet.cancelled(new CancelPacket("packet-1", "sender", "Why"), tally, 1_234, 56, 7))
                .isEqualTo(new PacketEvent.Cancelled(
                        "packet-1",
                        "spring",
                        "CNY",
                        1,
                        30,
                        70,
                        1_234,
                        56,
                        "Why",
                        7,
                        new Luckiest("ann", new Share(0, 30)),
                        packet.seed().hex()));
        assertThat(packet.sums(tally)).isEqualTo(new PacketEvent.Sums(1, 30, 70));
    }

    @Test
    void shouldShowOnlyNumberAndHashOfItsUsers() {
        Packet packet = packet(Examples.commandWith(shares(3), cents(100)).withOnlyUsers(List.of("kim", "lee", "mei")));

        assertThat(packet.opened(0).onlyUsers().count()).isEqualTo(3);
        assertThat(new String(Json.write(packet.opened(0)), UTF_8)).doesNotContain("kim", "lee", "mei");
        assertThat(packet.toString()).doesNotContain("kim", "lee", "mei");
    }

    private static Packet prizePacket() {
        List<Prize> prizes = List.of(new Prize(100, 1, "Main prize"), new Prize(0, 2, null));
        return packet(OpenPacket.ofPrizes("packet-1", "sender", prizes, null, 5));
    }

    private static Packet packet(OpenPacket command) {
        return ((Opening.Accepted) Opening.decide(command, OPENED_AT_MILLIS, null, Examples.SECRET)).packet();
    }
}
