package redpacket.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import redpacket.events.PacketEvent;
import redpacket.events.Split;

/** The expected numbers come from a program in another language, written only from the description of the split. */
class RevealedCutTest {
    private static final String SECRET = "a secret that only the test knows";

    @ParameterizedTest
    @CsvSource({
        "RANDOM, 10000, 10, '1530, 227, 1693, 991, 100, 520, 1624, 778, 1491, 1046'",
        "EQUAL, 1003, 7, '143, 143, 144, 144, 143, 143, 143'",
        "RANDOM, 5, 5, '1, 1, 1, 1, 1'",
        "RANDOM, 9007199254740991, 3, '618377639375649, 2176141912044068, 6212679703321274'",
        "RANDOM, 1, 1, '1'"
    })
    void shouldGiveTheSharesThatTheDescriptionGives(Split split, long totalCents, int shares, String cents) {
        assertThat(cut(split, totalCents, shares, "packet-" + shares))
                .isEqualTo(Arrays.stream(cents.split(", ", -1))
                        .mapToLong(Long::parseLong)
                        .toArray());
    }

    @Test
    void shouldGiveTheSharesThatTheDescriptionGivesWhenThereAreMany() throws Exception {
        String cents = Arrays.stream(cut(Split.RANDOM, 20_000_000, 100_000, "packet-big"))
                .mapToObj(Long::toString)
                .collect(Collectors.joining(","));
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(cents.getBytes(StandardCharsets.UTF_8));
        assertThat(HexFormat.of().formatHex(digest))
                .isEqualTo("4a7cfd9763f3e027a278d2055dce4ac1401f8a4b2292bc5d14c91178ac0207c0");
    }

    @Test
    void shouldBindTheSeedToTheCommitment() {
        String seed = RevealedCut.seedOf(SECRET, "packet-10");
        assertThat(seed).isEqualTo("a400f9ddcc31c78e3e5e374c6909753257b217792ca81d0cb9741461d66a8352");
        assertThat(RevealedCut.commitmentTo(seed))
                .isEqualTo("757f9aee735738cbef88b1fe05f3da374df4fb89c48fb0e18e6e9b00a52038af");
    }

    private static long[] cut(Split split, long totalCents, int shares, String packetId) {
        String seed = RevealedCut.seedOf(SECRET, packetId);
        return RevealedCut.of(
                new PacketEvent.Opened(
                        packetId, "sender", totalCents, shares, split, null, 0, 1, RevealedCut.commitmentTo(seed), 0),
                seed);
    }
}
