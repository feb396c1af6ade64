package redpacket.events;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** What is written by hand for speed, held against Jackson. */
final class HandWrittenJsonTest {
    @Property
    void shouldWriteTheSameBytesAsJacksonWhateverTheAward(@ForAll("awards") AwardResult award) {
        assertThat(Json.write(award)).isEqualTo(Json.writeAny(award));
    }

    @Property
    void shouldTakeTheShortWayWhenAGrabIsWrittenPlainly(
            @ForAll("grabs") Grab grab, @ForAll("blanks") String blanks, @ForAll("orders") List<Integer> order) {
        List<String> fields = List.of(
                "\"grabId\" : \"" + grab.grabId() + '"',
                "\"packetId\" : \"" + grab.packetId() + '"',
                "\"userId\" : \"" + grab.userId() + '"');
        String json = order.stream().map(fields::get).collect(Collectors.joining(" , ", " { ", " } "));

        assertThat(PlainGrab.read(json.replace(" ", blanks).getBytes(UTF_8))).isEqualTo(grab);
    }

    @Property
    void shouldTakeTheShortWayWhenAnAwardIsWrittenByThePipeline(@ForAll("awards") AwardResult award) {
        boolean named = award.share() != null && award.share().prize() != null;
        assertThat(PlainAward.read(Json.write(award))).isEqualTo(named ? null : award);
    }

    @Property(tries = 20_000)
    void shouldJudgeGrabsAsJacksonDoesWhateverTheBytes(@ForAll("almostGrabs") byte[] json) {
        assertThat(judgement(Json::readGrab, json)).isEqualTo(judgement(Json::readGrabStrictly, json));
    }

    @Property(tries = 20_000)
    void shouldJudgeAwardsAsJacksonDoesWhateverTheBytes(@ForAll("almostAwards") byte[] json) {
        assertThat(judgement(Json::readAward, json)).isEqualTo(judgement(Json::readAwardStrictly, json));
    }

    private static Object judgement(Function<byte[], ?> reader, byte[] json) {
        try {
            return reader.apply(json);
        } catch (InvalidEventException e) {
            return e.getMessage();
        }
    }

    @Provide
    static Arbitrary<AwardResult> awards() {
        return Message.awards();
    }

    @Provide
    static Arbitrary<Grab> grabs() {
        return Message.grabs();
    }

    @Provide
    static Arbitrary<String> blanks() {
        return Arbitraries.strings().withChars(" \t\r\n".toCharArray()).ofMaxLength(3);
    }

    @Provide
    static Arbitrary<List<Integer>> orders() {
        return Arbitraries.shuffle(0, 1, 2);
    }

    /** Some fields, right or wrong, missing or twice, with a few bytes changed in half of them. */
    @Provide
    static Arbitrary<byte[]> almostGrabs() {
        return edited(fields().list().ofMinSize(2).ofMaxSize(4).map(fields -> "{" + String.join(",", fields) + "}"));
    }

