package redpacket.benchmark.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import redpacket.events.AwardResult;
import redpacket.events.Topic;
import redpacket.parts.LocalServers;
import redpacket.reader.Committed;
import redpacket.reader.CommittedReader;
import redpacket.reader.ResultListener;

/** The load is answered, and every figure of the topology's memory is available. */
final class SoakIT {
    @Test
    @Timeout(300)
    void shouldReportTheMemoryOfATopologyUnderLoad() {
        AtomicInteger won = new AtomicInteger();
        ResultListener counting = new ResultListener() {
            @Override
            public void onAward(Committed<AwardResult> award) {
                won.addAndGet(award.event().share() == null ? 0 : 1);
            }
        };
        try (LocalServers servers = LocalServers.start(4);
                SoakedTopology topology = SoakedTopology.start(servers, "200m", Duration.ofSeconds(60))) {
            topology.awaitReady();
            Footprint footprint = topology.footprint();
            try (CommittedReader answers =
                            CommittedReader.fromNow(servers.kafka().clientSettings(), Set.of(Topic.AWARDS));
                    SoakLoad load = SoakLoad.start(servers.kafka(), 1_500, 50)) {
                // The stores hold half a megabyte only after some hundred packets.
                while (won.get() < 20 || footprint.rocksDb() == 0) {
                    answers.poll(Duration.ofMillis(100), counting);
                    footprint = topology.footprint();
                }
                assertThat(load.stored()).isGreaterThanOrEqualTo(20);
            }

            assertThat(footprint.heapCommitted()).isBetween(footprint.heapUsed(), 200L);
            assertThat(footprint.heapUsed()).isPositive();
            assertThat(footprint.nonHeap()).isPositive();
            assertThat(footprint.direct()).isPositive();
            assertThat(footprint.resident()).isGreaterThan(footprint.heapUsed() + footprint.nonHeap());
        }
    }
}
