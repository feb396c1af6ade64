/**
 * The command line that ships: every command that needs only a running Kafka, Redis or PostgreSQL. {@code RedPacket}
 * lists them.
 *
 * <p>More than 15 classes: each command is a class, and commands share their options, exit codes, progress bars and
 * error messages, which no other module uses.
 */
package redpacket.application;
