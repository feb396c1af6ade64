package redpacket.topology.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class UserHashesTest {
    @Property(tries = 50)
    void shouldContainEveryUserWhenAdded(@ForAll java.util.Set<String> users) {
        UserHashes hashes = new UserHashes();
        users.forEach(hashes::add);

        assertThat(users).allMatch(hashes::mayContain);
    }

    @Test
    void shouldRarelyTakeAStrangerForAWinnerWhenThereAreMany() {
        UserHashes hashes = new UserHashes();
        IntStream.range(0, 100_000).forEach(i -> hashes.add("user-" + i));

        long mistaken = IntStream.range(0, 100_000)
                .filter(i -> hashes.mayContain("stranger-" + i))
                .count();

        // 100,000 hashes out of 2^32 are expected to catch 2.3 of 100,000 strangers.
        assertThat(mistaken).isLessThan(50);
    }
}
