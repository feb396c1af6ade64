package redpacket.topology.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.errors.TaskMigratedException;
import org.apache.kafka.streams.errors.internals.FailedProcessingException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FailedRecordsTest {
    private static final TopicPartition PARTITION = new TopicPartition("redpacket.grabs", 3);

    private final FailedRecords failed = new FailedRecords();
    private final FailedRecords.Partition partition = failed.of(PARTITION);

    @Test
    void shouldPutAwayARecordWhenItFailedTwice() {
        partition.add(7, bug());
        assertThat(partition.reasonToPutAway(7)).isNull();

        failed.of(PARTITION).add(7, new FailedProcessingException("decide", new StreamsException(bug())));

        assertThat(partition.reasonToPutAway(7)).isEqualTo("java.lang.IllegalStateException: a bug");
        assertThat(partition.reasonToPutAway(8)).isNull();
        assertThat(failed.of(new TopicPartition("redpacket.opens", 3)).reasonToPutAway(7))
                .isNull();
    }

    /** The failure of the second one takes back the transaction in which the first one was put away. */
    @Test
    void shouldRememberARecordWhenALaterOneFails() {
        partition.add(7, bug());
        partition.add(7, bug());
        partition.add(9, bug());
        partition.committedBefore(7);

        assertThat(partition.reasonToPutAway(7)).isNotNull();
        assertThat(partition.reasonToPutAway(9)).isNull();
    }

    @Test
    void shouldForgetARecordWhenItsOutcomeIsCommitted() {
        partition.add(7, bug());
        partition.committedBefore(8);
        partition.add(7, bug());

        assertThat(partition.reasonToPutAway(7)).isNull();
    }

    private static RuntimeException bug() {
        return new IllegalStateException("a bug");
    }

    static Throwable[] failuresOfTheRecord() {
        return new Throwable[] {
            bug(), new FailedProcessingException("decide", bug()), new StackOverflowError(), new AssertionError("a bug")
        };
    }

    @ParameterizedTest
    @MethodSource("failuresOfTheRecord")
    void shouldCountAFailureWhenItWouldComeBack(Throwable failure) {
        partition.add(7, failure);
        partition.add(7, failure);
        assertThat(partition.reasonToPutAway(7)).isNotNull();
    }

    static Throwable[] otherFailures() {
        return new Throwable[] {
            new RedisException("Redis is away"),
            new FailedProcessingException("decide", new RedisException("Redis is away")),
            new FailedProcessingException("decide", new TimeoutException("Kafka is away")),
            new StreamsException("sending failed", new RecordTooLargeException("too large for the topic")),
            new StreamsException("no cause"),
            new TaskMigratedException("another instance took over"),
            new FailedProcessingException("decide", new ProcessorStateException("disk full", bug())),
            new FailedProcessingException("decide", new FailedRecords.UnrelatedException(bug())),
            new OutOfMemoryError()
        };
    }

    @ParameterizedTest
    @MethodSource("otherFailures")
    void shouldNotCountAFailureWhenTheRecordIsNotItsCause(Throwable failure) {
        partition.add(7, failure);
        partition.add(7, failure);
        assertThat(partition.reasonToPutAway(7)).isNull();
    }
}
