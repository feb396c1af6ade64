package com.example.redpackets;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.stereotype.Component;
import redpacket.events.AwardResult;
import redpacket.events.Json;

/**
 * Pays what users win, each share once.
 *
 * <p>After a failure Kafka passes results again. So a payment needs a key: the packet and the index of the share. A
 * service that keeps payments in a database gives them a unique constraint on both. Here they are in memory, and
 * forgotten at the end of the process.
 */
@Component
class Payments {
    private final Set<Share> paid = ConcurrentHashMap.newKeySet();
    private final Map<String, Long> centsByUser = new ConcurrentHashMap<>();

    private record Share(String packetId, int index) {}

    @KafkaListener(topics = "redpacket.awards")
    void pay(ConsumerRecord<String, byte[]> record) {
        AwardResult award = Json.readAward(record.value());
        if (award.movesMoney()
                && paid.add(new Share(award.packetId(), award.share().index()))) {
            centsByUser.merge(award.userId(), award.share().cents(), Long::sum);
        }
    }

    long centsOf(String userId) {
        return centsByUser.getOrDefault(userId, 0L);
    }
}
