/** Client library for backends that open packets and send grabs. The twin of {@code redpacket.reader}. */
package redpacket.producer;
