/**
 * A real Kafka broker, Redis and PostgreSQL on this machine, for tests and the demo. {@code LocalServers} starts Kafka
 * and Redis embedded, or in containers where Docker is present.
 *
 * <p>More than 15 classes: every kind of server is a class, and all of them share package-private ports, folders and
 * processes.
 */
package redpacket.parts;
