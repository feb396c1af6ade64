package redpacket.parts;

import redpacket.clients.KafkaAddress;
import redpacket.clients.RedisAddress;

/** A running Kafka without topics and a running Redis. */
sealed interface Servers extends AutoCloseable permits EmbeddedServers, ContainerServers, ClusterServers {
    /** The kind of servers in one word, for people. */
    String kind();

    /** How many brokers hold each record. */
    default short replicas() {
        return 1;
    }

    KafkaAddress kafka();

    RedisAddress redis();

    @Override
    void close();
}
