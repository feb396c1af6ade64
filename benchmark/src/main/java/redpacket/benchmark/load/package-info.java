/**
 * The grabs of a run. {@code Workload} produces them, {@code Arrivals} sends them at a fixed rate, and {@code
 * AnswerCheck} judges their answers.
 */
package redpacket.benchmark.load;
