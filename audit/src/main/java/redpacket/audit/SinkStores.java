package redpacket.audit;

import java.util.Optional;
import redpacket.clients.LedgerAddress;
import redpacket.clients.RedisAddress;

/** The stores of a sink to compare with the topics. */
public record SinkStores(Optional<LedgerAddress> ledger, Optional<RedisAddress> readModel) {
    /** Audits only the topics. */
    public static final SinkStores NONE = new SinkStores(Optional.empty(), Optional.empty());

    public static SinkStores ledger(LedgerAddress ledger) {
        return new SinkStores(Optional.of(ledger), Optional.empty());
    }

    public static SinkStores readModel(RedisAddress readModel) {
        return new SinkStores(Optional.empty(), Optional.of(readModel));
    }

    public static SinkStores both(LedgerAddress ledger, RedisAddress readModel) {
        return new SinkStores(Optional.of(ledger), Optional.of(readModel));
    }
}
