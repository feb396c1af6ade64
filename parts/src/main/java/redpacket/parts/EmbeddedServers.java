package redpacket.parts;

import redpacket.clients.KafkaAddress;
import redpacket.clients.RedisAddress;

/** A broker in this JVM, and Redis as a child process. */
record EmbeddedServers(LocalKafka localKafka, LocalRedis localRedis) implements Servers {
    static EmbeddedServers start() {
        LocalRedis redis = LocalRedis.start();
        try {
            return new EmbeddedServers(LocalKafka.start(), redis);
        } catch (RuntimeException e) {
            redis.close();
            throw e;
        }
    }

    @Override
    public String kind() {
        return "embedded";
    }

    @Override
    public KafkaAddress kafka() {
        return localKafka.address();
    }

    @Override
    public RedisAddress redis() {
        return localRedis.address();
    }

    @Override
    public void close() {
        try {
            localKafka.close();
        } finally {
            localRedis.close();
        }
    }
}
