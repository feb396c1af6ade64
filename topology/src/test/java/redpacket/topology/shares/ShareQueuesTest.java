package redpacket.topology.shares;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShareQueuesTest {
    @Test
    void shouldReadSharesWhenTheyAreSeparatedByBlanks() {
        assertThat(ShareQueues.parsed("1 200 9007199254740991".getBytes(US_ASCII), 3))
                .containsExactly(1, 200, 9_007_199_254_740_991L);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"1 2", "1 2 3 4", "1 x 3", "1 -2 3", "1 2.5 3", "1 2 99999999999999999999999", "a b c", "1 2 "})
    void shouldReadZerosWhenTheReplyIsNotTheShares(String reply) {
        assertThat(ShareQueues.parsed(reply.getBytes(US_ASCII), 3)).contains(0);
    }
}
