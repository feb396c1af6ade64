/** How every command and client finds Kafka and Redis: options, environment, properties file. */
package redpacket.connection;
