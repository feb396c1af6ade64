package redpacket.topology.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.apache.kafka.common.utils.Bytes;
import org.junit.jupiter.api.Test;
import redpacket.events.Counter;
import redpacket.events.Counters;
import redpacket.topology.GoldenBytes;

/** Every format of the statistics is written and read as {@code golden-bytes.txt} has it. */
class StatsGoldenBytesTest {
    private static final Counters COUNTERS = Counters.of(StatsGoldenBytesTest::value);

    @Test
    void shouldKeepTheBytesOfAWindowsKey() {
        Bytes golden = Bytes.wrap(GoldenBytes.of("WindowFormat.key"));

        assertThat(WindowFormat.key(1_771_257_600_000L, 1_000, "campaign/spring"))
                .isEqualTo(golden);
        assertThat(WindowFormat.startMillisOf(golden)).isEqualTo(1_771_257_600_000L);
        assertThat(WindowFormat.windowMillisOf(golden)).isEqualTo(1_000);
        assertThat(WindowFormat.countedOf(golden)).isEqualTo("campaign/spring");
    }

    @Test
    void shouldKeepTheBytesOfADelta() {
        Bytes key = DeltaFormat.key(WindowFormat.key(1_771_257_600_000L, 1_000, "spring"));

        assertKeeps("DeltaFormat.key", key.get());
        assertKeeps("DeltaFormat.value", DeltaFormat.value(COUNTERS));
        assertThat(DeltaFormat.windowKeyOf(Bytes.wrap(GoldenBytes.of("DeltaFormat.key"))))
                .isEqualTo(WindowFormat.key(1_771_257_600_000L, 1_000, "spring"));
        assertThat(DeltaFormat.read(GoldenBytes.of("DeltaFormat.value"))).isEqualTo(COUNTERS);
        assertThat(DeltaFormat.read(GoldenBytes.of("DeltaFormat.value version 1")))
                .isEqualTo(Counters.of(StatsGoldenBytesTest::firstValue));
        assertKeeps("DeltaFormat.FIRST_KEY", DeltaFormat.FIRST_KEY.get());
        assertKeeps("DeltaFormat.AFTER_LAST_KEY", DeltaFormat.AFTER_LAST_KEY.get());
        assertThat(key).isBetween(DeltaFormat.FIRST_KEY, DeltaFormat.AFTER_LAST_KEY);
    }

    @Test
    void shouldKeepTheBytesOfTheNumberOfOpenPackets() {
        assertKeeps("DeltaFormat.OPEN_PACKETS_KEY", DeltaFormat.OPEN_PACKETS_KEY.get());
        assertKeeps("DeltaFormat.openPacketsValue", DeltaFormat.openPacketsValue(258));
        assertThat(DeltaFormat.readOpenPackets(GoldenBytes.of("DeltaFormat.openPacketsValue")))
                .isEqualTo(258);
    }

    @Test
    void shouldKeepTheBytesOfATotal() {
        Bytes key = WindowFormat.key(1_771_257_600_000L, 1_000, "all");
        for (boolean dirty : new boolean[] {true, false}) {
            for (boolean closed : new boolean[] {true, false}) {
                String name = "TotalFormat.value" + (dirty ? " dirty" : "") + (closed ? " closed" : "");
                WindowTotal total = new WindowTotal(key, 7, dirty, closed, COUNTERS);

                assertKeeps(name, TotalFormat.value(total));
                assertThat(TotalFormat.read(key, GoldenBytes.of(name)))
                        .usingRecursiveComparison()
                        .isEqualTo(total);
            }
        }
    }

    @Test
    void shouldReadATotalOfTheFirstVersion() {
        Bytes key = WindowFormat.key(1_771_257_600_000L, 1_000, "all");
        Counters counters = Counters.of(StatsGoldenBytesTest::firstValue);

        assertThat(TotalFormat.read(key, GoldenBytes.of("TotalFormat.value dirty version 1")))
                .usingRecursiveComparison()
                .isEqualTo(new WindowTotal(key, 7, true, false, counters));
    }

    @Test
    void shouldKeepTheBytesOfTheFirstOpenMark() {
        assertKeeps("TotalFormat.FIRST_OPEN_KEY", TotalFormat.FIRST_OPEN_KEY.get());
        assertKeeps("TotalFormat.firstOpenValue", TotalFormat.firstOpenValue(1_771_257_600_000L));
        assertThat(TotalFormat.readFirstOpen(GoldenBytes.of("TotalFormat.firstOpenValue")))
                .isEqualTo(1_771_257_600_000L);
    }

    private static void assertKeeps(String name, byte[] written) {
        assertThat(HexFormat.of().formatHex(written))
                .as(name)
                .isEqualTo(HexFormat.of().formatHex(GoldenBytes.of(name)));
    }

    /** The counters that the first versions had. */
    private static long firstValue(Counter counter) {
        return switch (counter) {
            case GRABS -> 21;
            case NOT_STARTED, NOT_ELIGIBLE, CANCELLED, PACKETS_CANCELLED -> 0;
            default -> value(counter);
        };
    }

    /** Another value for each counter, so that none can take the place of another. */
    private static long value(Counter counter) {
        return switch (counter) {
            case GRABS -> 45;
            case AWARDED -> 1;
            case ALREADY_GRABBED -> 2;
            case SOLD_OUT -> 3;
            case EXPIRED -> 4;
            case UNKNOWN_PACKET -> 5;
            case REPEATS -> 6;
            case AWARDED_CENTS -> 70;
            case PACKETS_OPENED -> 8;
            case PACKETS_SOLD_OUT -> 9;
            case PACKETS_EXPIRED -> 10;
            case REFUNDED_CENTS -> 110;
            case NOT_STARTED -> 7;
            case NOT_ELIGIBLE -> 8;
            case CANCELLED -> 9;
            case PACKETS_CANCELLED -> 11;
        };
    }
}
