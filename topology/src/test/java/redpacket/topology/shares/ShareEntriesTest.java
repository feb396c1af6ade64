package redpacket.topology.shares;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static redpacket.topology.shares.Packets.packetWith;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redpacket.events.Limits;
import redpacket.topology.packet.Packet;
import redpacket.topology.packet.ShareTags;

class ShareEntriesTest {
    private static final Packet RICH = Packets.packet("rich", Limits.MAX_TOTAL_CENTS, 3, "of the tests");

    private final ShareTags tags = ShareTags.of(RICH);
    private final long[] shares = {1, 9_007_199_254_740_000L, 990};
    private final String[] entries = entries(shares, tags);
    private final String reply = String.join(" ", entries);

    @Test
    void shouldReadTheSharesThatWereWritten() {
        assertThat(verified(reply, 0, 3)).containsExactly(shares);
        assertThat(verified(entries[1] + " " + entries[2], 1, 2)).containsExactly(shares[1], shares[2]);
        assertThat(entries[1]).matches("9007199254740000:[0-9a-f]{16}").hasSize(ShareEntries.LONGEST - 1);
    }

    @Test
    void shouldReadNothingWhenAnyCharacterIsAnotherOrMissingOrTooMuch() {
        for (int at = 0; at < reply.length(); at++) {
            String before = reply.substring(0, at);
            String behind = reply.substring(at + 1);
            for (char other = 0; other < 256; other++) {
                if (other != reply.charAt(at)) {
                    assertThat(verified(before + other + behind, 0, 3)).isNull();
                }
                boolean isSameNumber =
                        other == '0' && !Character.isDigit(before.isEmpty() ? ' ' : before.charAt(at - 1));
                if (!isSameNumber) {
                    assertThat(verified(before + other + reply.substring(at), 0, 3))
                            .as("%s inserted at %d", other, at)
                            .isNull();
                }
            }
            assertThat(verified(before + behind, 0, 3)).isNull();
            assertThat(verified(before, 0, 3)).isNull();
        }
    }

    @Test
    void shouldReadNothingWhenAShareStandsForAnother() {
        assertThat(verified(entries[1] + " " + entries[0] + " " + entries[2], 0, 3))
                .isNull();
        assertThat(verified(entries[0] + " " + entries[0] + " " + entries[2], 0, 3))
                .isNull();
        assertThat(verified(reply, 1, 3)).isNull();
        assertThat(verified(entries[0] + " " + entries[1], 0, 3)).isNull();
        assertThat(verified(reply + " " + entries[2], 0, 3)).isNull();
        String tagOfTheNext = entries[1].substring(entries[1].indexOf(':'));
        assertThat(verified("1" + tagOfTheNext + " " + entries[1] + " " + entries[2], 0, 3))
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "  ",
                "1 2 3",
                ": : :",
                "-1:x 2:y 3:z",
                "1.5 2 3",
                "99999999999999999999999:0 2 3",
                "a b c"
            })
    void shouldReadNothingWhenTheReplyIsNoShares(String other) {
        assertThat(verified(other, 0, 3)).isNull();
    }

    @Test
    void shouldWriteOtherTagsForAnotherPacketAndForOtherTermsAndAnotherSeed() {
        assertThat(new Packet[] {
                    Packets.packet("other", Limits.MAX_TOTAL_CENTS, 3, "of the tests"),
                    Packets.packet("rich", Limits.MAX_TOTAL_CENTS - 1, 3, "of the tests"),
                    Packets.packet("rich", Limits.MAX_TOTAL_CENTS, 4, "of the tests"),
                    Packets.packet("rich", Limits.MAX_TOTAL_CENTS, 3, "of others"),
                })
                .allSatisfy(other ->
                        assertThat(entries(shares, ShareTags.of(other))).doesNotContain(entries));
    }

    @Test
    void shouldNameTheQueueByPacketAndCommitment() {
        ShareQueue queue = packetWith("lunch", 3);
        assertThat(new String(queue.key("shares"), US_ASCII)).matches("redpacket:\\{lunch}:[0-9a-f]{8}:shares");
        String digits = RICH.seed().commitment().substring(0, 8);
        assertThat(new String(Packets.queueOf(RICH).key("popped"), US_ASCII))
                .isEqualTo("redpacket:{rich}:" + digits + ":popped");
    }

    private long[] verified(String text, int from, int n) {
        return ShareEntries.verified(text.getBytes(ISO_8859_1), from, n, tags);
    }

    private static String[] entries(long[] cut, ShareTags tags) {
        byte[][] entries = new byte[cut.length][];
        ShareEntries.write(cut, 0, cut.length, tags, entries, 0);
        String[] texts = new String[cut.length];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = new String(entries[i], US_ASCII);
        }
        return texts;
    }
}
