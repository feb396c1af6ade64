/** The client library for backends that open packets and emit grabs. */
package redpacket.producer;
