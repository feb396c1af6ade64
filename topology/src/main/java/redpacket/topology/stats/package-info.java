/** The statistics: counters per window and scope, in two stages. */
package redpacket.topology.stats;
