package redpacket.events;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonTest {
    /** Near the largest record that a broker takes. */
    private static final int BIG = 900_000;

    private static final String GRAB = "{'grabId':'g','packetId':'p','userId':'u'}";
    private static final String OPENED = "{'type':'opened','packetId':'p','senderId':'s','totalCents':3,'shares':2,"
            + "'split':'EQUAL','openedAtMillis':5,'deadlineMillis':6,'commitment':'" + "0f".repeat(32)
            + "','openOffset':7}";
    private static final String AWARD = "{'packetId':'p','grabId':'g','userId':'u','outcome':'AWARDED',"
            + "'share':{'index':0,'cents':3},'repeat':false,'grabbedAtMillis':5,'grabOffset':7}";
    private static final String EXPIRED = "{'type':'expired','packetId':'p','awardedShares':0,'awardedCents':0,"
            + "'refundedCents':3,'closedAtMillis':6,'seed':'" + "0f".repeat(32) + "'}";

    @Property
    void shouldReadWhatWasWrittenWhateverTheEvent(@ForAll("written") Message.Written<?> written) {
        assertThat((Object) written.readBack()).isEqualTo(written.event());
    }

    @Property
    void shouldReadCommandsWithImpossibleTermsWhenTheirFormIsRight(
            @ForAll long totalCents, @ForAll int shares, @ForAll long openForMillis) {
        OpenPacket impossible = new OpenPacket("p", "s", totalCents, shares, Split.EQUAL, null, openForMillis);
        assertThat(Json.readOpen(Json.write(impossible))).isEqualTo(impossible);
    }

    @Test
    void shouldReadDefaultsWhenOptionalFieldsOfAnOpenCommandAreAbsent() {
        OpenPacket defaults = new OpenPacket("p", "s", 5, 2, Split.RANDOM, null, 86_400_000);
        assertThat(open("{'packetId':'p','senderId':'s','totalCents':5,'shares':2}"))
                .isEqualTo(defaults);
        assertThat(open("{'packetId':'p','senderId':'s','totalCents':5,'shares':2,'split':null,'campaign':null,"
                        + "'openForMillis':null}"))
                .isEqualTo(defaults);
    }

    @Test
    void shouldTakeTheNearestNumberWhenTermsAreBeyondIt() {
        assertThat(open("{'packetId':'p','senderId':'s','totalCents':99999999999999999999,'shares':3000000000,"
                        + "'openForMillis':-99999999999999999999}"))
                .isEqualTo(new OpenPacket("p", "s", Long.MAX_VALUE, Integer.MAX_VALUE, null, null, Long.MIN_VALUE));
    }

    @Test
    void shouldIgnoreFieldsWhenTheContractDoesNotKnowThem() {
        assertThat(Json.readGrab(
                        json("{'v':2,'grabId':'g','more':[{'type':1.5}],'packetId':'p','userId':'u','z':null}")))
                .isEqualTo(new Grab("g", "p", "u"));
        assertThat(Json.readPacketEvent(json(EXPIRED.replace("{", "{'a':{'type':'opened'},"))))
                .isInstanceOf(PacketEvent.Expired.class);
    }

    @ParameterizedTest
    @MethodSource("unreadableGrabs")
    void shouldRefuseAGrabWhenItIsNot(String json) {
        assertRefused(Json::readGrab, json(json));
    }

    static Stream<String> unreadableGrabs() {
        return Stream.of(
                "",
                " ",
                "null",
                "true",
                "5",
                "''",
                "'g'",
                "[]",
                "[" + GRAB + "]",
                "{}",
                "{",
                "x",
                GRAB.substring(0, GRAB.length() - 1),
                GRAB + "x",
                GRAB + GRAB,
                GRAB + "]",
                GRAB.replace("}", ",}"),
                GRAB.replace("}", ",'userId':'u'}"),
                GRAB.replace("}", ",'z':1,'z':1}"),
                GRAB.replace("}", ",'z':{'a':1,'a':2}}"),
                GRAB.replace("}", ",'z':01}"),
                GRAB.replace("}", ",'z':NaN}"),
                GRAB.replace("}", ",'z':'\n'}"),
                GRAB.replace("}", " /* words */}"),
                GRAB.replace("'u'", "null"),
                GRAB.replace("'u'", "''"),
                GRAB.replace("'u'", "'u '"),
                GRAB.replace("'u'", "'\\u0000'"),
                GRAB.replace("'u'", "5"),
                GRAB.replace("'u'", "5.5"),
                GRAB.replace("'u'", "true"),
                GRAB.replace("'u'", "['u']"),
                GRAB.replace("'u'", "{'u':'u'}"),
                GRAB.replace("userId", "userid"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"5.0", "5e0", "'5'", "''", "null", "true", "[5]", "{}", "-1", "9223372036854775808", "-0.0"})
    void shouldRefuseANumberWhenItIsNotWholeAndInRange(String number) {
        assertRefused(Json::readPacketEvent, json(OPENED.replace("'openedAtMillis':5", "'openedAtMillis':" + number)));
        assertRefused(Json::readAward, json(AWARD.replace("'grabOffset':7", "'grabOffset':" + number)));
        assertRefused(Json::readAward, json(AWARD.replace("'index':0", "'index':" + number)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"5.0", "5e0", "'5'", "''", "null", "true", "[5]", "{}"})
    void shouldRefuseATermWhenItIsNoWholeNumber(String number) {
        assertRefused(Json::readOpen, json("{'packetId':'p','senderId':'s','totalCents':" + number + ",'shares':2}"));
        assertRefused(Json::readOpen, json("{'packetId':'p','senderId':'s','totalCents':5,'shares':" + number + "}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"'awarded'", "'Awarded'", "'WON'", "''", "'0'", "0", "null", "{}"})
    void shouldRefuseAnOutcomeWhenItIsNotOneOfThem(String outcome) {
        assertRefused(Json::readAward, json(AWARD.replace("'AWARDED'", outcome)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"'Opened'", "' opened'", "'SoldOut'", "''", "0", "null", "['opened']", "'java.lang.Object'"})
    void shouldRefuseAPacketEventWhenItsTypeIsNotOneOfThem(String type) {
        assertRefused(Json::readPacketEvent, json(OPENED.replace("'opened'", type)));
    }

    @ParameterizedTest
    @MethodSource("contradictions")
    void shouldRefuseAnEventWhenItContradictsItself(String json) {
        assertRefused(json.contains("'grabId'") ? Json::readAward : Json::readPacketEvent, json(json));
    }

    static Stream<String> contradictions() {
        String luckiest = "'luckiest':{'userId':'u','share':{'index':0,'cents':3}}";
        return Stream.of(
                OPENED.replace("'type':'opened',", ""),
                OPENED.replace("'shares':2", "'shares':4"),
                OPENED.replace("'shares':2", "'shares':0"),
                OPENED.replace("'deadlineMillis':6", "'deadlineMillis':5"),
                OPENED.replace("0f0f", "0F0F"),
                OPENED.replace("0f0f", "0f0"),
                AWARD.replace("'share':{'index':0,'cents':3},", ""),
                AWARD.replace("'AWARDED'", "'SOLD_OUT'"),
                AWARD.replace("'AWARDED'", "'ALREADY_GRABBED'").replace("false", "true"),
                AWARD.replace("'cents':3", "'cents':-1"),
                AWARD.replace("'cents':3", "'cents':3,'prize':''"),
                AWARD.replace("'AWARDED'", "'UNKNOWN_PACKET','currency':'CNY'")
                        .replace("'share':{'index':0,'cents':3},", ""),
                AWARD.replace("'AWARDED'", "'AWARDED','currency':'yen'"),
                OPENED.replace("'EQUAL'", "'PRIZES'"),
                OPENED.replace("}", ",'prizes':[{'cents':1,'count':2}]}"),
                OPENED.replace("}", ",'startsAtMillis':6}"),
                OPENED.replace("}", ",'minCents':2,'maxCents':1}"),
                OPENED.replace("}", ",'title':'\\u0007'}"),
                OPENED.replace("}", ",'onlyUsers':{'count':0,'hash':'" + "0f".repeat(32) + "'}}"),
                EXPIRED.replace("}", "," + luckiest + "}"),
                EXPIRED.replace("'awardedShares':0,'awardedCents':0", "'awardedShares':1,'awardedCents':1"),
                EXPIRED.replace("'refundedCents':3", "'refundedCents':-1"),
                "{'type':'cancel-answered','packetId':'p','outcome':'CANCELLED','openOffset':7}",
                "{'type':'cancel-answered','packetId':'p','outcome':'OTHER_SENDER','openOffset':7,"
                        + "'sums':{'awardedShares':0,'awardedCents':0,'refundedCents':3}}");
    }

    @Test
    void shouldRefuseAValueWhenItIsNullOrNoText() {
        assertRefusedByAll(null);
        assertRefusedByAll(new byte[0]);
        assertRefusedByAll(new byte[] {(byte) 0xC3, 0x28});
        byte[] brokenInAnId = json(GRAB.replace("'u'", "'u?'"));
        byte[] brokenInAnUnknownField = json(GRAB.replace("}", ",'z':'?'}"));
        for (byte[] broken : new byte[][] {brokenInAnId, brokenInAnUnknownField}) {
            for (int i = 0; i < broken.length; i++) {
                if (broken[i] == '?') {
                    broken[i] = (byte) 0xFF;
                }
            }
            assertRefused(Json::readGrab, broken);
        }
        String grab = new String(json(GRAB), UTF_8);
        assertRefused(Json::readGrab, grab.getBytes(UTF_16BE));
        assertRefused(Json::readGrab, ('\ufeff' + grab).getBytes(UTF_8));
    }

    @Test
    void shouldRefuseAValueWhenItIsNestedWithoutEnd() {
        for (String opening : new String[] {"[", "{'a':", "[{'a':"}) {
            String deep = opening.repeat(BIG / opening.length());
            assertRefusedByAll(json(deep));
            assertRefused(Json::readGrab, json(GRAB.replace("}", ",'z':" + deep)));
            assertRefused(Json::readPacketEvent, json(OPENED.replace("{'type'", "{'z':" + deep + ",'type'")));
        }
    }

    @Test
    void shouldRefuseBigValuesWithAShortReasonWhenTheyAreWrong() {
        String big = "x".repeat(BIG);
        assertRefused(Json::readGrab, json(GRAB.replace("'u'", "'" + big + "'")));
        assertRefused(Json::readAward, json(AWARD.replace("AWARDED", big)));
        assertRefused(Json::readPacketEvent, json(OPENED.replace("'opened'", "'" + big + "'")));
        assertRefused(Json::readPacketEvent, json(OPENED.replace("'totalCents':3", "'totalCents':'" + big + "'")));
        assertRefused(Json::readPacketEvent, json(OPENED.replace("'totalCents':3", "'totalCents':" + "9".repeat(BIG))));
        assertRefused(
                Json::readOpen,
                json("{'packetId':'p','senderId':'s','shares':1,'totalCents':" + "9".repeat(BIG) + "}"));
        assertRefusedByAll(json(big));
        assertRefusedByAll(json("{'" + big + "':1,'" + big + "':1}"));
        String name = "x".repeat(40_000);
        assertRefusedByAll(json("{'" + name + "':1,'" + name + "':1}"));
    }

    @Test
    void shouldReadAValueWhenItIsBigButRight() {
        assertThat(Json.readGrab(json(GRAB.replace("}", ",'z':'" + "x".repeat(BIG) + "'}"))))
                .isEqualTo(new Grab("g", "p", "u"));
        String manyFields = String.join(
                ",",
                IntStream.range(0, 50_000).mapToObj(i -> "'z" + i + "':" + i).toList());
        assertThat(Json.readGrab(json(GRAB.replace("}", "," + manyFields + "}"))))
                .isEqualTo(new Grab("g", "p", "u"));
    }

    @Property
    void shouldRefuseWithItsOwnExceptionWhateverTheBytes(@ForAll byte[] bytes) {
        assertReadOrRefused(bytes);
    }

    @Property
    void shouldRefuseWithItsOwnExceptionWhateverIsDoneToAnEvent(
            @ForAll("written") Message.Written<?> written, @ForAll int position, @ForAll("bytes") byte put) {
        byte[] json = written.json();
        json[Math.floorMod(position, json.length)] = put;
        assertReadOrRefused(json);
        assertReadOrRefused(Arrays.copyOf(json, Math.floorMod(position, json.length)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "'userId':'u' | 'userId':10086 | userId must be a string, but is a number",
                "'userId':'u' | 'userId':1.5 | userId must be a string, but is a number with a fraction or an exponent",
                "'userId':'u' | 'userId':false | userId must be a string, but is false",
                "'userId':'u' | 'userId':['u'] | userId must be a string, but is an array",
                "'userId':'u' | 'userId':{} | userId must be a string, but is an object",
                "'userId':'u' | 'userId':null | userId is missing",
                "'userId':'u' | 'z':0 | userId is missing"
            })
    void shouldTellInWordsOfJsonWhatIsWrongWithAGrab(String right, String wrong, String reason) {
        assertRefused(Json::readGrab, GRAB.replace(right, wrong), reason);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "[] | the value must be an object, but is an array",
                "'g' | the value must be an object, but is a string",
                "7 | the value must be an object, but is a number",
                "true | the value must be an object, but is true",
                "null | the value is the JSON literal null",
                "{} {} | the JSON value is followed by another one"
            })
    void shouldTellInWordsOfJsonWhatIsThereInsteadOfAGrab(String json, String reason) {
        String complete = json.startsWith("{}") ? json.replace("{}", GRAB) : json;
        assertRefused(Json::readGrab, complete, reason);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "'cents':3 | 'cents':'3' | share.cents must be a whole number, but is a string",
                "'cents':3 | 'cents':3.0 | share.cents must be a whole number,"
                        + " but is a number with a fraction or an exponent",
                "'cents':3 | 'cents':null | share.cents must be a whole number, but is null",
                "'cents':3 | 'z':3 | share.cents is missing",
                "'index':0 | 'index':3000000000 | share.index is a number out of range",
                "'repeat':false | 'repeat':0 | repeat must be true or false, but is a number",
                "'AWARDED' | 'WON' | outcome must be one of"
                        + " AWARDED, ALREADY_GRABBED, SOLD_OUT, EXPIRED, UNKNOWN_PACKET, NOT_STARTED,"
                        + " NOT_ELIGIBLE, CANCELLED, but is ~WON~",
                "'AWARDED' | 1 | outcome must be one of"
                        + " AWARDED, ALREADY_GRABBED, SOLD_OUT, EXPIRED, UNKNOWN_PACKET, NOT_STARTED,"
                        + " NOT_ELIGIBLE, CANCELLED, but is a number",
                "{'index':0,'cents':3} | [] | share must be an object, but is an array"
            })
    void shouldTellInWordsOfJsonWhatIsWrongWithAnAward(String right, String wrong, String reason) {
        assertRefused(Json::readAward, AWARD.replace(right, wrong), reason.replace('~', '"'));
    }

    @Test
    void shouldTellInWordsOfJsonWhatIsWrongWithOtherEvents() {
        assertRefused(
                Json::readPacketEvent, "{'type':'opened','packetId':'x','senderId':'s'}", "totalCents is missing");
        assertRefused(
                Json::readPacketEvent,
                OPENED.replace("'opened'", "'open'"),
                "type is \"open\", which is not a type of the contract");
        assertRefused(Json::readPacketEvent, OPENED.replace("'type':'opened',", ""), "type is missing");
        assertRefused(
                Json::readOpen,
                "{'packetId':'p','senderId':'s','totalCents':'5','shares':1}",
                "totalCents must be a whole number, but is a string");
        assertRefused(
                Json::readOpen,
                "{'packetId':'p','senderId':'s','totalCents':" + "9".repeat(1_001) + ",'shares':1}",
                "Number value length (1001) exceeds the maximum allowed (1000)");
        assertRefused(
                Json::readGrab,
                GRAB.replace("}", ",'z':" + "[".repeat(1_001)),
                "Document nesting depth (1001) exceeds the maximum allowed (1000)");
    }

    @Provide
    Arbitrary<Message.Written<?>> written() {
        return Message.anyWritten();
    }

    @Provide
    Arbitrary<Byte> bytes() {
        return Arbitraries.oneOf(
                Arbitraries.bytes(),
                Arbitraries.of(
                        "{}[]\",:0.-e ntf\\".chars().mapToObj(c -> (byte) c).toList()));
    }

    /** Every reason must be short enough for a record header. */
    private static void assertRefused(Function<byte[], ?> reader, byte[] json) {
        assertThatExceptionOfType(InvalidEventException.class)
                .isThrownBy(() -> reader.apply(json))
                .satisfies(e -> assertThat(e.getMessage()).isNotBlank().hasSizeLessThan(400));
    }

    private static void assertRefused(Function<byte[], ?> reader, String json, String reason) {
        assertThatExceptionOfType(InvalidEventException.class)
                .isThrownBy(() -> reader.apply(json(json)))
                .withMessage(reason);
    }

    private static void assertRefusedByAll(byte[] json) {
        for (Message<?> message : Message.ALL) {
            assertRefused(message.read(), json);
        }
    }

    private static void assertReadOrRefused(byte[] json) {
        for (Message<?> message : Message.ALL) {
            try {
                assertThat((Object) message.read().apply(json)).isNotNull();
            } catch (InvalidEventException refused) {
                assertThat(refused.getMessage()).isNotBlank().hasSizeLessThan(400);
            }
        }
    }

    private static OpenPacket open(String json) {
        return Json.readOpen(json(json));
    }

    private static byte[] json(String withSingleQuotes) {
        return withSingleQuotes.replace('\'', '"').getBytes(UTF_8);
    }
}
