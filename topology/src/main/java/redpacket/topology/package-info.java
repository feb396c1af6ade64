/** The Streams application that decides grabs: {@code packet} holds the rules, {@code shares} the queue in Redis, {@code streams} the wiring. */
package redpacket.topology;
