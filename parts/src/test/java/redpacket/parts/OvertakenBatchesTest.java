package redpacket.parts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.storage.internals.log.AppendOrigin;
import org.apache.kafka.storage.internals.log.LogOffsetMetadata;
import org.apache.kafka.storage.internals.log.ProducerAppendInfo;
import org.apache.kafka.storage.internals.log.ProducerStateEntry;
import org.apache.kafka.storage.internals.log.VerificationStateEntry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Uses the broker's own exceptions, so that this test fails with a Kafka that words them differently. */
class OvertakenBatchesTest {
    private static final String BROKER = "kafka.server.ReplicaManager";
    private static final long PRODUCER = 1;
    private static final short EPOCH = 3;

    private final LoggerContext logging = new LoggerContext();
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

    @BeforeEach
    void configure() throws Exception {
        JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(logging);
        String configuration = "<configuration><include resource=\"redpacket/parts/quiet.xml\"/></configuration>";
        configurator.doConfigure(new ByteArrayInputStream(configuration.getBytes(StandardCharsets.UTF_8)));
        logged.start();
        logging.getLogger("ROOT").addAppender(logged);
    }

    @AfterEach
    void stop() {
        logging.stop();
    }

    @Test
    void shouldBeSilentWhenABatchOvertakesTheFirstOfItsTransaction() {
        logging.getLogger(BROKER).error("Error processing append operation", overtaking());

        assertThat(logged.list).isEmpty();
    }

    @Test
    void shouldLogWhenSequenceNumbersAreMissingWithinATransaction() {
        logging.getLogger(BROKER).error("Error processing append operation", missing());

        assertThat(logged.list).extracting(ILoggingEvent::getLevel).containsExactly(Level.ERROR);
    }

    @Test
    void shouldLogWhenSomethingElseReportsAnOvertakingBatch() {
        logging.getLogger("kafka.server.KafkaApis").error("Error", overtaking());

        assertThat(logged.list).hasSize(1);
    }

    @Test
    void shouldLogWhenTheBrokerFailsOtherwise() {
        logging.getLogger(BROKER).error("Error processing append operation", new IllegalStateException());
        logging.getLogger(BROKER).error("Error without a cause");

        assertThat(logged.list).hasSize(2);
    }

    /** The first batch was not written; this batch follows it. */
    private static OutOfOrderSequenceException overtaking() {
        return rejected(unknown(), 172);
    }

    /** A batch that ended with number 9 was written; this batch does not begin with 10. */
    private static OutOfOrderSequenceException missing() {
        ProducerStateEntry written = unknown();
        ProducerAppendInfo first = append(written);
        first.appendDataBatch(EPOCH, 0, 9, 0, new LogOffsetMetadata(0), 9, true);
        return rejected(first.toEntry(), 172);
    }

    private static ProducerStateEntry unknown() {
        return new ProducerStateEntry(
                PRODUCER, RecordBatch.NO_PRODUCER_EPOCH, -1, RecordBatch.NO_TIMESTAMP, OptionalLong.empty());
    }

    private static OutOfOrderSequenceException rejected(ProducerStateEntry before, int firstSequence) {
        return catchThrowableOfType(OutOfOrderSequenceException.class, () -> append(before)
                .appendDataBatch(EPOCH, firstSequence, firstSequence, 0, new LogOffsetMetadata(10), 10, true));
    }

    private static ProducerAppendInfo append(ProducerStateEntry before) {
        return new ProducerAppendInfo(
                new TopicPartition("redpacket.awards", 2),
                PRODUCER,
                before,
                AppendOrigin.CLIENT,
                new VerificationStateEntry(0, 172, EPOCH, true));
    }
}
