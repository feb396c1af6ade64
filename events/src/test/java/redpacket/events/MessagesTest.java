package redpacket.events;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What people read when an event is refused: the field, its value, and what is allowed. */
final class MessagesTest {
    private static final String HASH = "0f".repeat(32);
    private static final Share SHARE = new Share(0, 3);
    private static final PacketEvent.Luckiest LUCKIEST = new PacketEvent.Luckiest("u", SHARE);

    @ParameterizedTest(name = "{0}")
    @MethodSource("refusals")
    void shouldSayWhatIsWrongWhenAnEventIsRefused(String message, ThrowingCallable event) {
        assertThatExceptionOfType(InvalidEventException.class).isThrownBy(event).withMessage(message);
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                refusal("share.index is -1; the minimum is 0", () -> new Share(-1, 1)),
                refusal("share.cents is -1; the minimum is 0", () -> new Share(0, -1)),
                refusal(
                        "campaign is c, but a result UNKNOWN_PACKET has no campaign",
                        () -> award("c", Outcome.UNKNOWN_PACKET, null, false)),
                refusal(
                        "share is missing, but a result AWARDED carries one",
                        () -> award(null, Outcome.AWARDED, null, false)),
                refusal(
                        "share is present, but a result EXPIRED carries none",
                        () -> award(null, Outcome.EXPIRED, SHARE, false)),
                refusal(
                        "repeat is true, but a result SOLD_OUT cannot be a repeat",
                        () -> award(null, Outcome.SOLD_OUT, null, true)),
                refusal("luckiest is missing, but awardedShares is 2", () -> expired(2, null)),
                refusal("luckiest is present, but awardedShares is 0", () -> expired(0, LUCKIEST)),
                refusal(
                        "commitment is not 64 lower-case hexadecimal digits",
                        () -> new PacketEvent.Opened("p", "s", 3, 2, Split.EQUAL, null, 5, 6, "0F", 7)),
                refusal(
                        "deadlineMillis is 5; the minimum is 6",
                        () -> new PacketEvent.Opened("p", "s", 3, 2, Split.EQUAL, null, 5, 5, HASH, 7)),
                refusal("scope must be all or campaign/<name>, and may end with /<currency>", () -> window("none", 0)),
                refusal(
                        "currency is neither three capital letters, as in ISO 4217, nor a name of points: a letter and"
                                + " 3 to 31 of A-Z a-z 0-9 . _ -",
                        () -> window("campaign/c/yen", 0)),
                refusal("campaign has 0 characters; 1 to 128 are allowed", () -> window("campaign/", 0)),
                refusal(
                        "windowStartMillis is 15, which is not a multiple of windowMillis, 10",
                        () -> window("all", 15)),
                refusal(
                        "grabs is 2, but the results by outcome add up to 0",
                        () -> Counters.of(counter -> counter == Counter.GRABS ? 2 : 0)));
    }

    private static Arguments refusal(String message, ThrowingCallable event) {
        return Arguments.of(message, event);
    }

    private static AwardResult award(String campaign, Outcome outcome, Share share, boolean repeat) {
        return new AwardResult("p", "g", "u", campaign, outcome, share, repeat, 5, 7);
    }

    private static PacketEvent expired(int awardedShares, PacketEvent.Luckiest luckiest) {
        return new PacketEvent.Expired("p", null, awardedShares, 5, 3, 6, luckiest, HASH);
    }

    private static WindowStats window(String scope, long startMillis) {
        return new WindowStats(scope, startMillis, 10, 1, false, Counters.NONE);
    }
}
