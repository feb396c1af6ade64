package redpacket.topology.stores;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.kafka.common.TopicPartition;

/** How far the inputs of this process are decided. Asked by tasks about their own inputs, on their own thread. */
public final class DecidedInputs {
    private final ConcurrentMap<TopicPartition, DecidedOffsets> inputs = new ConcurrentHashMap<>();

    /** Replaces what a task that ended, or failed, left behind. */
    public void put(TopicPartition input, DecidedOffsets decided) {
        inputs.put(input, decided);
    }

    /** The offset of the next record to decide. */
    public long nextOffset(TopicPartition input) {
        return inputs.get(input).nextOffset();
    }
}
