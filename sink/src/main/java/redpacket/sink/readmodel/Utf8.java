package redpacket.sink.readmodel;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Converts text and numbers to the bytes that Redis stores. */
final class Utf8 {
    private Utf8() {}

    static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    static byte[] bytes(long number) {
        return bytes(Long.toString(number));
    }

    static String text(byte[] bytes) {
        return new String(bytes, UTF_8);
    }
}
