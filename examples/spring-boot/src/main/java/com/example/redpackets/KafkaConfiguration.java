package com.example.redpackets;

import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.listener.CommonErrorHandler;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.util.backoff.FixedBackOff;
import redpacket.events.InvalidEventException;
import redpacket.producer.PacketClient;

/** One client for the whole process, and what happens when a result cannot be paid. */
@Configuration(proxyBeanMethods = false)
class KafkaConfiguration {
    private static final Duration RETRY_BACKOFF = Duration.ofSeconds(1);

    /** Spring closes the client after the web server, so all requests that were accepted are answered. */
    @Bean
    PacketClient packetClient(KafkaProperties kafka, @Value("${redpacket.patience}") Duration patience) {
        return PacketClient.connect(kafka.buildAdminProperties(), patience);
    }

    @Bean
    HealthIndicator packetClientHealthIndicator(PacketClient client) {
        return () -> client.trouble()
                .map(reason -> Health.down().withDetail("reason", reason).build())
                .orElseGet(() ->
                        Health.up().withDetail("waiting", client.waiting()).build());
    }

    /** By default spring-kafka gives up after ten attempts, and the user would never be paid. */
    @Bean
    CommonErrorHandler errorHandler() {
        FixedBackOff forEver = new FixedBackOff(RETRY_BACKOFF.toMillis(), FixedBackOff.UNLIMITED_ATTEMPTS);
        DefaultErrorHandler handler = new DefaultErrorHandler(forEver);
        // Would fail again. The handler logs the record and goes on.
        handler.addNotRetryableExceptions(InvalidEventException.class);
        return handler;
    }
}
