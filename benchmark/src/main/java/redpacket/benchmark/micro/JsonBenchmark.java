package redpacket.benchmark.micro;

import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import redpacket.events.AwardResult;
import redpacket.events.Grab;
import redpacket.events.Json;
import redpacket.events.Outcome;
import redpacket.events.Share;

/** The cost of reading a grab and writing its result, the two JSON operations per grab, beside plain Jackson. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class JsonBenchmark {
    private static final JsonMapper JACKSON = JsonMapper.builder().build();
    private static final ObjectReader GRABS = JACKSON.readerFor(Grab.class);
    private static final ObjectWriter RESULTS = JACKSON.writerFor(AwardResult.class);

    // Not final, so that the compiler cannot treat it as a constant.
    private byte[] grab = Json.write(new Grab("grab-1234567", "packet-12345", "user-1234567"));
    private AwardResult result = new AwardResult(
            "packet-12345",
            "grab-1234567",
            "user-1234567",
            null,
            Outcome.AWARDED,
            new Share(7, 1234),
            false,
            1_700_000_000_000L,
            1_234_567);

    @Benchmark
    public Grab readGrab() {
        return Json.readGrab(grab);
    }

    @Benchmark
    public Grab readGrabWithJackson() throws IOException {
        return GRABS.readValue(grab);
    }

    @Benchmark
    public byte[] writeResult() {
        return Json.write(result);
    }

    @Benchmark
    public byte[] writeResultWithJackson() throws IOException {
        return RESULTS.writeValueAsBytes(result);
    }
}
