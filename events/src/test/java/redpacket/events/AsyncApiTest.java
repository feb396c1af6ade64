package redpacket.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.Size;
import redpacket.events.Message.Written;

/** Holds {@code asyncapi.yaml} and the code together: neither says anything about the wire that the other does not. */
final class AsyncApiTest {
    private static final AsyncApi API = AsyncApi.read();
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final Map<String, String> ID_PATTERNS = Map.of(
            "PacketId",
            IdsTest.PATTERN,
            "Campaign",
            IdsTest.PATTERN,
            "GrabId",
            IdsTest.FOREIGN_PATTERN,
            "UserId",
            IdsTest.FOREIGN_PATTERN,
            "SenderId",
            IdsTest.FOREIGN_PATTERN);

    @Example
    void shouldDescribeTheTopicsOfTheCodeAndNoOther() {
        Map<String, Map<String, String>> described = new TreeMap<>();
        API.at("/channels").forEach(channel -> {
            Map<String, String> settings = new HashMap<>();
            channel.at("/bindings/kafka/topicConfiguration")
                    .properties()
                    .forEach(setting -> settings.put(setting.getKey(), settingText(setting.getValue())));
            described.put(channel.get("address").textValue(), settings);
            assertThat(channel.at("/bindings/kafka/topic")).isEqualTo(channel.get("address"));
        });

        Map<String, Map<String, String>> inTheCode = new TreeMap<>();
        for (Topic topic : Topic.values()) {
            inTheCode.put(topic.topicName(), topic.settings());
        }
        assertThat(described).isEqualTo(inTheCode);
    }

    @Example
    void shouldDescribeEachMessageOnItsTopic() {
        for (Message<?> message : Message.ALL) {
            JsonNode channel = channelOf(message.topic());
            assertThat(channel.at("/messages/" + message.name() + "/$ref").asText())
                    .isEqualTo("#/components/messages/" + message.name());
            assertThat(API.message(message.name())
                            .at("/bindings/kafka/key/$ref")
                            .asText())
                    .isEqualTo(message.topic().isKeyedByPacket() ? "#/components/schemas/PacketId" : "");
        }
        assertThat(fieldNames(API.at("/components/messages")))
                .containsExactlyInAnyOrder(
                        "openPacket",
                        "cancelPacket",
                        "grab",
                        "tick",
                        "awardResult",
                        "packetEvent",
                        "windowStats",
                        "deadLetter",
                        "sentBack");
    }

    @Property(tries = 300)
    void shouldDescribeWhatTheCodeWrites(@ForAll("written") Written<?> written) {
        assertThat(API.schemaOf(written.message().name(), "payload").validate(tree(written)))
                .isEmpty();
    }

    @Property(tries = 1, shrinking = ShrinkingMode.OFF)
    void shouldDescribeTheFieldsThatTheCodeWritesAndNoOther(
            @ForAll @Size(4_000) List<@From("written") Written<?>> many) {
        Map<String, Set<String>> fields = new TreeMap<>();
        for (Written<?> written : many) {
            JsonNode tree = tree(written);
            String prefix =
                    written.event() instanceof PacketEvent ? tree.get("type").textValue() + "/" : "";
            collectFields(tree, prefix, fields.computeIfAbsent(written.message().name(), name -> new TreeSet<>()));
        }
        for (Message<?> message : Message.ALL) {
            assertThat(fields.get(message.name()))
                    .as("the fields of %s that the code wrote", message.name())
                    .isEqualTo(API.fieldsOf(message.name()));
        }
    }

    @Property(tries = 300)
    void shouldRequireWhatTheCodeRequires(@ForAll("written") Written<?> written, @ForAll int which) {
        JsonNode tree = tree(written);
        Field field = anyField(tree, which);
        field.remove();

        assertThat(isReadable(written.message(), tree))
                .as("readable without %s: %s", field.name, tree)
                .isEqualTo(isDescribed(written.message(), tree));
    }

    @Property(tries = 300)
    void shouldAllowWhatTheCodeAllows(
            @ForAll("written") Written<?> written, @ForAll int which, @ForAll("otherValues") JsonNode other) {
        JsonNode tree = tree(written);
        Field field = anyField(tree, which);
        // Whether a whole number suits another one is beyond a schema.
        Assume.that(!(other.isInt() && field.value().isNumber()));
        field.put(other);

        assertThat(isReadable(written.message(), tree))
                .as("readable: %s", tree)
                .isEqualTo(isDescribed(written.message(), tree));
    }

