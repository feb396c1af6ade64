/** Microbenchmarks of parts that need no clock, no Kafka and no Redis: rules, JSON, and the counting of answers. */
package redpacket.benchmark.micro;
