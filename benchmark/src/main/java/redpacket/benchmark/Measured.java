package redpacket.benchmark;

/**
 * One run of one contestant.
 *
 * @param answers that were given
 * @param nanos from the first committed answer to the last
 * @param redisCalls of the contestant, from opening the packets on; scripts count as one
 * @param cpuNanos that the stream threads and their producers and consumers took for the answers; 0 where there are none.
 *     Unlike the rate it hardly depends on what else the machine does
 * @param memory after the last answer
 */
record Measured(long answers, long nanos, long redisCalls, long cpuNanos, Memory memory) {
    double perSecond() {
        return answers * 1e9 / nanos;
    }

    double cpuMicrosPerGrab() {
        return cpuNanos / 1e3 / answers;
    }

    double redisCallsPerGrab() {
        return (double) redisCalls / answers;
    }
}
