package redpacket.topology.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class UserIndexTest {
    @Property(tries = 50)
    void shouldFindTheShareOfEveryUserWhenAdded(@ForAll java.util.Set<String> users) {
        List<String> winners = List.copyOf(users);
        UserIndex index = new UserIndex(1);
        IntStream.range(0, winners.size()).forEach(i -> index.add(winners.get(i), i));

        IntStream.range(0, winners.size())
                .forEach(i -> assertThat(index.sharesOf(winners.get(i))).contains(i));
    }

    @Test
    void shouldFindTheSharesOfBothWhenHashesAreEqual() {
        UserIndex index = new UserIndex(1);
        // The same hash code, as 31 * 'A' + 'a' = 31 * 'B' + 'B'.
        index.add("Aa", 3);
        index.add("BB", 7);

        assertThat(index.sharesOf("Aa")).containsExactlyInAnyOrder(3, 7);
        assertThat(index.sharesOf("BB")).containsExactlyInAnyOrder(3, 7);
    }

    @Test
    void shouldRarelyTakeAStrangerForAWinnerWhenThereAreMany() {
        UserIndex index = new UserIndex(1);
        IntStream.range(0, 100_000).forEach(i -> index.add("user-" + i, i));

        long mistaken = IntStream.range(0, 100_000)
                .filter(i -> index.sharesOf("stranger-" + i).length > 0)
                .count();

        // 100,000 hashes out of 2^32 are expected to catch 2.3 of 100,000 strangers.
        assertThat(mistaken).isLessThan(50);
    }
}
