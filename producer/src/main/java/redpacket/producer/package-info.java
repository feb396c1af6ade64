/**
 * Client library for backends that open packets and grab shares: {@link redpacket.producer.PacketProducer} sends,
 * {@link redpacket.producer.PacketClient} also waits for the answers.
 */
package redpacket.producer;
