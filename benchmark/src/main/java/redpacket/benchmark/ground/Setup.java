package redpacket.benchmark.ground;

import java.time.Duration;

/**
 * The environment of the contestants.
 *
 * @param redisDelay added to every request to Redis
 * @param given existing Kafka and Redis; null for embedded ones
 */
public record Setup(Scale scale, Duration redisDelay, GivenServers given) {
    /** Embedded Kafka and Redis, one instance. */
    public static final Setup PLAIN = new Setup(Scale.OF_THIS_MACHINE, Duration.ZERO, null);

    public Setup withScale(Scale newScale) {
        return new Setup(newScale, redisDelay, given);
    }

    public Setup withRedisDelay(Duration newDelay) {
        return new Setup(scale, newDelay, given);
    }

    /** Starts or uses an empty Kafka and an empty Redis. */
    public Servers start(int partitions) {
        return given == null ? Servers.embedded(partitions) : given.layOut(partitions);
    }
}
