package redpacket.benchmark.figures;

/**
 * One run of one contestant.
 *
 * @param answers number of answers
 * @param nanos from the first committed answer to the last
 * @param followedNanos until a follower of the answers has processed all; equals {@code nanos} without a follower
 * @param redisCalls of the contestant since the opening of the packets; a script counts as one
 * @param cpu used for answering and following; for Redis since the opening of the packets
 * @param memory after the last answer
 */
public record Measured(long answers, long nanos, long followedNanos, long redisCalls, Cpu cpu, Memory memory) {
    public double perSecond() {
        return answers * 1e9 / nanos;
    }

    /** As {@link #perSecond}, at the rate of the follower. */
    public double followedPerSecond() {
        return answers * 1e9 / followedNanos;
    }

    public double secondsBehind() {
        return (followedNanos - nanos) / 1e9;
    }

    public double redisCallsPerGrab() {
        return (double) redisCalls / answers;
    }

    /** Microseconds of CPU. */
    public double streamsPerGrab() {
        return cpu.streams() / 1e3 / answers;
    }

    /** Microseconds of CPU. */
    public double kafkaPerGrab() {
        return cpu.kafka() / 1e3 / answers;
    }

    /** Microseconds of CPU. */
    public double redisPerGrab() {
        return cpu.redis() / 1e3 / answers;
    }

    /** Microseconds of CPU. */
    public double sinkPerGrab() {
        return cpu.sink() / 1e3 / answers;
    }
}
