/** What one task remembers of its packets: the packets at hand, their winners, and what is due. */
package redpacket.topology.state;
