package redpacket.topology.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FailuresTest {
    private final Failures failures = new Failures();

    @Test
    void shouldPauseLongerAndLongerWhenThreadsFailInARow() {
        assertThat(IntStream.range(0, 8).mapToObj(i -> failures.add(new IllegalStateException())))
                .extracting(Duration::toSeconds)
                .containsExactly(0L, 0L, 2L, 4L, 8L, 16L, 30L, 30L);
        assertThat(failures.total()).isEqualTo(8);
    }

    @Test
    void shouldNameTheRecordAndTheReasonWhenKafkaStreamsDoes() {
        failures.add(failureAtRecord());
        assertThat(failures.inARow()).isEmpty();
        failures.add(failureAtRecord());

        assertThat(failures.inARow().orElseThrow().toString())
                .startsWith("a stream thread failed at redpacket.grabs-3 offset 17, 2 times since ")
                .endsWith(": IllegalStateException: a bug");
    }

    @Test
    void shouldNameThePartitionWhenOnlyTheTaskIsKnown() {
        String message = "Error encountered sending record to topic redpacket.stats for task 0_3 due to:\ntoo big";

        assertThat(Failures.where(new IllegalStateException(message))).isEqualTo(" in the task of partition 3");
        assertThat(Failures.where(new IllegalStateException("something else"))).isEmpty();
    }

    /** In the words of Kafka Streams 4.3. */
    private static RuntimeException failureAtRecord() {
        return new IllegalStateException(
                "Exception caught in process. taskId=0_3, processor=read-grabs, topic=redpacket.grabs, partition=3,"
                        + " offset=17, stacktrace=...",
                new IllegalStateException("a bug\nwith details"));
    }
}
