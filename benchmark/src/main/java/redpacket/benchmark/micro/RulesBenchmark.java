package redpacket.benchmark.micro;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import redpacket.events.Share;
import redpacket.events.Split;
import redpacket.topology.packet.Cut;
import redpacket.topology.packet.Decision;
import redpacket.topology.packet.Packet;
import redpacket.topology.packet.SeedSecret;
import redpacket.topology.packet.Status;
import redpacket.topology.packet.Winner;

/** The cost of the rules: each decision of a grab, and each share of a cut. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class RulesBenchmark {
    private static final int SHARES = 10_000;

    // Not final, so that the compiler cannot treat it as a constant.
    private Packet packet = new Packet(
            "packet-1",
            "sender",
            50L * SHARES,
            SHARES,
            Split.RANDOM,
            null,
            0,
            1_000_000,
            SeedSecret.of("only for benchmarks, 32 characters").seedOf("packet-1"));
    private Winner winner = new Winner("user-1", "grab-7", new Share(7, 42));
    private String grabId = "grab-8";
    private int awardedShares = 5_000;

    /** A user who holds nothing wins the next share. */
    @Benchmark
    public Decision winning() {
        return Decision.on(packet, Status.OPEN, awardedShares, null, "user-1", grabId, 500_000);
    }

    /** A user who holds a share grabs again. */
    @Benchmark
    public Decision grabbingAgain() {
        return Decision.on(packet, Status.OPEN, awardedShares, winner, "user-1", grabId, 500_000);
    }

    /** Per share two draws of the counter stream: one for its size and one for its position. */
    @Benchmark
    @OperationsPerInvocation(SHARES)
    public long[] shareOfRandomCut() {
        return Cut.of(Split.RANDOM, packet.totalCents(), SHARES, packet.seed());
    }

    /** Per share one draw of the counter stream, for its position. */
    @Benchmark
    @OperationsPerInvocation(SHARES)
    public long[] shareOfEqualCut() {
        return Cut.of(Split.EQUAL, packet.totalCents(), SHARES, packet.seed());
    }
}
