package redpacket.benchmark.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import redpacket.events.Grab;

final class WorkloadTest {
    static Stream<String> names() {
        return Workload.NAMES.stream();
    }

    @ParameterizedTest
    @MethodSource("names")
    void shouldPredictTheAwardsOfEveryWorkload(String name) {
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
    void shouldGrabTheSameWhenMorePacketsAreOpen() {
        Workload few = Workload.of("many-of-1000", 40_000);
        Workload ofMore = Workload.of("many-of-5000", 40_000);

        assertThat(ofMore.openStream()).hasSize(5_000);
        assertThat(ofMore.openStream().limit(1_000))
                .containsExactlyElementsOf(few.openStream().toList());
        assertThat(ofMore.grabStream())
                .containsExactlyElementsOf(few.grabStream().toList());
        assertThat(ofMore.expectedAwards()).isEqualTo(few.expectedAwards());
    }

    @ParameterizedTest
    @ValueSource(strings = {"many-of-", "many-of-999", "many-of-x", "few"})
    void shouldRefuseAnUnknownWorkload(String name) {
        assertThatThrownBy(() -> Workload.of(name, 20_000)).isInstanceOf(IllegalArgumentException.class);
    }
}
