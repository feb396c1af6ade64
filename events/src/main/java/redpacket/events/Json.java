package redpacket.events;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;

/**
 * Reads and writes events as JSON. The readers are strict about the fields of the contract and ignore all other fields.
 */
public final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .withCoercionConfig(
                    LogicalType.Textual, text -> text.setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Float, CoercionAction.Fail))
            .build();

    private static final ObjectReader KINDS = MAPPER.readerFor(Kind.class);
    private static final ObjectReader OPENS = MAPPER.readerFor(OpenPacket.class);
    private static final ObjectReader CANCELS = MAPPER.readerFor(CancelPacket.class);
    private static final ObjectReader GRABS = MAPPER.readerFor(Grab.class);
    private static final ObjectReader AWARDS = MAPPER.readerFor(AwardResult.class);
    private static final ObjectReader PACKETS = MAPPER.readerFor(PacketEvent.class);
    private static final ObjectReader STATS = MAPPER.readerFor(WindowStats.class);
    private static final ObjectWriter WRITER = MAPPER.writer();

    /** The one field of a command that tells how to read the others. */
    private record Kind(String type) {}

    private Json() {}

    /**
     * Reads a command on {@link Topic#OPENS}.
     *
     * @throws InvalidEventException if the bytes are not a command
     */
    public static PacketCommand readCommand(byte[] json) {
        String type = read(Kind.class, KINDS, json).type();
        if (type == null || type.equals(OpenPacket.TYPE)) {
            return read(OpenPacket.class, OPENS, json);
        } else if (type.equals(CancelPacket.TYPE)) {
            return read(CancelPacket.class, CANCELS, json);
        }
        throw new InvalidEventException("type is " + JsonFault.quote(type) + ", which is not a type of the contract");
    }

    /**
     * Reads an open command.
     *
     * @throws InvalidEventException if the bytes are not an open command
     */
    public static OpenPacket readOpen(byte[] json) {
        return readCommand(json).match(open -> open, cancel -> {
            throw new InvalidEventException(
                    "the command does not open packet " + cancel.packetId() + ", but cancels it");
        });
    }

    /**
     * Reads a grab.
     *
     * @throws InvalidEventException if the bytes are not a grab
     */
    public static Grab readGrab(byte[] json) {
        Grab plain = json == null ? null : PlainGrab.read(json);
        return plain == null ? readGrabStrictly(json) : plain;
    }

    /** Defines what a grab is. {@link #readGrab} takes a faster way only if both agree. */
    static Grab readGrabStrictly(byte[] json) {
        return read(Grab.class, GRABS, json);
    }

    /**
     * Reads an award result.
     *
     * @throws InvalidEventException if the bytes are not an award result
     */
    public static AwardResult readAward(byte[] json) {
        AwardResult plain = json == null ? null : PlainAward.read(json);
        return plain == null ? readAwardStrictly(json) : plain;
    }

    /** Defines what an award result is. {@link #readAward} takes a faster way only if both agree. */
    static AwardResult readAwardStrictly(byte[] json) {
        return read(AwardResult.class, AWARDS, json);
    }

    /**
     * Reads a packet event.
     *
     * @throws InvalidEventException if the bytes are not a packet event
     */
    public static PacketEvent readPacketEvent(byte[] json) {
        return read(PacketEvent.class, PACKETS, json);
    }

    /**
     * Reads the statistics of a window.
     *
     * @throws InvalidEventException if the bytes are not the statistics of a window
     */
    public static WindowStats readStats(byte[] json) {
        return read(WindowStats.class, STATS, json);
    }

    public static byte[] write(OpenPacket open) {
        return writeAny(open);
    }

    public static byte[] write(CancelPacket cancel) {
        return writeAny(cancel);
    }

    public static byte[] write(Grab grab) {
        return writeAny(grab);
    }

    public static byte[] write(AwardResult result) {
        return AwardWriter.write(result);
    }

    public static byte[] write(PacketEvent event) {
        return writeAny(event);
    }

    public static byte[] write(WindowStats stats) {
        return writeAny(stats);
    }

    private static <T> T read(Class<T> type, ObjectReader reader, byte[] json) {
        if (json == null) {
            throw new InvalidEventException("the value is null");
        }
        try (JsonParser parser = reader.createParser(decode(json))) {
            return read(type, reader, parser);
        } catch (IOException e) {
            throw new InvalidEventException("not JSON: " + e.getMessage(), e);
        }
    }

    /** Jackson would also take overlong characters, UTF-16 and UTF-32, which readers in other languages refuse. */
    private static String decode(byte[] utf8) {
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
        } catch (CharacterCodingException e) {
            throw new InvalidEventException("the value is not UTF-8", e);
        }
    }

    private static <T> T read(Class<T> type, ObjectReader reader, JsonParser parser) throws IOException {
        try {
            T event = type.cast(reader.readValue(parser));
            if (event == null) {
                throw new InvalidEventException("the value is the JSON literal null");
            }
            return event;
        } catch (JsonProcessingException e) {
            if (e.getCause() instanceof InvalidEventException invalid) {
                throw invalid;
            }
            // While the parser is open, because it knows the wrong token.
            throw new InvalidEventException(JsonFault.of(e), e);
        }
    }

    static byte[] writeAny(Object event) {
        try {
            return WRITER.writeValueAsBytes(event);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("cannot be written as JSON: " + event, e);
        }
    }
}
