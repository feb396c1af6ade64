package redpacket.topology.inputs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class DrainedInputsTest {
    private static final int FULL_POLL = 5;
    private static final TopicPartition GRABS = new TopicPartition("redpacket.grabs", 0);
    private static final TopicPartition OTHERS = new TopicPartition("redpacket.grabs", 1);
    private static final TopicPartition DELTAS = new TopicPartition("redpacket.stats-deltas", 0);

    private final DrainedInputs drained = new DrainedInputs();
    private final DrainedInputs.Polls consumer = consumer();
    private final DrainedInputs.Input grabs = drained.input(GRABS);
    private final DrainedInputs.Input others = drained.input(OTHERS);
    private final Map<TopicPartition, OptionalLong> lags = new HashMap<>();

    @Test
    void shouldBeDrainedByTheLastRecordOfAPoll() {
        poll(records(GRABS, 3, 4));

        assertThat(grabs.isDrainedBy(3)).isFalse();
        assertThat(grabs.isDrainedBy(4)).isTrue();
    }

    @Test
    void shouldBeDrainedOncePerPollOnly() {
        poll(records(GRABS, 3));

        assertThat(grabs.isDrainedBy(3)).isTrue();
        assertThat(grabs.isDrainedBy(4)).isFalse();
    }

    @Test
    void shouldBeDrainedByTheLastPartitionOfAPoll() {
        poll(records(GRABS, 3), records(OTHERS, 7, 8));

        assertThat(others.isDrainedBy(7)).isFalse();
        assertThat(grabs.isDrainedBy(3)).isFalse();
        assertThat(others.isDrainedBy(8)).isTrue();
    }

    @Test
    void shouldNotBeDrainedWhenThePollWasFull() {
        poll(records(GRABS, 1, 2, 3), records(OTHERS, 1, 2));

        assertThat(grabs.isDrainedBy(3)).isFalse();
        assertThat(others.isDrainedBy(2)).isFalse();
    }

    @Test
    void shouldNotBeDrainedWhenThePollLeftRecordsBehind() {
        lags.put(OTHERS, OptionalLong.of(1));
        poll(records(GRABS, 1), records(OTHERS, 1));

        assertThat(grabs.isDrainedBy(1)).isFalse();
        assertThat(others.isDrainedBy(1)).isFalse();
    }

    @Test
    void shouldBeDrainedWhenItIsNotKnownWhatThePollLeftBehind() {
        lags.put(GRABS, OptionalLong.empty());
        poll(records(GRABS, 1));

        assertThat(grabs.isDrainedBy(1)).isTrue();
    }

    @Test
    void shouldBeDrainedByTheNextPollThatLeavesNothingBehind() {
        lags.put(GRABS, OptionalLong.of(1));
        poll(records(GRABS, 1));
        lags.clear();
        poll(records(GRABS, 2));

        assertThat(grabs.isDrainedBy(2)).isTrue();
    }

    @Test
    void shouldForgetAnEarlierPollWhenTheNextIsFull() {
        poll(records(GRABS, 1));
        poll(records(GRABS, 2, 3, 4, 5, 6));

        assertThat(grabs.isDrainedBy(1)).isFalse();
        assertThat(grabs.isDrainedBy(6)).isFalse();
    }

    @Test
    void shouldWaitForTheLatestOfSeveralPolls() {
        poll(records(GRABS, 1));
        poll(records(GRABS, 2, 3));

        assertThat(grabs.isDrainedBy(1)).isFalse();
        assertThat(grabs.isDrainedBy(3)).isTrue();
    }

    @Test
    void shouldNotWaitForAPartitionThatIsGone() {
        poll(records(GRABS, 3), records(OTHERS, 7));
        others.leave();

        assertThat(grabs.isDrainedBy(3)).isTrue();
    }

    @Test
    void shouldNotWaitForThePartitionsOfAnotherThread() {
        poll(records(GRABS, 3));
        poll(consumer(), records(OTHERS, 7));

        assertThat(grabs.isDrainedBy(3)).isTrue();
        assertThat(others.isDrainedBy(7)).isTrue();
    }

    @Test
    void shouldLeaveWithoutHavingFetchedAnything() {
        assertThat(others.leave()).isFalse();
        assertThat(others.isDrainedBy(0)).isFalse();
    }

    @Test
    void shouldNotWaitForTopicsThatNobodyAsksAbout() {
        poll(records(GRABS, 3), records(DELTAS, 1));

        assertThat(grabs.isDrainedBy(3)).isTrue();
    }

    @Test
    void shouldWaitBeforeAPollThatComesTooEarly() {
        Duration distance = Duration.ofMillis(50);
        DrainedInputs.Polls distant = new DrainedInputs(distance).polls(FULL_POLL);
        long start = System.nanoTime();
        poll(distant, records(GRABS, 1));
        distant.keepDistance();

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(distance);
    }

    private DrainedInputs.Polls consumer() {
        return drained.polls(FULL_POLL);
    }

    /** Of one consumer, what a poll returns. */
    private void poll(Fetched... fetched) {
        poll(consumer, fetched);
    }

    private void poll(DrainedInputs.Polls consumer, Fetched... fetched) {
        consumer.returned(
                new ConsumerRecords<>(
                        Arrays.stream(fetched).collect(Collectors.toMap(Fetched::from, Fetched::records)), Map.of()),
                partition -> lags.getOrDefault(partition, OptionalLong.of(0)));
    }

    private record Fetched(TopicPartition from, List<ConsumerRecord<byte[], byte[]>> records) {}

    private static Fetched records(TopicPartition from, long... offsets) {
        return new Fetched(
                from,
                LongStream.of(offsets)
                        .mapToObj(offset ->
                                new ConsumerRecord<>(from.topic(), from.partition(), offset, new byte[0], new byte[0]))
                        .toList());
    }
}
