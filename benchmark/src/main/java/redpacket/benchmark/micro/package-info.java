/** Microbenchmarks of what has no clock, no Kafka and no Redis: the rules of a packet, and the JSON of events. */
package redpacket.benchmark.micro;