    @Property(tries = 300)
    void shouldTakeNullForAbsentWhenTheFieldIsOptional(@ForAll("written") Written<?> written, @ForAll int which) {
        JsonNode without = tree(written);
        anyField(without, which).remove();
        JsonNode withNull = tree(written);
        anyField(withNull, which).put(NullNode.getInstance());

        assertThat(isReadable(written.message(), withNull))
                .as("readable: %s", withNull)
                .isEqualTo(isReadable(written.message(), without));
    }

    @Property(tries = 100)
    void shouldDescribeTheKeysOfStatistics(@ForAll("stats") WindowStats stats) {
        assertThat(stats.key())
                .matches(API.message("windowStats")
                        .at("/bindings/kafka/key/pattern")
                        .textValue());
    }

    @Example
    void shouldGiveExamplesThatTheCodeReads() {
        for (Message<?> message : Message.ALL) {
            JsonNode examples = API.message(message.name()).path("examples");
            assertThat(examples).as("examples of %s", message.name()).isNotEmpty();
            examples.forEach(example -> assertSurvives(message, example.get("payload")));
        }
    }

    private static <T> void assertSurvives(Message<T> message, JsonNode example) {
        assertThat(API.schemaOf(message.name(), "payload").validate(example)).isEmpty();

        T event = message.read().apply(bytes(example));
        JsonNode writtenAgain = tree(message.write().apply(event));

        // Defaults may have come in, nothing may have changed.
        assertThat(writtenAgain.properties()).containsAll(example.properties());
        assertThat(message.read().apply(bytes(writtenAgain))).isEqualTo(event);
    }

    @Example
    void shouldGiveAnExampleOfEachOutcomeAndEachPacketEvent() {
        assertThat(valuesInExamples("awardResult", "outcome")).hasSameSizeAs(Outcome.values());
        assertThat(valuesInExamples("packetEvent", "type")).isEqualTo(API.packetEventTypes());
    }