    /** Results of the pipeline, with up to two fields removed, exchanged or written differently, and then edited. */
    @Provide
    static Arbitrary<byte[]> almostAwards() {
        Arbitrary<Function<String, String>> changes = Arbitraries.frequencyOf(
                Tuple.of(3, Arbitraries.of(Function.identity())),
                Tuple.of(
                        1,
                        Arbitraries.of(
                                removing("\"packetId\":\"[^\"]*\","),
                                removing(",\"campaign\":\"[^\"]*\""),
                                removing(",\"outcome\":\"[^\"]*\""),
                                removing(",\"share\":\\{[^}]*}"),
                                removing(",\"repeat\":[a-z]*"),
                                removing(",\"grabOffset\":\\d*"),
                                replacing("\"outcome\":\"[^\"]*\"", "\"outcome\":\"WON\""),
                                replacing(",\"outcome\"", ",\"campaign\":\"c\",\"outcome\""),
                                replacing(",\"grabId\"", ",\"other\":[1],\"grabId\""),
                                replacing("false", "true"),
                                replacing("true", "null"))),
                Tuple.of(
                        1,
                        Combinators.combine(
                                        Arbitraries.of("index", "cents", "grabbedAtMillis", "grabOffset"),
                                        Arbitraries.of(
                                                "0",
                                                "00",
                                                "07",
                                                "-0",
                                                "-1",
                                                "1.0",
                                                "1e2",
                                                "2147483647",
                                                "2147483648",
                                                "9223372036854775807",
                                                "9223372036854775808",
                                                "9999999999999999999",
                                                "18446744073709551616",
                                                "",
                                                "\"1\"",
                                                "null"))
                                .as((field, number) ->
                                        replacing("\"" + field + "\":\\d*", "\"" + field + "\":" + number))));
        Arbitrary<String> almost = Combinators.combine(
                        Message.awards(), changes.list().ofMaxSize(2))
                .as((award, made) -> {
                    String json = new String(Json.write(award), UTF_8);
                    for (Function<String, String> change : made) {
                        json = change.apply(json);
                    }
                    return json;
                });
        return edited(almost);
    }

    private static Function<String, String> removing(String regex) {
        return replacing(regex, "");
    }

    private static Function<String, String> replacing(String regex, String by) {
        return json -> json.replaceFirst(regex, by);
    }

    private static Arbitrary<byte[]> edited(Arbitrary<String> objects) {
        return Combinators.combine(objects, edits().list().ofMaxSize(2)).as((object, edits) -> {
            String edited = new String(object.getBytes(UTF_8), ISO_8859_1);
            for (Edit edit : edits) {
                edited = edit.on(edited);
            }
            return edited.getBytes(ISO_8859_1);
        });
    }

    private static Arbitrary<String> fields() {
        Arbitrary<String> name = Arbitraries.frequencyOf(
                Tuple.of(9, Arbitraries.of("grabId", "packetId", "userId")),
                Tuple.of(1, Arbitraries.of("", "other", "userid", "grab\\u0049d", "\u7ea2\u5305")));
        Arbitrary<String> value = Arbitraries.frequencyOf(
                Tuple.of(9, Message.foreignIds().map(id -> '"' + id.substring(0, Math.min(id.length(), 3)) + '"')),
                Tuple.of(
                        1,
                        Arbitraries.of(
                                "\"\"",
                                "\"a b\"",
                                "\"\\u0061\"",
                                "\"\\n\"",
                                "\"\u7ea2\"",
                                "\"" + "a".repeat(128) + '"',
                                "\"" + "a".repeat(129) + '"',
                                "null",
                                "true",
                                "1",
                                "-1.5e3",
                                "01",
                                "{\"a\":[1,{}]}",
                                "{\"a\":1,\"a\":1}",
                                "[]")));
        Arbitrary<String> colon = Arbitraries.of(":", ":", " : ", "\t:\r\n");
        return Combinators.combine(name, colon, value).as((key, between, id) -> '"' + key + '"' + between + id);
    }

    /** A byte put in the place of some bytes at a position, which is counted from the start again beyond the end. */
    private record Edit(int at, int removed, String put) {
        String on(String text) {
            int from = at % (text.length() + 1);
            return text.substring(0, from) + put + text.substring(Math.min(text.length(), from + removed));
        }
    }

    private static Arbitrary<Edit> edits() {
        Arbitrary<String> put = Arbitraries.oneOf(
                Arbitraries.of(
                        "", "\"", "\\", "{", "}", ",", ":", " ", "\u000b", "\u0000", "\u00a0", "\u00ef\u00bb\u00bf"),
                Arbitraries.integers().between(0, 255).map(code -> String.valueOf((char) code.intValue())));
        return Combinators.combine(
                        Arbitraries.integers().between(0, 500),
                        Arbitraries.integers().between(0, 2),
                        put)
                .as(Edit::new);
    }
}
