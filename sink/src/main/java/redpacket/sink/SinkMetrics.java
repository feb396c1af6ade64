package redpacket.sink;

import io.micrometer.core.instrument.Gauge;
import java.util.Optional;
import redpacket.ledger.Ledger;
import redpacket.ledger.LedgerHealth;
import redpacket.service.Health;
import redpacket.service.Metrics;
import redpacket.sink.readmodel.ReadModel;

/** Health and metrics of the sink. */
final class SinkMetrics {
    private SinkMetrics() {}

    static void show(Metrics metrics, ReadModel readModel, Optional<Ledger> ledger) {
        metrics.tell(() -> health(readModel.status()));
        Gauge.builder("redpacket.sink.lag", readModel, model -> model.status().lag())
                .description("Committed records that are not in the read model yet")
                .register(metrics.registry());
        ledger.ifPresent(running -> {
            Gauge.builder("redpacket.ledger.lag", running, keeper -> keeper.health()
                            .lag())
                    .description("Committed records that are not in the ledger yet")
                    .register(metrics.registry());
            Gauge.builder("redpacket.ledger.failed", running, SinkMetrics::failed)
                    .description("1 if the ledger has stopped and needs an operator, else 0")
                    .register(metrics.registry());
            Gauge.builder("redpacket.ledger.working", running, SinkMetrics::working)
                    .description("1 while the ledger is written, by this process or by another one")
                    .register(metrics.registry());
        });
        readModel.showIn(metrics);
    }

    private static Health health(ReadModel.Status status) {
        if (!status.running()) {
            return Health.dead(status.trouble());
        }
        return status.trouble() == null ? Health.ready("ready") : Health.waiting(status.trouble());
    }

    private static double working(Ledger ledger) {
        return switch (ledger.health().state()) {
            case WRITING, STANDING_BY -> 1;
            case STARTING, WAITING, CLOSED, FAILED -> 0;
        };
    }

    private static double failed(Ledger ledger) {
        return ledger.health().state() == LedgerHealth.State.FAILED ? 1 : 0;
    }
}
