package redpacket.benchmark.throughput;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redpacket.benchmark.contestants.Contestant;
import redpacket.benchmark.contestants.Contestants;
import redpacket.benchmark.figures.Cpu;
import redpacket.benchmark.figures.Machine;
import redpacket.benchmark.figures.Measured;
import redpacket.benchmark.figures.Memory;
import redpacket.benchmark.figures.ResultsFile;
import redpacket.benchmark.ground.Scale;
import redpacket.benchmark.ground.Setup;
import redpacket.benchmark.load.Workload;

final class ResultsTest {
    private static final Workload MANY = Workload.of("many", 10_000);
    private static final Scale SCALE = new Scale(1, 2);

    private final Results results = new Results();

    @Test
    void shouldCompareMediansWhenNoRoundFailed() {
        add(Contestants.PASS_THROUGH, 1, 100_000);
        add(Contestants.REDPACKET, 1, 50_000);
        add(Contestants.REDPACKET, 2, 10_000);
        add(Contestants.REDPACKET, 3, 60_000);

        assertThat(results.ratios().get("many 1x2: redpacket / pass-through")).isCloseTo(0.5, within(1e-6));
        assertThat(results.anyFailed()).isFalse();
    }

    @Test
    void shouldIgnoreTheWarmUp() {
        add(Contestants.REDPACKET, 0, 1);
        add(Contestants.REDPACKET, 1, 50_000);

        assertThat(results.rows().get(0).medianPerSecond()).isCloseTo(50_000, within(1e-6));
    }

    @Test
    void shouldNotCompareDifferentScales() {
        add(Contestants.PASS_THROUGH, 1, 100_000);
        results.add(new Run(MANY, new Scale(2, 1), Contestants.REDPACKET, 1, measured(50_000), null));

        assertThat(results.ratios()).isEmpty();
    }

    @Test
    void shouldKeepAllOtherResultsWhenAContestantDies(@TempDir Path folder) throws IOException {
        Contestant dying = new Dying();
        add(Contestants.PASS_THROUGH, 1, 100_000);
        add(dying, 1, 4_000);
        results.add(Run.take(MANY, Setup.PLAIN.withScale(SCALE), dying, 2));
        add(Contestants.REDPACKET, 2, 50_000);

        assertThat(results.anyFailed()).isTrue();
        assertThat(results.table("many"))
                .contains("4,000", "50,000", "100,000")
                .contains("dying failed in round 2: no connection: reset by peer. To see it alone:");
        Path file = folder.resolve("results").resolve("bench.json");
        new ResultsFile(file, Machine.now(), Map.of()).write(results.forFile());
        JsonNode json = JsonMapper.builder().build().readTree(file.toFile());
        assertThat(json.at("/results/1/rounds/0/perSecond").asInt()).isEqualTo(4_000);
        assertThat(json.at("/results/1/failures/0/reason").asText()).contains("reset by peer");
        assertThat(json.at("/results/2/medianPerSecond").asInt()).isEqualTo(50_000);
    }

    @Test
    void shouldReportFailureWhenEveryRoundFailed() {
        results.add(Run.take(MANY, Setup.PLAIN, new Dying(), 1));

        assertThat(results.table("many")).containsPattern("dying .* failed\n");
        assertThat(results.ratios()).isEmpty();
    }

    private void add(Contestant contestant, int round, int perSecond) {
        results.add(new Run(MANY, SCALE, contestant, round, measured(perSecond), null));
    }

    private static Measured measured(int perSecond) {
        long nanos = TimeUnit.SECONDS.toNanos(1);
        return new Measured(perSecond, nanos, nanos, 0, new Cpu(0, 0, 0, 0), new Memory(0, 0));
    }

    private static final class Dying implements Contestant {
        @Override
        public String name() {
            return "dying";
        }

        @Override
        public String idea() {
            return "none";
        }

        @Override
        public Measured run(Workload workload, Setup setup) {
            throw new IllegalStateException("no connection", new IOException("reset by peer"));
        }
    }
}
