/** Microbenchmarks of code that needs no clock, no Kafka and no Redis: rules, JSON, and counting of answers. */
package redpacket.benchmark.micro;
