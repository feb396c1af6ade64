package redpacket.topology.packet;

import static org.assertj.core.api.Assertions.assertThat;
import static redpacket.topology.packet.Examples.cents;
import static redpacket.topology.packet.Examples.packetWith;
import static redpacket.topology.packet.Examples.shares;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import redpacket.events.Limits;
import redpacket.events.OpenPacket;
import redpacket.events.Prize;

class ShareTagsTest {
    private final ShareTags tags = ShareTags.of(packetWith(shares(3), cents(100)));

    /** Known answers, computed with another language. Instances of different versions share the queues of a packet. */
    @Test
    void shouldMatchTheKnownAnswers() {
        assertThat(tags.tagOf(0, 42)).isEqualTo(0x0da871e9e3d6646dL);
        assertThat(tags.tagOf(2, 1)).isEqualTo(0xe587de7a69ea3970L);
        assertThat(tags.tagOf(Limits.MAX_SHARES - 1, Limits.MAX_TOTAL_CENTS)).isEqualTo(0xd7ec9925bed64bb6L);
    }

    @Test
    void shouldDependOnIndexAndCentsAndTerms() {
        long tag = tags.tagOf(0, 42);

        assertThat(tags.tagOf(1, 42)).isNotEqualTo(tag);
        assertThat(tags.tagOf(0, 43)).isNotEqualTo(tag);
        assertThat(ShareTags.of(packetWith(shares(3), cents(101))).tagOf(0, 42)).isNotEqualTo(tag);
        assertThat(ShareTags.of(packetWith(shares(4), cents(100))).tagOf(0, 42)).isNotEqualTo(tag);
    }

    @Test
    void shouldDependOnTheTermsThatChangeTheCutAndNoOther() {
        OpenPacket plain = Examples.commandWith(shares(3), cents(100));
        List<Prize> prizes = List.of(new Prize(40, 2, null), new Prize(20, 1, null));
        List<Prize> others = List.of(new Prize(20, 1, null), new Prize(40, 2, null));

        assertThat(Stream.of(
                                plain,
                                plain.withBounds(1L, null),
                                plain.withBounds(2L, null),
                                plain.withBounds(null, 90L),
                                OpenPacket.ofPrizes("packet-1", "sender", prizes, null, 5),
                                OpenPacket.ofPrizes("packet-1", "sender", others, null, 5))
                        .map(ShareTagsTest::tag))
                .doesNotHaveDuplicates();
        assertThat(tag(plain.withStart(5L)
                        .withOnlyUsers(List.of("kim"))
                        .withCurrency("CNY")
                        .withTitle("Hello")))
                .isEqualTo(tag(plain));
    }

    private static long tag(OpenPacket command) {
        Opening opening = Opening.decide(command, 1_000, null, Examples.SECRET);
        return ShareTags.of(((Opening.Accepted) opening).packet()).tagOf(0, 42);
    }
}
