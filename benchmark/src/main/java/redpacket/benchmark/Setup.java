package redpacket.benchmark;

import java.time.Duration;

/**
 * What contestants run on.
 *
 * @param redisDelay added to every round trip to Redis
 * @param given where Kafka and Redis are; null for embedded ones
 */
record Setup(Scale scale, Duration redisDelay, GivenServers given) {
    /** Embedded Kafka and Redis, one instance. */
    static final Setup PLAIN = new Setup(Scale.OF_THIS_MACHINE, Duration.ZERO, null);

    Setup withScale(Scale newScale) {
        return new Setup(newScale, redisDelay, given);
    }

    Setup withRedisDelay(Duration newDelay) {
        return new Setup(scale, newDelay, given);
    }

    /** An empty Kafka and an empty Redis. */
    Servers start(int partitions) {
        return given == null ? Servers.embedded(partitions) : given.layOut(partitions);
    }
}
