/**
 * How many grabs each contestant answers per second. {@code BenchCommand} takes each {@code Run}, round by round, and
 * {@code Results} has the medians and ratios.
 */
package redpacket.benchmark.throughput;
