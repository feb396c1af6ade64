package redpacket.parts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class FreePortTest {
    /** Of 6,000 ports. Without reservations, the same port would almost certainly come twice. */
    @Test
    void shouldReturnEachPortOnceWhenNoServerHoldsIt() {
        List<Integer> ports =
                IntStream.range(0, 500).mapToObj(i -> FreePort.next()).toList();

        assertThat(ports).doesNotHaveDuplicates();
    }
}
