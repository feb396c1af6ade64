package redpacket.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PositionsTest {
    @Test
    void shouldBeTheSameAfterAWayThroughText() {
        Positions positions = Positions.of(0, 35, 36, Long.MAX_VALUE);

        assertThat(positions).hasToString("0.z.10.1y2p0ij32e8e7");
        assertThat(Positions.parse(positions.toString(), 4)).get().hasToString(positions.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "1", "1.2.3", "1.", "1.-2", "1.?", "1.zzzzzzzzzzzzzzz", "1 2"})
    void shouldBeUnknownWhenTheTextIsNotOfTwoPartitions(String text) {
        assertThat(Positions.parse(text, 2)).isEmpty();
    }

    @Test
    void shouldHaveADistanceOnlyToLaterPositions() {
        Positions now = Positions.of(10, 20);

        assertThat(Positions.of(10, 20).distanceTo(now)).contains(0L);
        assertThat(Positions.of(0, 19).distanceTo(now)).contains(11L);
        assertThat(Positions.of(0, 21).distanceTo(now)).isEmpty();
    }

    @Test
    void shouldMoveBehindARecordThatWasRead() {
        Positions positions = Positions.of(10, 20);
        Positions copy = positions.copy();
        positions.read(1, 25);

        assertThat(positions).hasToString("a.q");
        assertThat(copy).hasToString("a.k");
    }
}
