package redpacket.topology.state;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redpacket.events.Share;
import redpacket.events.Split;
import redpacket.topology.packet.Packet;
import redpacket.topology.packet.SeedSecret;
import redpacket.topology.packet.Winner;

class LiveMemoryTest {
    private static final SeedSecret SECRET = SeedSecret.of("0123456789abcdef");

    /** So that nothing of an earlier estimate is freed in a later one. */
    private static final List<LivePackets> KEPT = new ArrayList<>();

    @TempDir
    private Path folder;

    @Test
    void shouldEstimateWhatPacketsTake() throws IOException, InterruptedException {
        String output = run("-Xmx256m", "estimate");

        assertThat(output.lines()).hasSize(5).allSatisfy(line -> assertThat(
                        Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .as(output)
                .isBetween(0.95, 1.6));
    }

    /**
     * In a JVM with 40 MB: 100 packets of 12,000 winners, grabbed in turn, and 60,000 open packets with a winner each.
     * Each of both would need more memory.
     */
    @Test
    void shouldDecideWithASmallHeapWhenPacketsAreLargeAndMany() throws IOException, InterruptedException {
        assertThat(run("-Xmx40m", "decide")).endsWith("all winners were found\n");
    }

    /** Returns what a JVM of its own printed, which has nothing else in its heap. */
    private String run(String heap, String what) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        heap,
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LiveMemoryTest.class.getName(),
                        what,
                        folder.toString())
                .redirectError(Redirect.INHERIT)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    public static void main(String[] arguments) {
        Path folder = Path.of(arguments[1]);
        if (arguments[0].equals("estimate")) {
            estimate(folder, 100, 100); // Loads the classes.
            System.out.println(estimate(folder, 10_000, 0));
            System.out.println(estimate(folder, 10_000, 1));
            System.out.println(estimate(folder, 5_000, 20));
            System.out.println(estimate(folder, 100, 5_000));
            System.out.println(estimate(folder, 5, 200_000));
        } else {
            LiveMemory memory = LiveMemory.ofHeap(LiveMemory.DEFAULT_PERCENT);
            try (Stores large = Stores.open(folder, 0);
                    Stores many = Stores.open(folder, 1)) {
                growLargePackets(large, large.live(memory));
                openManyPackets(many, many.live(memory));
            }
            System.out.println("all winners were found");
        }
    }

    /** A line that ends with the estimate, divided by what was taken. */
    private static String estimate(Path folder, int packets, int winners) {
        try (Stores stores = Stores.open(folder.resolve(packets + "-" + winners), 0)) {
            LiveMemory memory = new LiveMemory(Long.MAX_VALUE);
            LivePackets live = stores.live(memory);
            long before = usedHeap();
            for (int i = 0; i < packets; i++) {
                live.open(packet("packet-" + i));
                win(live, "packet-" + i, winners);
            }
            stores.commit();
            KEPT.add(live);
            long taken = usedHeap() - before;
            requireEqual(packets, live.size());
            return String.format(
                    Locale.ROOT,
                    "%d packets with %d winners: %d bytes, estimated %d: %.2f",
                    packets,
                    winners,
                    taken,
                    memory.used(),
                    (double) memory.used() / taken);
        }
    }

    private static void growLargePackets(Stores stores, LivePackets live) {
        int packets = 100;
        int winnersOfEach = 12_000;
        int inARow = 200;
        for (int i = 0; i < packets; i++) {
            live.open(packet("large-" + i));
        }
        for (int winners = inARow; winners <= winnersOfEach; winners += inARow) {
            for (int i = 0; i < packets; i++) {
                win(live, "large-" + i, winners);
            }
            stores.commit();
        }
        for (int i = 0; i < packets; i++) {
            requireEqual(winnersOfEach, live.find("large-" + i).tally().awardedShares());
            requireEqual(77, live.find("large-" + i).find("user-77").share().index());
        }
    }

    private static void openManyPackets(Stores stores, LivePackets live) {
        int packets = 60_000;
        for (int i = 0; i < packets; i++) {
            live.open(packet("many-" + i));
            win(live, "many-" + i, 1);
            if (i % 500 == 0) {
                stores.commit();
            }
        }
        for (int i = 0; i < packets; i += 1_000) {
            requireEqual(0, live.find("many-" + i).find("user-0").share().index());
        }
    }

    /** Adds winners to a packet until it has so many. */
    private static void win(LivePackets live, String packetId, int winners) {
        LivePacket packet = live.find(packetId);
        while (packet.tally().awardedShares() < winners) {
            int index = packet.tally().awardedShares();
            packet.award(new Winner("user-" + index, "grab-" + index, new Share(index, 1)));
            packet = live.find(packetId);
        }
    }

    private static Packet packet(String packetId) {
        return new Packet(
                packetId, "sender", 1_000_000, 1_000_000, Split.RANDOM, null, 0, 1_000, SECRET.seedOf(packetId));
    }

    private static void requireEqual(int expected, int actual) {
        if (actual != expected) {
            throw new AssertionError(actual + " instead of " + expected);
        }
    }

    private static long usedHeap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
