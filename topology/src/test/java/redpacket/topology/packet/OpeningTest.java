package redpacket.topology.packet;

import static org.assertj.core.api.Assertions.assertThat;
import static redpacket.topology.packet.Examples.OPENED_AT_MILLIS;
import static redpacket.topology.packet.Examples.OPEN_FOR_MILLIS;
import static redpacket.topology.packet.Examples.SECRET;
import static redpacket.topology.packet.Examples.cents;
import static redpacket.topology.packet.Examples.commandWith;
import static redpacket.topology.packet.Examples.packetWith;
import static redpacket.topology.packet.Examples.shares;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import redpacket.events.OpenPacket;
import redpacket.events.PacketEvent.Reason;
import redpacket.events.Split;

class OpeningTest {

    @Test
    void shouldAcceptANewPacketWithItsDeadlineCountedFromTheBrokersClock() {
        assertThat(Opening.decide(commandWith(shares(3), cents(100)), OPENED_AT_MILLIS, null, SECRET))
                .isEqualTo(new Opening.Accepted(packetWith(shares(3), cents(100))));
    }

    @ParameterizedTest
    @CsvSource({
        "1,       1,                1",
        "1000000, 1000000,          1",
        "1,       9007199254740991, 2678400000",
        "1000000, 9007199254740991, 2678400000",
    })
    void shouldAcceptTermsAtTheirLimits(int shares, long totalCents, long openForMillis) {
        assertThat(Opening.decide(commandWith(shares, totalCents, openForMillis), OPENED_AT_MILLIS, null, SECRET))
                .isInstanceOf(Opening.Accepted.class);
    }

    @ParameterizedTest
    @CsvSource({
        "0,           100,                  500,                 NO_SHARES",
        "-1,          100,                  500,                 NO_SHARES",
        "-2147483648, -9223372036854775808, 500,                 NO_SHARES",
        "1000001,     2000000,              500,                 TOO_MANY_SHARES",
        "2147483647,  9223372036854775807,  500,                 TOO_MANY_SHARES",
        "3,           2,                    500,                 FEWER_CENTS_THAN_SHARES",
        "3,           -9223372036854775808, 500,                 FEWER_CENTS_THAN_SHARES",
        "3,           9007199254740992,     500,                 TOO_MANY_CENTS",
        "3,           9223372036854775807,  500,                 TOO_MANY_CENTS",
        "3,           100,                  0,                   IMPOSSIBLE_DURATION",
        "3,           100,                  -1,                  IMPOSSIBLE_DURATION",
        "3,           100,                  2678400001,          IMPOSSIBLE_DURATION",
        "3,           100,                  9223372036854775807, IMPOSSIBLE_DURATION",
    })
    void shouldRefuseImpossibleTerms(int shares, long totalCents, long openForMillis, Reason reason) {
        assertThat(refused(commandWith(shares, totalCents, openForMillis), null).reason())
                .isEqualTo(reason);
    }

    /** Each line corrects the mistake for which the line before is refused. */
    @ParameterizedTest
    @CsvSource({
        "0,       -1,               0, NO_SHARES",
        "1000001, -1,               0, TOO_MANY_SHARES",
        "1000000, -1,               0, FEWER_CENTS_THAN_SHARES",
        "1000000, 9007199254740992, 0, TOO_MANY_CENTS",
        "1000000, 9007199254740991, 0, IMPOSSIBLE_DURATION",
    })
    void shouldGiveTheFirstReasonWhenThereAreSeveral(int shares, long totalCents, long openForMillis, Reason reason) {
        assertThat(refused(commandWith(shares, totalCents, openForMillis), null).reason())
                .isEqualTo(reason);
    }

    @Test
    void shouldSayWhatWasWrongAndWhatIsAllowed() {
        assertThat(refused(commandWith(shares(0), cents(100)), null).detail())
                .isEqualTo("A packet of 0 shares has nothing to grab; the least is 1.");
        assertThat(refused(commandWith(shares(1_000_001), cents(100)), null).detail())
                .isEqualTo("1000001 shares are too many; at most 1000000 are allowed.");
        assertThat(refused(commandWith(shares(3), cents(2)), null).detail())
                .isEqualTo("2 cents do not make 3 shares; each needs at least 1 cent.");
        assertThat(refused(commandWith(shares(3), cents(1L << 53)), null).detail())
                .isEqualTo("9007199254740992 cents are too many; at most 9007199254740991 are allowed.");
        assertThat(refused(commandWith(shares(3), cents(100), 0), null).detail())
                .isEqualTo("A packet cannot be open for 0 ms; 1 to 2678400000 ms (31 days) are allowed.");
    }

    @Test
    void shouldGiveThePacketOfThenWhenTheSameCommandComesLater() {
        Packet packet = packetWith(shares(3), cents(100));

        assertThat(Opening.decide(commandWith(shares(3), cents(100)), OPENED_AT_MILLIS + 9999, packet, SECRET))
                .isEqualTo(new Opening.Again(packet));
    }

    @ParameterizedTest
    @MethodSource("commandsOnOtherTerms")
    void shouldRefuseATakenIdOnOtherTerms(OpenPacket command) {
        Opening.Refused refused = refused(command, packetWith(shares(3), cents(100)));

        assertThat(refused.reason()).isEqualTo(Reason.OTHER_TERMS);
        assertThat(refused.detail())
                .isEqualTo("The packet id packet-1 is taken by a packet on other terms;"
                        + " only the same command may be sent again.");
    }

    static Stream<OpenPacket> commandsOnOtherTerms() {
        return Stream.of(
                new OpenPacket("packet-1", "other", 100, 3, Split.RANDOM, "spring", OPEN_FOR_MILLIS),
                new OpenPacket("packet-1", "sender", 101, 3, Split.RANDOM, "spring", OPEN_FOR_MILLIS),
                new OpenPacket("packet-1", "sender", 100, 4, Split.RANDOM, "spring", OPEN_FOR_MILLIS),
                new OpenPacket("packet-1", "sender", 100, 3, Split.EQUAL, "spring", OPEN_FOR_MILLIS),
                new OpenPacket("packet-1", "sender", 100, 3, Split.RANDOM, "autumn", OPEN_FOR_MILLIS),
                new OpenPacket("packet-1", "sender", 100, 3, Split.RANDOM, null, OPEN_FOR_MILLIS),
                new OpenPacket("packet-1", "sender", 100, 3, Split.RANDOM, "spring", OPEN_FOR_MILLIS + 1),
                // Also impossible, which does not matter for a taken id.
                new OpenPacket("packet-1", "sender", 0, 0, Split.RANDOM, "spring", Long.MAX_VALUE));
    }

    private static Opening.Refused refused(OpenPacket command, Packet existingOrNull) {
        Opening opening = Opening.decide(command, OPENED_AT_MILLIS, existingOrNull, SECRET);
        assertThat(opening).isInstanceOf(Opening.Refused.class);
        return (Opening.Refused) opening;
    }
}
