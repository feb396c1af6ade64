package redpacket.benchmark;

import java.time.Duration;

/**
 * The environment of the contestants.
 *
 * @param redisDelay added to every request to Redis
 * @param given existing Kafka and Redis; null for embedded ones
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

    /** Starts or uses an empty Kafka and an empty Redis. */
    Servers start(int partitions) {
        return given == null ? Servers.embedded(partitions) : given.layOut(partitions);
    }
}
