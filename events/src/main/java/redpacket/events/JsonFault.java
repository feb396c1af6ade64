package redpacket.events;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Collectors;

/** What is wrong with a value, in words of JSON. Jackson speaks of Java, which many producers do not use. */
final class JsonFault {
    /** Longer reasons are cut off, because they may quote the record and become record headers. */
    private static final int MAX_LENGTH = 300;

    /** Characters of a wrong value that are quoted. */
    private static final int MAX_QUOTE = 40;

    private JsonFault() {}

    static String of(JsonProcessingException e) {
        String fault = e instanceof JsonMappingException wrong ? ofField(wrong) : ofText(e);
        return fault.length() <= MAX_LENGTH ? fault : fault.substring(0, MAX_LENGTH) + "...";
    }

    private static String ofText(JsonProcessingException e) {
        return (e instanceof StreamConstraintsException ? "" : "not JSON: ") + withoutJava(e);
    }

    private static String ofField(JsonMappingException e) {
        String path = e.getPath().stream()
                .map(JsonMappingException.Reference::getFieldName)
                .filter(Objects::nonNull)
                .collect(Collectors.joining("."));
        String field = path.isEmpty() ? "the value" : path;
        if (e instanceof InvalidTypeIdException type) {
            return type.getTypeId() == null
                    ? "type is missing"
                    : "type is " + quote(type.getTypeId()) + ", which is not a type of the contract";
        } else if (e instanceof InvalidFormatException format
                && format.getTargetType().isEnum()
                && tokenOf(e) == JsonToken.VALUE_STRING) {
            return field + " must be " + nameOf(format.getTargetType()) + ", but is " + quote(format.getValue());
        } else if (e instanceof MismatchedInputException mismatch && mismatch.getTargetType() != null) {
            return ofType(field, mismatch);
        } else if (e.getCause() instanceof InputCoercionException) {
            return field + " is a number out of range";
        }
        return (path.isEmpty() ? "" : path + ": ") + withoutJava(e);
    }

    private static String ofType(String field, MismatchedInputException e) {
        String required = nameOf(e.getTargetType());
        JsonToken token = tokenOf(e);
        if (e.getOriginalMessage().startsWith("Trailing token")) {
            return "the JSON value is followed by another one";
        } else if (token == null) {
            return field + " is empty";
        } else if (e.getOriginalMessage().startsWith("Cannot map `null`") && token != JsonToken.VALUE_NULL) {
            return field + " is missing";
        }
        return field + " must be " + required + ", but is " + nameOf(token);
    }

    private static JsonToken tokenOf(JsonMappingException e) {
        return e.getProcessor() instanceof JsonParser parser ? parser.currentToken() : null;
    }

    private static String nameOf(Class<?> required) {
        if (required == String.class) {
            return "a string";
        } else if (required == boolean.class) {
            return "true or false";
        } else if (required.isPrimitive() || Number.class.isAssignableFrom(required)) {
            return "a whole number";
        } else if (required.isEnum()) {
            return "one of "
                    + Arrays.stream(required.getEnumConstants())
                            .map(Object::toString)
                            .collect(Collectors.joining(", "));
        }
        return "an object";
    }

    private static String nameOf(JsonToken token) {
        return switch (token) {
            case START_OBJECT, END_OBJECT, FIELD_NAME -> "an object";
            case START_ARRAY, END_ARRAY -> "an array";
            case VALUE_STRING -> "a string";
            case VALUE_NUMBER_INT -> "a number";
            case VALUE_NUMBER_FLOAT -> "a number with a fraction or an exponent";
            case VALUE_TRUE -> "true";
            case VALUE_FALSE -> "false";
            default -> "null";
        };
    }

    static String quote(Object value) {
        String text = String.valueOf(value);
        return '"' + (text.length() <= MAX_QUOTE ? text : text.substring(0, MAX_QUOTE) + "...") + '"';
    }

    /** Jackson adds, in brackets, how to allow the value, and from which setting of its own a limit comes. */
    private static String withoutJava(JsonProcessingException e) {
        return e.getOriginalMessage()
                .replaceFirst(" \\((set|but) [^()]*\\)$", "")
                .replaceFirst(", from `[^`]*`", "");
    }
}
