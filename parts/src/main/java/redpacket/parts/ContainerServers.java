package redpacket.parts;

import java.util.Locale;
import org.apache.kafka.common.utils.AppInfoParser;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.kafka.KafkaContainer;
import redpacket.clients.KafkaAddress;
import redpacket.clients.RedisAddress;

/** Kafka and Redis in containers. Testcontainers removes them when this JVM ends, at the latest. */
record ContainerServers(KafkaContainer kafkaContainer, GenericContainer<?> redisContainer) implements Servers {
    /** The version of the client library. */
    private static final String KAFKA_IMAGE = "apache/kafka:" + AppInfoParser.getVersion();

    private static final String REDIS_IMAGE = "redis:7.2-alpine";
    private static final int REDIS_PORT = 6379;

    static ContainerServers start() {
        ContainerServers servers = new ContainerServers(
                new KafkaContainer(KAFKA_IMAGE),
                new GenericContainer<>(REDIS_IMAGE)
                        .withExposedPorts(REDIS_PORT)
                        .withCommand("redis-server", "--save", "", "--appendonly", "no"));
        BrokerSettings.STANDING_ALONE.forEach(
                (name, value) -> servers.kafkaContainer.withEnv(environmentVariable(name), value));
        try {
            servers.redisContainer.start();
            servers.kafkaContainer.start();
            return servers;
        } catch (RuntimeException e) {
            servers.close();
            throw e;
        }
    }

    /** The environment variable from which the image reads a broker setting. */
    private static String environmentVariable(String setting) {
        return "KAFKA_" + setting.replace('.', '_').toUpperCase(Locale.ROOT);
    }

    @Override
    public String kind() {
        return "container";
    }

    @Override
    public KafkaAddress kafka() {
        return KafkaAddress.of(kafkaContainer.getBootstrapServers());
    }

    @Override
    public RedisAddress redis() {
        return RedisAddress.of("redis://" + redisContainer.getHost() + ":" + redisContainer.getMappedPort(REDIS_PORT));
    }

    @Override
    public void close() {
        kafkaContainer.close();
        redisContainer.close();
    }
}
