package redpacket.guarantees;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.common.KafkaFuture;
import org.junit.jupiter.api.Test;
import redpacket.local.faults.PipelineProcess;

/**
 * Every transaction uses an epoch of its producer id, of which there are 32,767. Under load they are used up within
 * minutes. Then the broker assigns another producer id. Exactly there, an instance is killed and its producer
 * fenced, as other instances do, and the broker is restarted.
 */
class EpochsEndIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** Stream threads of an instance. */
    private static final int THREADS = 2;

    /** Every fencing uses an epoch, too. This one leaves some for the transactions of an instance that starts. */
    private static final int SHORTLY_BEFORE = Short.MAX_VALUE - 40;

    private static final int AT_THE_END = Short.MAX_VALUE - 5;

    @Test
    void shouldKeepEveryPromiseWhenProducersReachTheEndOfTheirEpochs() throws Exception {
        try (Scenario scenario = Scenario.with(2);
                Admin admin = Admin.create(settings(scenario))) {
            PipelineProcess first = scenario.pipeline.instances().get(0);
            PipelineProcess second = scenario.pipeline.instances().get(1);
            List<Epochs> ofFirst = Epochs.of(first, admin);
            List<Epochs> ofSecond = Epochs.of(second, admin);
            first.kill();
            second.kill();
            Epochs killed = ofFirst.get(0);
            Epochs interrupted = ofSecond.get(0);
            Epochs.use(List.of(killed, interrupted));

            first.start();
            killed.awaitEnd();
            first.kill();
            killed.fence();
            first.start();
            System.out.println(
                    "killed and fenced at the last epochs: answers everywhere after " + scenario.awaitAnswersFromNow());

            second.start();
            interrupted.awaitEnd();
            scenario.pipeline.restartKafka();
            System.out.println(
                    "broker restarted at the last epochs: answers everywhere after " + scenario.awaitAnswersFromNow());

            scenario.assertEverythingKept();
            assertThat(List.of(killed, interrupted)).allMatch(Epochs::haveANewProducerId);
        }
    }

    private static Map<String, Object> settings(Scenario scenario) {
        Map<String, Object> settings = scenario.pipeline.kafkaAddress().clientSettings();
        // The coordinator refuses an epoch while it writes the last one. The default would be 100 ms for each epoch.
        settings.put("retry.backoff.ms", 1);
        settings.put("retry.backoff.max.ms", 1);
        return settings;
    }

    /** The epochs of one stream thread's producer. */
    private record Epochs(String transactionalId, long producerId, Admin admin) {
        /** Those of an instance, once all its threads have begun a transaction. */
        static List<Epochs> of(PipelineProcess instance, Admin admin) {
            return await().atMost(PATIENCE)
                    .ignoreExceptions()
                    .until(() -> known(instance, admin), each -> each.size() == THREADS);
        }

        private static List<Epochs> known(PipelineProcess instance, Admin admin) throws Exception {
            String process = processId(instance);
            return admin.listTransactions().all().get().stream()
                    .filter(each -> each.transactionalId().contains(process))
                    .map(each -> new Epochs(each.transactionalId(), each.producerId(), admin))
                    .toList();
        }

        /** Kafka Streams chooses a process id, and keeps it in the state directory. */
        private static String processId(PipelineProcess instance) throws IOException {
            Path file = instance.stateDirectory().resolve("redpacket").resolve("kafka-streams-process-metadata");
            return Files.readString(file).replaceAll(".*\"processId\":\"([^\"]*)\".*", "$1");
        }

        /** Uses up almost all epochs. No instance must be running. */
        static void use(List<Epochs> all) {
            CompletableFuture.allOf(all.stream()
                            .map(each -> CompletableFuture.runAsync(each::use))
                            .toArray(CompletableFuture[]::new))
                    .join();
        }

        private void use() {
            for (int epoch = now(); epoch < SHORTLY_BEFORE; epoch++) {
                fence();
            }
        }

        void fence() {
            get(admin.fenceProducers(List.of(transactionalId)).all());
        }

        void awaitEnd() {
            await().atMost(PATIENCE)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> now() >= AT_THE_END || haveANewProducerId());
        }

        boolean haveANewProducerId() {
            return description().producerId() != producerId;
        }

        private int now() {
            return description().producerEpoch();
        }

        private TransactionDescription description() {
            return get(admin.describeTransactions(List.of(transactionalId)).description(transactionalId));
        }

        private static <T> T get(KafkaFuture<T> future) {
            try {
                return future.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException(e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            }
        }
    }
}
