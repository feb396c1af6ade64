package redpacket.topology.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import org.apache.kafka.common.utils.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import redpacket.topology.state.DeadlineFormat.Due;

class DeadlineFormatTest {
    @ParameterizedTest
    @EnumSource
    void shouldReadWhatItWroteWhateverIsDue(Due due) {
        assertThat(DeadlineFormat.read(DeadlineFormat.value(due))).isEqualTo(due);
    }

    /** Bytes that a release has written must stay readable. */
    @Test
    void shouldWriteWhatTheFirstReleaseWrote() {
        assertThat(DeadlineFormat.value(Due.CLOSE)).containsExactly(1, 'c');
        assertThat(DeadlineFormat.value(Due.FORGET)).containsExactly(1, 'f');
        assertThat(DeadlineFormat.value(Due.PREPARE)).containsExactly(1, 'p');
        assertThat(HexFormat.of().formatHex(DeadlineFormat.key(258, "p1").get()))
                .isEqualTo("0000000000000102" + "7031");
    }

    @Test
    void shouldReadDueTimeAndPacketFromAKey() {
        Bytes key = DeadlineFormat.key(1_771_257_600_000L, "packet");

        assertThat(DeadlineFormat.dueMillisOf(key)).isEqualTo(1_771_257_600_000L);
        assertThat(DeadlineFormat.packetIdOf(key)).isEqualTo("packet");
        assertThat(key).isLessThan(DeadlineFormat.key(1_771_257_600_001L, "a packet"));
    }

    @Test
    void shouldRefuseAnEntryThatThisReleaseDoesNotKnow() {
        assertThatThrownBy(() -> DeadlineFormat.read(new byte[] {1, 'x'}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("deadlines");
    }
}
