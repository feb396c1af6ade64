package redpacket.topology.inputs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;
import redpacket.events.Topic;

/** The consumers' interceptor is made as Kafka makes it, from the settings. */
class LookAheadTest {
    private final LookAhead lookAhead = new LookAhead();
    private final ConsumerInterceptor<byte[], byte[]> consumer = FetchedGrabs.consumerOf(lookAhead);

    @Test
    void shouldNameWhatWasFetchedOnceInItsOrder() {
        fetch(Topic.GRABS, 0, "a", "b", "a");
        fetch(Topic.GRABS, 0, "c");

        assertThat(coming(0)).containsExactly("a", "b", "a", "c");
        assertThat(coming(0)).isEmpty();
    }

    /** Two tasks on one thread have one consumer: each may see only the packets of its own partition. */
    @Test
    void shouldTellEachTaskOfItsOwnPartitionWhenOneThreadHasTwo() {
        consumer.onConsume(FetchedGrabs.records(Map.of(
                FetchedGrabs.partition(Topic.GRABS, 0), List.of("a"),
                FetchedGrabs.partition(Topic.GRABS, 1), List.of("b", "c"))));

        assertThat(coming(1)).containsExactly("b", "c");
        assertThat(coming(0)).containsExactly("a");
    }

    @Test
    void shouldTellTheTaskWhenItsPartitionHasMovedToAnotherThread() {
        ConsumerInterceptor<byte[], byte[]> other = FetchedGrabs.consumerOf(lookAhead);
        other.onConsume(FetchedGrabs.records(Map.of(FetchedGrabs.partition(Topic.GRABS, 0), List.of("a"))));

        assertThat(coming(0)).containsExactly("a");
    }

    @Test
    void shouldForgetTheOldestWhenNobodyLooks() {
        for (int fetch = 0; fetch < 7; fetch++) {
            fetch(Topic.GRABS, 0, "p" + fetch);
        }

        assertThat(coming(0)).containsExactly("p3", "p4", "p5", "p6");
    }

    @Test
    void shouldForgetEverythingWhenATaskBeginsAgain() {
        fetch(Topic.GRABS, 0, "a");
        fetch(Topic.GRABS, 1, "b");

        lookAhead.fetches(0).clear();

        assertThat(coming(0)).isEmpty();
        assertThat(coming(1)).containsExactly("b");
    }

    @Test
    void shouldPassOverRecordsThatAreNoGrabs() {
        fetch(Topic.OPENS, 0, "opened");
        fetch(Topic.STATS_DELTAS, 0, "all@0");
        fetch(Topic.GRABS, 0, "a", null, "b");

        assertThat(coming(0)).containsExactly("a", "b");
    }

    @Test
    void shouldLeaveTheRecordsAsTheyAre() {
        ConsumerRecords<byte[], byte[]> records =
                FetchedGrabs.records(Map.of(FetchedGrabs.partition(Topic.GRABS, 0), List.of("a")));

        assertThat(consumer.onConsume(records)).isSameAs(records);
    }

    @Test
    void shouldStandBesideOtherInterceptorsWhenTheSettingsNameSome() {
        String interceptors = StreamsConfig.mainConsumerPrefix(ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG);
        Properties settings = new Properties();
        settings.put(interceptors, "another");

        lookAhead.addTo(settings);

        assertThat(settings).containsEntry(interceptors, "another," + LookAhead.Fetched.class.getName());
    }

    private void fetch(Topic topic, int partition, String... keys) {
        consumer.onConsume(FetchedGrabs.records(Map.of(FetchedGrabs.partition(topic, partition), Arrays.asList(keys))));
    }

    private List<String> coming(int partition) {
        List<String> coming = new ArrayList<>();
        lookAhead.fetches(partition).forEachPacketId(coming::add);
        return coming;
    }
}
