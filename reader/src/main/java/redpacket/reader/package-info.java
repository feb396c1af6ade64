/**
 * Client library for backends that read awards, packet events and statistics. The twin of {@code redpacket.producer}.
 */
package redpacket.reader;
