/**
 * Where a run takes place. {@code Setup} says how: on embedded or given servers, and at which scale. {@code Ground} has
 * an empty Kafka and an empty Redis for one run; {@code Instances} run a topology on it.
 */
package redpacket.benchmark.ground;
