package redpacket.benchmark;

/**
 * One run of one contestant.
 *
 * @param answers that were given
 * @param nanos from the first committed answer to the last
 * @param followedNanos until what follows the answers had them all; the same where nothing does
 * @param redisCalls of the contestant, from opening the packets on; scripts count as one
 * @param cpu taken for the answers, and for following them; that of Redis from opening the packets on
 * @param memory after the last answer
 */
record Measured(long answers, long nanos, long followedNanos, long redisCalls, Cpu cpu, Memory memory) {
    double perSecond() {
        return answers * 1e9 / nanos;
    }

    /** As {@link #perSecond}, at the pace of what follows. */
    double followedPerSecond() {
        return answers * 1e9 / followedNanos;
    }

    double secondsBehind() {
        return (followedNanos - nanos) / 1e9;
    }

    double redisCallsPerGrab() {
        return (double) redisCalls / answers;
    }

    /** Microseconds of CPU. */
    double streamsPerGrab() {
        return cpu.streams() / 1e3 / answers;
    }

    /** Microseconds of CPU. */
    double kafkaPerGrab() {
        return cpu.kafka() / 1e3 / answers;
    }

    /** Microseconds of CPU. */
    double redisPerGrab() {
        return cpu.redis() / 1e3 / answers;
    }

    /** Microseconds of CPU. */
    double sinkPerGrab() {
        return cpu.sink() / 1e3 / answers;
    }
}
