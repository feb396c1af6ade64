package redpacket.sink.readmodel;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redpacket.events.AwardResult;
import redpacket.events.InvalidEventException;
import redpacket.events.Json;
import redpacket.events.PacketEvent;
import redpacket.events.Topic;
import redpacket.events.WindowStats;

/** The events of a batch of records, grouped so that few commands write each key. */
final class ReadModelBatch {
    private static final Logger LOG = LoggerFactory.getLogger(ReadModelBatch.class);

    private final List<AwardResult> awards = new ArrayList<>();
    private final List<PacketEvent> events = new ArrayList<>();
    private final Map<String, WindowStats> windows = new LinkedHashMap<>();

    static ReadModelBatch of(ConsumerRecords<byte[], byte[]> records) {
        ReadModelBatch batch = new ReadModelBatch();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            try {
                batch.add(record);
            } catch (InvalidEventException e) {
                // Only the topology writes to these topics. A newer release may be able to read the record.
                LOG.error(
                        "Skipped the unreadable record {}-{}@{}: {}",
                        record.topic(),
                        record.partition(),
                        record.offset(),
                        e.getMessage());
            }
        }
        return batch;
    }

    private void add(ConsumerRecord<byte[], byte[]> record) {
        if (record.topic().equals(Topic.AWARDS.topicName())) {
            AwardResult result = Json.readAward(record.value());
            if (result.movesMoney()) {
                awards.add(result);
            }
        } else if (record.topic().equals(Topic.PACKETS.topicName())) {
            events.add(Json.readPacketEvent(record.value()));
        } else if (record.value() != null) {
            // Records without a value are tombstones for compaction.
            WindowStats stats = Json.readStats(record.value());
            windows.merge(stats.key(), stats, (one, other) -> one.revision() > other.revision() ? one : other);
        }
    }

    /** The awards of each packet are in order. */
    List<AwardResult> awards() {
        return awards;
    }

    List<PacketEvent> events() {
        return events;
    }

    /** The highest revision of each window. */
    Collection<WindowStats> windows() {
        return windows.values();
    }
}
