/** Clients of Kafka, Redis and PostgreSQL: addresses, client settings, and the topics with their settings. */
package redpacket.clients;
