package redpacket.topology.stores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Properties;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redpacket.events.Topic;
import redpacket.topology.GoldenBytes;
import redpacket.topology.stores.DecidedFormat.Decided;

/** The store is real and on disk; Kafka says what the tests want. */
class DecidedOffsetsTest {
    private static final Uuid ID = new Uuid(1, 2);
    private static final Uuid OTHER = new Uuid(1, 3);

    @TempDir
    private Path folder;

    private DeferredStore winners;

    @BeforeEach
    void open() {
        var context = new MockProcessorContext<>(new Properties(), new TaskId(0, 3), folder.toFile());
        winners = new DeferredStore(StateStores.persistent(StateStores.WINNERS)
                .withLoggingDisabled()
                .build());
        winners.init(context.getStateStoreContext(), winners);
    }

    @AfterEach
    void close() {
        winners.close();
    }

    @Test
    void shouldDecideEachRecordOnceWhenTheInputIsReadAgain() {
        DecidedOffsets decided = grabs(ID, ID);
        assertThat(decided.decide(5)).isTrue();
        assertThat(decided.decide(9)).isTrue();
        assertThat(decided.decide(9)).isFalse();
        winners.flushCache();

        DecidedOffsets restarted = grabs(ID, ID);
        assertThat(restarted.decide(0)).isFalse();
        assertThat(restarted.decide(9)).isFalse();
        assertThat(restarted.decide(10)).isTrue();
        assertThat(opens(ID).decide(0)).as("another input").isTrue();
    }

    @Test
    void shouldDecideARecordAgainWhenItsTransactionWasAborted() {
        assertThat(grabs(ID, ID).decide(5)).isTrue();

        assertThat(grabs(ID, ID).decide(5)).isTrue();
    }

    @Test
    void shouldRefuseOtherTopicsWhenTheyHaveTheSameName() {
        grabs(ID, ID).decide(4_710);
        winners.flushCache();

        assertThatThrownBy(() -> grabs(OTHER, OTHER))
                .isInstanceOf(OtherTopicsException.class)
                .hasMessageStartingWith("Topic redpacket.grabs is not the one that this application has decided up to"
                        + " offset 4711: it was deleted and created again")
                .hasMessageContaining("--application-id");
    }

    @Test
    void shouldRefuseOtherTopicsWhenTheyWereCreatedSinceTheStart() {
        grabs(ID, ID).decide(9);
        winners.flushCache();
        DecidedOffsets decided = grabs(ID, OTHER);

        assertThatThrownBy(() -> decided.decide(0)).isInstanceOf(OtherTopicsException.class);
    }

    @Test
    void shouldTakeTheTopicForTheSameWhenItsIdWasNotKnown() {
        grabs(Uuid.ZERO_UUID, Uuid.ZERO_UUID).decide(9);
        winners.flushCache();

        assertThat(grabs(ID, ID).decide(10)).isTrue();
        winners.flushCache();

        assertThatThrownBy(() -> grabs(OTHER, OTHER)).isInstanceOf(OtherTopicsException.class);
    }

    @Test
    void shouldKeepTheBytesOfADecidedOffset() {
        Decided decided = new Decided(new Uuid(0x0001020304050607L, 0x08090a0b0c0d0e0fL), 4_711);

        assertKeeps("DecidedFormat.key", DecidedFormat.key("redpacket.grabs").get());
        assertKeeps("DecidedFormat.value", DecidedFormat.value(decided));
        assertThat(DecidedFormat.read(GoldenBytes.of("DecidedFormat.value"))).isEqualTo(decided);
    }

    private static void assertKeeps(String name, byte[] written) {
        assertThat(HexFormat.of().formatHex(written))
                .as(name)
                .isEqualTo(HexFormat.of().formatHex(GoldenBytes.of(name)));
    }

    private DecidedOffsets grabs(Uuid idAtStart, Uuid idNow) {
        return new DecidedOffsets(winners, Topic.GRABS, 3, topics(idAtStart, idNow));
    }

    private DecidedOffsets opens(Uuid id) {
        return new DecidedOffsets(winners, Topic.OPENS, 3, topics(id, id));
    }

    private static InputTopics topics(Uuid idAtStart, Uuid idNow) {
        return new InputTopics() {
            @Override
            public Uuid idAtStart(Topic topic) {
                return idAtStart;
            }

            @Override
            public Uuid idNow(Topic topic) {
                return idNow;
            }
        };
    }
}
