package redpacket.benchmark;

import redpacket.clients.KafkaAddress;
import redpacket.clients.RedisAddress;
import redpacket.parts.LocalServers;

/** A Kafka with the topics laid out and nothing on them, and an empty Redis. */
interface Servers extends AutoCloseable {
    KafkaAddress kafka();

    RedisAddress redis();

    /** How often the internal topics of the topology are kept; -1 as the brokers have it. */
    int replicas();

    @Override
    void close();

    static Servers embedded(int partitions) {
        return new Embedded(LocalServers.start(partitions));
    }

    /** On this machine, and gone afterwards. */
    record Embedded(LocalServers servers) implements Servers {
        @Override
        public KafkaAddress kafka() {
            return servers.kafka();
        }

        @Override
        public RedisAddress redis() {
            return servers.redis();
        }

        @Override
        public int replicas() {
            return 1;
        }

        @Override
        public void close() {
            servers.close();
        }
    }
}