    @Example
    void shouldGiveExamplesWhoseSeedsFitTheirCommitments() throws Exception {
        Map<String, String> commitments = new HashMap<>();
        int revealed = 0;
        for (JsonNode example : API.message("packetEvent").path("examples")) {
            Json.readPacketEvent(bytes(example.get("payload")))
                    .handle(
                            opened -> commitments.put(opened.packetId(), opened.commitment()),
                            closed -> {},
                            rejected -> {},
                            cancelAnswered -> {});
        }
        for (JsonNode example : API.message("packetEvent").path("examples")) {
            PacketEvent event = Json.readPacketEvent(bytes(example.get("payload")));
            if (event instanceof PacketEvent.Closed closed) {
                byte[] seed = HexFormat.of().parseHex(closed.seed());
                String hash = HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(seed));
                assertThat(commitments).containsEntry(closed.packetId(), hash);
                revealed++;
            }
        }
        assertThat(revealed).isEqualTo(commitments.size());
    }

    @Example
    void shouldNameTheValuesOfTheCodesEnums() {
        assertThat(enumOf("Outcome")).isEqualTo(names(Outcome.values()));
        assertThat(enumOf("Split")).isEqualTo(names(Split.values()));
        assertThat(enumOf("Reason")).isEqualTo(names(PacketEvent.Reason.values()));
        assertThat(enumOf("CancelOutcome")).isEqualTo(names(PacketEvent.CancelOutcome.values()));
        assertThat(API.at("/components/schemas/Split/default").asText()).isEqualTo(Split.RANDOM.name());
    }

    @Example
    void shouldGiveEveryNumberTheLimitOfTheCodeAndNoOther() {
        Map<String, Long> described = new TreeMap<>();
        API.at("/components/schemas")
                .properties()
                .forEach(schema -> schema.getValue().path("properties").properties().stream()
                        .filter(field -> field.getValue().has("maximum"))
                        .forEach(field -> described.put(
                                schema.getKey() + "." + field.getKey(),
                                field.getValue().get("maximum").longValue())));

        assertThat(described)
                .containsExactlyInAnyOrderEntriesOf(Map.ofEntries(
                        Map.entry("OpenPacket.totalCents", Limits.MAX_TOTAL_CENTS),
                        Map.entry("OpenPacket.shares", (long) Limits.MAX_SHARES),
                        Map.entry("OpenPacket.openForMillis", Limits.MAX_OPEN_FOR_MILLIS),
                        Map.entry("OpenPacket.startsAtMillis", Limits.MAX_TIME_MILLIS),
                        Map.entry("OpenPacket.minCents", Limits.MAX_TOTAL_CENTS),
                        Map.entry("OpenPacket.maxCents", Limits.MAX_TOTAL_CENTS),
                        Map.entry("Prize.cents", Limits.MAX_TOTAL_CENTS),
                        Map.entry("Prize.count", (long) Limits.MAX_SHARES),
                        Map.entry("Opened.totalCents", Limits.MAX_TOTAL_CENTS),
                        Map.entry("Opened.shares", (long) Limits.MAX_SHARES),
                        Map.entry("SoldOut.awardedShares", (long) Limits.MAX_SHARES),
                        Map.entry("SoldOut.awardedCents", Limits.MAX_TOTAL_CENTS),
                        // At least one share is left over, which may be a blank.
                        Map.entry("Expired.awardedShares", Limits.MAX_SHARES - 1L),
                        Map.entry("Expired.awardedCents", Limits.MAX_TOTAL_CENTS),
                        Map.entry("Cancelled.awardedShares", Limits.MAX_SHARES - 1L),
                        Map.entry("Cancelled.awardedCents", Limits.MAX_TOTAL_CENTS),
                        Map.entry("Cancelled.refundedCents", Limits.MAX_TOTAL_CENTS),
                        Map.entry("Expired.refundedCents", Limits.MAX_TOTAL_CENTS),
                        Map.entry("Share.index", Limits.MAX_SHARES - 1L),
                        Map.entry("Share.cents", Limits.MAX_TOTAL_CENTS)));
        assertThat(API.at("/components/schemas/OpenPacket/properties/prizes/maxItems")
                        .asInt())
                .isEqualTo(Limits.MAX_PRIZES);
        assertThat(API.at("/components/schemas/OpenPacket/properties/onlyUsers/maxItems")
                        .asInt())
                .isEqualTo(Limits.MAX_ONLY_USERS);
        assertThat(API.at("/components/schemas/Text/maxLength").asInt()).isEqualTo(Limits.MAX_TEXT_LENGTH);
        assertThat(API.at("/components/schemas/PrizeName/maxLength").asInt()).isEqualTo(Limits.MAX_PRIZE_NAME_LENGTH);
        assertThat(API.at("/components/schemas/OpenPacket/properties/openForMillis/default")
                        .asLong())
                .isEqualTo(Limits.DEFAULT_OPEN_FOR_MILLIS);
        assertThat(API.at("/components/schemas/WindowStats/properties/scope/maxLength")
                        .asInt())
                .isEqualTo("campaign/".length() + Limits.MAX_ID_LENGTH + "/".length() + Limits.MAX_CURRENCY_LENGTH);
    }

    @Example
    void shouldSayTheLimitsOfTheCodeInWords() {
        assertThat(Limits.MAX_TOTAL_CENTS).isEqualTo(BigInteger.TWO.pow(53).longValueExact() - 1);
        assertThat(API.at("/components/schemas/Reason/description").asText())
                .contains(String.format(Locale.ROOT, "%,d", Limits.MAX_SHARES))
                .contains("2^53-1")
                .contains(Duration.ofMillis(Limits.MAX_OPEN_FOR_MILLIS).toDays() + " days");
    }

    @Example
    void shouldGiveEveryIdTheRuleOfTheCode() {
        ID_PATTERNS.forEach((name, pattern) -> {
            JsonNode id = API.at("/components/schemas/" + name);
            assertThat(id.get("pattern").asText()).as(name).isEqualTo(pattern);
            assertThat(id.get("minLength").asInt()).isEqualTo(1);
            assertThat(id.get("maxLength").asInt()).isEqualTo(Limits.MAX_ID_LENGTH);
        });
    }

    @Example
    void shouldDescribeTheHeadersOfTheCode() throws Exception {
        List<Object> headers = new ArrayList<>();
        for (java.lang.reflect.Field constant : DeadLetterHeaders.class.getFields()) {
            headers.add(constant.get(null));
        }
        assertThat(fieldNames(API.at("/components/messages/deadLetter/headers/properties")))
                .hasSizeGreaterThan(1)
                .hasSameElementsAs(headers.stream().map(String.class::cast).toList());
        assertThat(fieldNames(API.at("/components/messages/tick/headers/properties")))
                .containsExactly(Topic.TICK_HEADER);
        assertThat(fieldNames(API.at("/components/messages/sentBack/headers/properties")))
                .containsExactly(Topic.SENT_BACK_HEADER);
        for (String name : List.of("deadLetter", "tick", "sentBack")) {
            for (JsonNode example : API.message(name).path("examples")) {
                assertThat(API.schemaOf(name, "headers").validate(example.get("headers")))
                        .isEmpty();
            }
        }
    }

    @Example
    void shouldGiveADeadLetterAsExampleThatIsOne() {
        JsonNode example = API.message("deadLetter").path("examples").path(0);
        assertThatCode(() -> Json.readGrab(example.get("payload").asText().getBytes(UTF_8)))
                .isInstanceOf(InvalidEventException.class)
                .hasMessage(example.get("headers").get(DeadLetterHeaders.REASON).asText());
    }

    @Example
    void shouldDescribeEveryFieldInWords() {
        API.at("/components/schemas")
                .forEach(schema -> schema.path("properties").properties().forEach(field -> {
                    JsonNode described = API.resolve(field.getValue());
                    assertThat(described.has("const")
                                    || !described.path("description").asText().isBlank())
                            .as("%s has words", field.getKey())
                            .isTrue();
                }));
    }

    @Example
    void shouldReferToWhatIsThere() {
        List<JsonNode> references = API.at("").findValues("$ref");
        assertThat(references).isNotEmpty().allSatisfy(reference -> assertThat(
                        API.at(reference.asText().substring(1)).isMissingNode())
                .as(reference.asText())
                .isFalse());
    }

    @Provide
    Arbitrary<Written<?>> written() {
        return Message.anyWritten();
    }

    @Provide
    Arbitrary<WindowStats> stats() {
        return Message.stats();
    }

    @Provide
    Arbitrary<JsonNode> otherValues() {
        return Arbitraries.of("true", "\"\"", "\"x y\"", "\"5\"", "1.5", "[]", "{}", "[5]", "\"AWARDED\"", "5")
                .map(json -> tree(json.getBytes(UTF_8)));
    }

    /** A field somewhere in an object. */
    private record Field(ObjectNode parent, String name) {
        JsonNode value() {
            return parent.get(name);
        }

        void remove() {
            parent.remove(name);
        }

        void put(JsonNode value) {
            parent.set(name, value);
        }
    }

    private static Field anyField(JsonNode tree, int which) {
        List<Field> fields = new ArrayList<>();
        collectFields(tree, fields);
        return fields.get(Math.floorMod(which, fields.size()));
    }

    private static void collectFields(JsonNode node, List<Field> fields) {
        node.elements().forEachRemaining(element -> {
            if (node.isArray()) {
                collectFields(element, fields);
            }
        });
        node.properties().forEach(field -> {
            fields.add(new Field((ObjectNode) node, field.getKey()));
            collectFields(field.getValue(), fields);
        });
    }

    private static void collectFields(JsonNode node, String prefix, Set<String> fields) {
        node.elements().forEachRemaining(element -> {
            if (node.isArray()) {
                collectFields(element, prefix, fields);
            }
        });
        node.properties().forEach(field -> {
            fields.add(prefix + field.getKey());
            collectFields(field.getValue(), prefix + field.getKey() + ".", fields);
        });
    }

    private static boolean isDescribed(Message<?> message, JsonNode tree) {
        return API.schemaOf(message.name(), "payload").validate(tree).isEmpty();
    }

    private static boolean isReadable(Message<?> message, JsonNode tree) {
        try {
            return message.read().apply(bytes(tree)) != null;
        } catch (InvalidEventException e) {
            return false;
        }
    }

    private static JsonNode channelOf(Topic topic) {
        return StreamSupport.stream(API.at("/channels").spliterator(), false)
                .filter(channel -> channel.get("address").asText().equals(topic.topicName()))
                .findFirst()
                .orElseThrow();
    }

    private static Set<String> valuesInExamples(String message, String field) {
        Set<String> values = new TreeSet<>();
        API.message(message)
                .path("examples")
                .forEach(example -> values.add(example.at("/payload/" + field).asText()));
        return values;
    }

    private static String settingText(JsonNode value) {
        if (!value.isArray()) {
            return value.asText();
        }
        List<String> texts = new ArrayList<>();
        value.forEach(text -> texts.add(text.asText()));
        return String.join(",", texts);
    }

    private static List<String> enumOf(String schema) {
        List<String> names = new ArrayList<>();
        API.at("/components/schemas/" + schema + "/enum").forEach(name -> names.add(name.asText()));
        return names;
    }

    private static List<String> names(Enum<?>[] values) {
        return Arrays.stream(values).map(Enum::name).toList();
    }

    private static List<String> fieldNames(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static JsonNode tree(Written<?> written) {
        return tree(written.json());
    }

    private static JsonNode tree(byte[] json) {
        try {
            return MAPPER.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] bytes(JsonNode tree) {
        return tree.toString().getBytes(UTF_8);
    }
}
