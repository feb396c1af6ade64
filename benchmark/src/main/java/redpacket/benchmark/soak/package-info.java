/**
 * The memory of one topology in a process of its own: under constant load ({@code SoakCommand}), and with more data
 * than its heap holds ({@code FillCommand}).
 */
package redpacket.benchmark.soak;
