package redpacket.topology.packet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SeedTest {

    /** Known answers, computed with another language's HMAC and SHA-256. */
    @Test
    void shouldMatchTheKnownAnswersWhenDerivedFromASecret() {
        Seed seed = SeedSecret.of("correct horse battery staple").seedOf("packet-1");

        assertThat(seed.hex()).isEqualTo("b854839b3119e1ddfea91551f086aaf9295a5af4aa2edb80e08f72c10cc81ff6");
        assertThat(seed.commitment()).isEqualTo("0e9af50ece012729e094559bcaf33afc056a4ec7c9d6df4c2639bd35b8823916");
    }

    @Test
    void shouldReadTheSecretAsUtf8() {
        assertThat(SeedSecret.of("密钥").seedOf("p").hex())
                .isEqualTo("d4b6395beddae393fe3ae62b2ac53b1416ceb247f09a67db92aa1f08c1a34fc5");
    }

    @Test
    void shouldTellNothingWhenPrinted() {
        SeedSecret secret = SeedSecret.of("correct horse battery staple");
        Seed seed = secret.seedOf("packet-1");

        assertThat(secret.toString()).doesNotContain("correct");
        assertThat(seed.toString()).contains(seed.commitment()).doesNotContain(seed.hex());
        assertThat(Examples.packetWith(1, 1).toString()).doesNotContain(seed.hex());
    }

    @Test
    void shouldStayTheSameWhenItsBytesAreWrittenTo() {
        byte[] bytes = new byte[32];
        Seed seed = Seed.of(bytes);
        bytes[0] = 1;
        seed.bytes()[0] = 1;

        assertThat(seed).isEqualTo(Seed.of(new byte[32])).hasSameHashCodeAs(Seed.of(new byte[32]));
    }

    @Test
    void shouldRefuseOtherThan32Bytes() {
        assertThatThrownBy(() -> Seed.of(new byte[31]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("31");
    }

    @Test
    void shouldRefuseABlankSecret() {
        assertThatThrownBy(() -> SeedSecret.of(" "))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("blank");
    }
}
