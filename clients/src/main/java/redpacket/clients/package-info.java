/** How Kafka, Redis and PostgreSQL are reached: addresses, configured clients, and the topics as they must be. */
package redpacket.clients;
