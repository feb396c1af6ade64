/** The command line as it ships: every command that works with a Kafka and a Redis that are there already. */
package redpacket.application;
