package redpacket.topology.winners;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import redpacket.events.Limits;

class UserIndexTest {
    private final IdHash hash = new IdHash();

    @Property(tries = 50)
    void shouldFindTheShareOfEveryUserWhenAdded(@ForAll java.util.Set<String> users) {
        List<String> winners = List.copyOf(users);
        UserIndex index = new UserIndex(1);
        IntStream.range(0, winners.size()).forEach(i -> index.add(hash.of(winners.get(i)), i));

        IntStream.range(0, winners.size()).forEach(i -> assertThat(index.sharesOf(hash.of(winners.get(i))))
                .contains(i));
    }

    /** Few hashes, so that many are equal or have one place in the table. */
    @Test
    void shouldFindWhatAMapFindsWhenHashesMeet() {
        long seed = Long.getLong("redpacket.seed", new Random().nextLong());
        Random random = new Random(seed);
        long[] hashes = LongStream.generate(() -> random.nextLong() & 0xF00000000000000FL)
                .limit(300)
                .toArray();
        Map<Long, List<Integer>> expected = new HashMap<>();
        UserIndex index = new UserIndex(random.nextInt(20));

        for (int i = 0; i < 200; i++) {
            int shareIndex = random.nextInt(Limits.MAX_SHARES);
            index.add(hashes[i], shareIndex);
            expected.computeIfAbsent(hashes[i] | 1, unseen -> new ArrayList<>()).add(shareIndex);
            for (long any : hashes) {
                assertThat(IntStream.of(index.sharesOf(any)).boxed())
                        .as("with -Dredpacket.seed=%d, at step %d", seed, i)
                        .containsExactlyInAnyOrderElementsOf(expected.getOrDefault(any | 1, List.of()));
            }
        }
    }

    @Test
    void shouldFindTheSharesOfBothWhenHashesAreEqual() {
        UserIndex index = new UserIndex(1);
        index.add(42, 3);
        index.add(42, Limits.MAX_SHARES - 1);

        assertThat(index.sharesOf(42)).containsExactlyInAnyOrder(3, Limits.MAX_SHARES - 1);
    }

    @Test
    void shouldRarelyTakeAStrangerForAWinnerWhenThereAreMany() {
        UserIndex index = new UserIndex(1);
        IntStream.range(0, 100_000).forEach(i -> index.add(hash.of("user-" + i), i));

        long mistaken = IntStream.range(0, 100_000)
                .filter(i -> index.sharesOf(hash.of("stranger-" + i)).length > 0)
                .count();

        // 35 bits of 100,000 hashes are expected to catch 0.3 of 100,000 strangers.
        assertThat(mistaken).isLessThan(20);
    }

    /** Users choose ids with equal String.hashCode. A lookup of one of them must not pass all others. */
    @Test
    void shouldPassAHandfulOfSlotsWhenTheHashCodesOfAllIdsAreEqual() {
        List<String> hostile = idsWithOneHashCode(14);
        assertThat(hostile.stream().map(String::hashCode).distinct()).hasSize(1);
        List<String> friendly =
                IntStream.range(0, hostile.size()).mapToObj(i -> "user-" + i).toList();

        assertThat(probesOf(hostile)).isLessThan(5);
        assertThat(probesOf(friendly)).isLessThan(5);
    }

    @Test
    void shouldTakeAFewBytesForEachWinner() {
        UserIndex index = new UserIndex(1);
        for (int i = 0; i < 100_000; i++) {
            index.add(hash.of("user-" + i), i);
            if (i > 1_000) {
                assertThat((double) index.weight() / (i + 1)).isBetween(10.0, 14.2);
            }
        }
    }

    /** Slots passed on average: half of the ids are added, and all are looked for. */
    private double probesOf(List<String> ids) {
        UserIndex index = new UserIndex(1);
        int winners = ids.size() / 2;
        IntStream.range(0, winners).forEach(i -> index.add(hash.of(ids.get(i)), i));
        return ids.stream().mapToInt(id -> index.probes(hash.of(id))).average().orElseThrow();
    }

    /** 2^blocks ids with equal hash codes: "Aa" and "BB" have the same one, since 31 * 'A' + 'a' = 31 * 'B' + 'B'. */
    private static List<String> idsWithOneHashCode(int blocks) {
        List<String> ids = List.of("");
        for (int block = 0; block < blocks; block++) {
            ids = ids.stream()
                    .flatMap(id -> List.of(id + "Aa", id + "BB").stream())
                    .toList();
        }
        return ids;
    }
}
