package redpacket.benchmark.contestants;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import redpacket.benchmark.load.Workload;
import redpacket.events.AwardResult;
import redpacket.events.Grab;
import redpacket.parts.LocalPostgres;
import redpacket.parts.LocalRedis;

/**
 * What contestants without Kafka lose when their database is killed in a rush. After the restart each winner sends the
 * same grab again. A database that has lost nothing answers with the same share. The scenarios of the module {@code
 * guarantees} kill the parts of this project.
 */
final class LostWhenKilledIT {
    private static final Workload RUSH = Workload.of("hot", 50_000);

    @Test
    void shouldLoseEveryAwardWhenRedisIsKilled() throws InterruptedException {
        try (LocalRedis redis = LocalRedis.start()) {
            Queue<AwardResult> told;
            try (RedisLua before = new RedisLua(redis.address())) {
                told = toldInRush(before, redis::kill);
            }
            redis.restart();

            try (RedisLua after = new RedisLua(redis.address())) {
                assertThat(lost(told, after)).isEqualTo(told.size());
            }
        }
    }

    @Test
    void shouldLoseNoAwardWhenPostgresIsKilled() throws InterruptedException {
        try (LocalPostgres postgres = LocalPostgres.start()) {
            Queue<AwardResult> told;
            try (PostgresRows before = PostgresRows.on(postgres)) {
                told = toldInRush(before, postgres::kill);
            }
            postgres.restart();

            try (PostgresRows after = PostgresRows.on(postgres)) {
                assertThat(lost(told, after)).isZero();
            }
        }
    }

    /** The awards that users were told until the database was killed. */
    @SuppressWarnings("FutureReturnValueIgnored") // many grabs fail, as they should
    private static Queue<AwardResult> toldInRush(DirectContestant.Entrant entrant, Runnable kill)
            throws InterruptedException {
        entrant.open(RUSH);
        Queue<AwardResult> told = new ConcurrentLinkedQueue<>();
        CountDownLatch enough = new CountDownLatch(1_000);
        CompletableFuture<Void> sending = CompletableFuture.runAsync(
                () -> RUSH.grabStream().forEach(grab -> entrant.grab(grab).thenAccept(answer -> {
                    if (answer.movesMoney()) {
                        told.add(answer);
                        enough.countDown();
                    }
                })));
        enough.await();
        kill.run();
        sending.join();
        return told;
    }

    private static long lost(Queue<AwardResult> told, DirectContestant.Entrant after) {
        long lost = told.stream()
                .filter(award -> !award.share().equals(asked(award, after).share()))
                .count();
        System.out.println(lost + " of " + told.size() + " awards are lost");
        return lost;
    }

    private static AwardResult asked(AwardResult award, DirectContestant.Entrant entrant) {
        return entrant.grab(new Grab(award.grabId(), award.packetId(), award.userId()))
                .toCompletableFuture()
                .join();
    }
}
