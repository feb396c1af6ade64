package redpacket.benchmark.contestants;

import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import redpacket.events.AwardResult;
import redpacket.events.Json;
import redpacket.events.Topic;

/** The topology of contestants that answer each grab in one step, without stores. */
final class OneProcessor {
    private OneProcessor() {}

    static Topology topology(ProcessorSupplier<byte[], byte[], byte[], AwardResult> answer) {
        ByteArrayDeserializer bytes = new ByteArrayDeserializer();
        Serializer<AwardResult> awards = (topic, result) -> Json.write(result);
        return new Topology()
                .addSource("read-grabs", bytes, bytes, Topic.GRABS.topicName())
                .addProcessor("answer", answer, "read-grabs")
                .addSink("write-awards", Topic.AWARDS.topicName(), new ByteArraySerializer(), awards, "answer");
    }
}
