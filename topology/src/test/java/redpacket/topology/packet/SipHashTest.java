package redpacket.topology.packet;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class SipHashTest {
    private final SipHash hash = new SipHash(countingUp(SipHash.KEY_BYTES));

    /** The test vector of the paper, appendix A: key 00 to 0f, input 00 to 0e. */
    @Example
    void shouldGiveTheHashOfThePaper() {
        assertThat(hash.of(text(countingUp(15)))).isEqualTo(0xa129ca6149be45e5L);
    }

    /** Vectors of the reference implementation: inputs of 0, 1, 2 and 8 bytes. */
    @Example
    void shouldGiveTheHashesOfTheReferenceImplementation() {
        assertThat(hash.of("")).isEqualTo(0x726fdb47dd0e0e31L);
        assertThat(hash.of(text(countingUp(1)))).isEqualTo(0x74f839c593dc67fdL);
        assertThat(hash.of(text(countingUp(2)))).isEqualTo(0x0d6c8009d9a94f5aL);
        assertThat(hash.of(text(countingUp(8)))).isEqualTo(0x93f5f5799a932462L);
    }

    @Property
    void shouldHashTwoWordsLikeTheirBytes(@ForAll long first, @ForAll long second) {
        byte[] bytes = ByteBuffer.allocate(16)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(first)
                .putLong(second)
                .array();

        assertThat(hash.of(first, second)).isEqualTo(hash.of(text(bytes)));
    }

    @Property
    void shouldNotDependOnTheTextBefore(@ForAll byte[] before, @ForAll byte[] bytes) {
        SipHash used = new SipHash(countingUp(SipHash.KEY_BYTES));
        used.of(text(before));

        assertThat(used.of(text(bytes))).isEqualTo(new SipHash(countingUp(SipHash.KEY_BYTES)).of(text(bytes)));
    }

    @Property
    void shouldDependOnTheKey(@ForAll long first, @ForAll long second) {
        byte[] other = countingUp(SipHash.KEY_BYTES);
        other[15]++;

        assertThat(new SipHash(other).of(first, second)).isNotEqualTo(hash.of(first, second));
    }

    @Example
    void shouldRefuseAKeyOfAnotherLength() {
        assertThatThrownBy(() -> new SipHash(new byte[15])).hasMessageContaining("15");
    }

    private static String text(byte[] bytes) {
        return new String(bytes, ISO_8859_1);
    }

    private static byte[] countingUp(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) i;
        }
        return bytes;
    }
}
