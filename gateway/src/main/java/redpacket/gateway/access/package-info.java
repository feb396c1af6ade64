/** Who may do what: tokens from a file, and JWTs of users. Nothing here knows of Kafka. */
package redpacket.gateway.access;
