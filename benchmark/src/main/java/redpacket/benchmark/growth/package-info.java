/**
 * What many packets and winners cost this project. {@code GrowthCommand} takes all measurements, {@code Growth} has
 * their figures.
 */
package redpacket.benchmark.growth;
