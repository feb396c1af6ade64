/** A real Kafka broker and a real Redis for one machine: embedded, or in containers where Docker is present. */
package redpacket.parts;
