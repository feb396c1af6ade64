package redpacket.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import redpacket.events.Grab;

final class WorkloadTest {
    static Stream<String> names() {
        return Workload.NAMES.stream();
    }

    @ParameterizedTest
    @MethodSource("names")
    void shouldForetellTheAwardsWhateverTheWorkload(String name) {
        Workload workload = Workload.of(name, 20_000);
        Map<String, Set<String>> usersOfPacket = new HashMap<>();
        for (Grab grab : (Iterable<Grab>) workload.grabStream()::iterator) {
            usersOfPacket
                    .computeIfAbsent(grab.packetId(), id -> new HashSet<>())
                    .add(grab.userId());
        }
        long awards = usersOfPacket.values().stream()
                .mapToLong(users -> Math.min(workload.sharesEach(), users.size()))
                .sum();

        assertThat(workload.expectedAwards()).isEqualTo(awards);
        assertThat(usersOfPacket).hasSize(workload.packets());
    }

    @ParameterizedTest
    @MethodSource("names")
    void shouldGrabTheSameWhenAskedAgain(String name) {
        Workload workload = Workload.of(name, 5_000);

        assertThat(workload.grabStream())
                .hasSize(5_000)
                .containsExactlyElementsOf(workload.grabStream().toList());
    }

    @Test
    void shouldGrabAsEverWhenMorePacketsAreOpen() {
        Workload many = Workload.of("many", 20_000);
        Workload ofMore = Workload.of("many-of-5000", 20_000);

        assertThat(ofMore.openStream()).hasSize(5_000);
        assertThat(ofMore.grabStream())
                .containsExactlyElementsOf(many.grabStream().toList());
        assertThat(ofMore.expectedAwards()).isEqualTo(many.expectedAwards());
    }
}
