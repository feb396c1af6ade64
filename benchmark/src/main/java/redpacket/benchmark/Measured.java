package redpacket.benchmark;

/**
 * One run of one contestant.
 *
 * @param answers that were given
 * @param nanos from the first committed answer to the last
 * @param redisCalls of the contestant, from opening the packets on; scripts count as one
 * @param cpu taken for the answers; that of Redis from opening the packets on
 * @param memory after the last answer
 */
record Measured(long answers, long nanos, long redisCalls, Cpu cpu, Memory memory) {
    double perSecond() {
        return answers * 1e9 / nanos;
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
}
