/**
 * What was measured: rates, CPU time, memory, the steps of a wait. {@code ResultsFile} writes the figures beside a
 * description of the machine.
 */
package redpacket.benchmark.figures;
