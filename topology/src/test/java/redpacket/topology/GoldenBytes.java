package redpacket.topology;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * The bytes of every store format, in {@code golden-bytes.txt}. The stores of a running application contain such bytes.
 * If a test fails here, a format has changed: raise its version, and keep reading the previous version.
 */
public final class GoldenBytes {
    private static final String FILE = "/golden-bytes.txt";

    private GoldenBytes() {}

    /** All lines: a name such as {@code PacketFormat.value open packet} to the bytes. */
    public static Map<String, byte[]> all() {
        Map<String, byte[]> all = new TreeMap<>();
        text().lines().filter(line -> !line.isBlank() && !line.startsWith("#")).forEach(line -> {
            int equals = line.indexOf(" = ");
            byte[] bytes = HexFormat.of().parseHex(line.substring(equals + 3).replace(" ", ""));
            assertThat(all.put(line.substring(0, equals), bytes))
                    .as("%s has two lines for %s", FILE, line.substring(0, equals))
                    .isNull();
        });
        return all;
    }

    /** The bytes of one line. */
    public static byte[] of(String name) {
        byte[] bytes = all().get(name);
        assertThat(bytes).as("%s has no line for %s", FILE, name).isNotNull();
        return bytes;
    }

    private static String text() {
        try (InputStream file = GoldenBytes.class.getResourceAsStream(FILE)) {
            return new String(file.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
