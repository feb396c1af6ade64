package redpacket.topology.packet;

import static org.assertj.core.api.Assertions.assertThat;
import static redpacket.topology.packet.Examples.OPENED_AT_MILLIS;
import static redpacket.topology.packet.Examples.OPEN_FOR_MILLIS;
import static redpacket.topology.packet.Examples.SECRET;
import static redpacket.topology.packet.Examples.cents;
import static redpacket.topology.packet.Examples.commandWith;
import static redpacket.topology.packet.Examples.packetWith;
import static redpacket.topology.packet.Examples.shares;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import redpacket.events.OpenPacket;
import redpacket.events.PacketEvent.Reason;
import redpacket.events.Prize;
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
    void shouldCountTheDeadlineFromTheStart() {
        Packet packet = accepted(commandWith(3, 100).withStart(OPENED_AT_MILLIS + 70));

        assertThat(packet.startMillis()).isEqualTo(OPENED_AT_MILLIS + 70);
        assertThat(packet.deadlineMillis()).isEqualTo(OPENED_AT_MILLIS + 70 + OPEN_FOR_MILLIS);
    }

    @Test
    void shouldStartAtOnceWhenTheTimeToStartIsOver() {
        Packet packet = accepted(commandWith(3, 100).withStart(OPENED_AT_MILLIS - 1));

        assertThat(packet.startMillis()).isEqualTo(OPENED_AT_MILLIS);
        assertThat(packet.deadlineMillis()).isEqualTo(OPENED_AT_MILLIS + OPEN_FOR_MILLIS);
    }

    @Test
    void shouldGiveThePacketOfThenWhenTheSameSpecialTermsComeInAnotherOrder() {
        Packet packet = accepted(commandWith(3, 100).withOnlyUsers(List.of("kim", "lee")));

        assertThat(Opening.decide(
                        commandWith(3, 100).withOnlyUsers(List.of("lee", "kim")), OPENED_AT_MILLIS, packet, SECRET))
                .isEqualTo(new Opening.Again(packet));
    }

    @ParameterizedTest
    @MethodSource("impossibleSpecialTerms")
    void shouldRefuseImpossibleSpecialTerms(Reason reason, String detail, OpenPacket command) {
        Opening.Refused refused = refused(command, null);

        assertThat(refused.reason()).isEqualTo(reason);
        assertThat(refused.detail()).isEqualTo(detail);
    }

    static Stream<Arguments> impossibleSpecialTerms() {
        OpenPacket plain = commandWith(3, 100);
        List<Prize> prizes = List.of(new Prize(100, 1, null));
        List<String> users = IntStream.range(0, 1_001).mapToObj(i -> "u" + i).toList();
        return Stream.of(
                Arguments.of(
                        Reason.IMPOSSIBLE_START,
                        "startsAtMillis is -1; 0 to 253402300799999 are allowed.",
                        plain.withStart(-1L)),
                Arguments.of(
                        Reason.IMPOSSIBLE_START,
                        "A packet that starts 2678399501 ms after it opens cannot be open for 500 ms; both together may"
                                + " take 2678400000 ms (31 days).",
                        plain.withStart(OPENED_AT_MILLIS + 2_678_400_000L - OPEN_FOR_MILLIS + 1)),
                Arguments.of(Reason.IMPOSSIBLE_BOUNDS, "minCents is 0; the minimum is 1.", plain.withBounds(0L, null)),
                Arguments.of(
                        Reason.IMPOSSIBLE_BOUNDS,
                        "minCents is 30, but maxCents is only 29.",
                        plain.withBounds(30L, 29L)),
                Arguments.of(
                        Reason.IMPOSSIBLE_BOUNDS,
                        "100 cents are too few for 3 shares of at least 34 cents.",
                        plain.withBounds(34L, null)),
                Arguments.of(
                        Reason.IMPOSSIBLE_BOUNDS,
                        "100 cents are too many for 3 shares of at most 33 cents.",
                        plain.withBounds(null, 33L)),
                Arguments.of(
                        Reason.IMPOSSIBLE_PRIZES,
                        "There are prizes, but the split is RANDOM.",
                        withPrizes(100, 1, Split.RANDOM, prizes)),
                Arguments.of(
                        Reason.IMPOSSIBLE_PRIZES,
                        "The split is PRIZES, but there are no prizes.",
                        withPrizes(100, 1, Split.PRIZES, null)),
                Arguments.of(
                        Reason.IMPOSSIBLE_PRIZES,
                        "totalCents is 99, but the prizes add up to 100 cents.",
                        withPrizes(99, 1, Split.PRIZES, prizes)),
                Arguments.of(
                        Reason.IMPOSSIBLE_PRIZES,
                        "shares is 2, but there are 1 prizes in all.",
                        withPrizes(100, 2, Split.PRIZES, prizes)),
                Arguments.of(
                        Reason.IMPOSSIBLE_PRIZES,
                        "All prizes are blanks; at least one needs 1 cent.",
                        withPrizes(0, 2, Split.PRIZES, List.of(new Prize(0, 2, "x")))),
                Arguments.of(
                        Reason.IMPOSSIBLE_PRIZES,
                        "There are 1001 prizes; 1 to 1000 are allowed.",
                        withPrizes(1001, 1001, Split.PRIZES, Collections.nCopies(1001, new Prize(1, 1, null)))),
                Arguments.of(
                        Reason.IMPOSSIBLE_USERS,
                        "onlyUsers has 0 users; 1 to 1000 are allowed.",
                        plain.withOnlyUsers(List.of())),
                Arguments.of(
                        Reason.IMPOSSIBLE_USERS,
                        "onlyUsers has 1001 users; 1 to 1000 are allowed.",
                        plain.withOnlyUsers(users)),
                Arguments.of(
                        Reason.IMPOSSIBLE_USERS,
                        "onlyUsers has 2 users, of which only 1 are different; each may be there once.",
                        plain.withOnlyUsers(List.of("kim", "kim"))));
    }

    @Test
    void shouldAcceptSpecialTermsAtTheirLimits() {
        List<String> users = IntStream.range(0, 1_000).mapToObj(i -> "u" + i).toList();

        accepted(
                commandWith(3, 99).withBounds(33L, 33L).withStart(OPENED_AT_MILLIS + 2_678_400_000L - OPEN_FOR_MILLIS));
        accepted(commandWith(3, 100).withOnlyUsers(users));
        accepted(withPrizes(1_000, 1_000, Split.PRIZES, Collections.nCopies(1_000, new Prize(1, 1, null))));
    }

    private static OpenPacket withPrizes(long totalCents, int shares, Split split, List<Prize> prizes) {
        return new OpenPacket(
                "packet-1",
                "sender",
                totalCents,
                shares,
                split,
                "spring",
                OPEN_FOR_MILLIS,
                null,
                null,
                null,
                prizes,
                null,
                null,
                null);
    }

    private static Packet accepted(OpenPacket command) {
        Opening opening = Opening.decide(command, OPENED_AT_MILLIS, null, SECRET);
        assertThat(opening).isInstanceOf(Opening.Accepted.class);
        return ((Opening.Accepted) opening).packet();
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
                commandWith(3, 100).withStart(1L),
                commandWith(3, 100).withBounds(1L, null),
                commandWith(3, 100).withOnlyUsers(List.of("kim")),
                commandWith(3, 100).withCurrency("CNY"),
                commandWith(3, 100).withTitle("Hello"),
                OpenPacket.ofPrizes("packet-1", "sender", List.of(new Prize(50, 2, null)), "spring", OPEN_FOR_MILLIS),
                // Also impossible, which does not matter for a taken id.
                new OpenPacket("packet-1", "sender", 0, 0, Split.RANDOM, "spring", Long.MAX_VALUE));
    }

    private static Opening.Refused refused(OpenPacket command, Packet existingOrNull) {
        Opening opening = Opening.decide(command, OPENED_AT_MILLIS, existingOrNull, SECRET);
        assertThat(opening).isInstanceOf(Opening.Refused.class);
        return (Opening.Refused) opening;
    }
}
