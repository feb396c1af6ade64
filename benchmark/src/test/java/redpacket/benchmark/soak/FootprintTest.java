package redpacket.benchmark.soak;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FootprintTest {
    private static final long MEGABYTE = 1 << 20;

    @Test
    void shouldAddUpThePartsOfTheHeapAndCountTheSharedCacheOnce() {
        String metrics = """
                # TYPE jvm_memory_used_bytes gauge
                jvm_memory_used_bytes{area="heap",id="G1 Eden Space"} 2.097152E7
                jvm_memory_used_bytes{area="heap",id="G1 Old Gen"} 1.048576E7
                jvm_memory_used_bytes{area="nonheap",id="Metaspace"} 5.24288E7
                jvm_memory_committed_bytes{area="heap",id="G1 Eden Space"} 4.194304E7
                jvm_memory_committed_bytes{area="nonheap",id="Metaspace"} 6.291456E7
                jvm_buffer_memory_used_bytes{id="direct"} 7340032.0
                kafka_stream_state_block_cache_usage{rocksdb_state_id="packets",task_id="0_0"} 8.388608E7
                kafka_stream_state_block_cache_usage{rocksdb_state_id="winners",task_id="0_0"} 8.388608E7
                """;

        assertThat(Footprint.of(500 * MEGABYTE, metrics)).isEqualTo(new Footprint(500, 30, 40, 60, 80, 7));
    }

    @Test
    void shouldComputeTheRiseInPercent() {
        assertThat(resident(400).riseUntil(resident(410))).isEqualTo(2.5);
        assertThat(resident(400).riseUntil(resident(390))).isEqualTo(-2.5);
    }

    private static Footprint resident(long megabytes) {
        return new Footprint(megabytes, 0, 0, 0, 0, 0);
    }
}
