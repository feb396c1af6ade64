/**
 * How long a grab waits for its answer at a fixed rate. {@code LatencyCommand} times the contestants in turn. {@code
 * Latencies} has the percentiles of all rounds, {@code LatencyPicture} their curves.
 */
package redpacket.benchmark.latency;
