package redpacket.benchmark.ground;

import redpacket.clients.KafkaAddress;
import redpacket.clients.RedisAddress;
import redpacket.parts.LocalServers;

/** A Kafka with empty topics, and an empty Redis. */
interface Servers extends AutoCloseable {
    KafkaAddress kafka();

    RedisAddress redis();

    /** Replicas of the topology's internal topics; -1 for the brokers' default. */
    int replicas();

    @Override
    void close();

    static Servers embedded(int partitions) {
        return new Embedded(LocalServers.start(partitions));
    }

    /** Servers on this machine that are deleted afterwards. */
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
