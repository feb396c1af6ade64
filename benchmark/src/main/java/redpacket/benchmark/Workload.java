package redpacket.benchmark;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import redpacket.events.Grab;
import redpacket.events.OpenPacket;
import redpacket.events.Split;

/**
 * Who grabs from which packets, the same at every call.
 *
 * @param sharesEach of every packet that is grabbed
 * @param reach which packets are grabbed at the same time
 * @param repeatsOfHundred so many of a hundred grabs come from a user who has grabbed the packet just before
 */
record Workload(
        String name,
        int packets,
        int sharesEach,
        int grabs,
        int partitions,
        Reach reach,
        int repeatsOfHundred,
        long openForMillis) {

    /** Cents in a packet for each of its shares. */
    private static final int CENTS_EACH = 50;

    private static final String GRAB = "grab-";

    private static final long OPEN_FOR_MILLIS = Duration.ofHours(6).toMillis();

    /** Packets being emptied at once when they go one after another. */
    private static final int WAVE = 1_000;

    /** Packets that are grabbed where others are only open. */
    private static final int FIRST = 1_000;

    /** Which packets are grabbed at the same time. */
    enum Reach {
        ALL,
        ONE_WAVE_AFTER_ANOTHER,
        /** The first packets; the others are open, and that is all. */
        THE_FIRST
    }

    static final List<String> NAMES = List.of("hot", "many", "burst", "double-click");

    /** Followed by a number of packets. */
    private static final String MANY_OF = "many-of-";

    /** All packets are grabbed all the time, and by nobody twice. */
    Workload(String name, int packets, int sharesEach, int grabs, int partitions) {
        this(name, packets, sharesEach, grabs, partitions, Reach.ALL, 0, OPEN_FOR_MILLIS);
    }

    Workload openFor(Duration shorter) {
        return new Workload(name, packets, sharesEach, grabs, partitions, reach, repeatsOfHundred, shorter.toMillis());
    }

    /** The named workload, shrunk or stretched to so many grabs. */
    static Workload of(String name, int grabs) {
        if (name.startsWith(MANY_OF)) {
            return manyOf(name, name.substring(MANY_OF.length()), grabs);
        }
        return switch (name) {
            // Everybody wants the same packet.
            case "hot" -> new Workload(name, 1, Math.max(1, Math.min(200_000, grabs / 5 * 2)), grabs, 1);
            // Each packet is grabbed all the time, by twice as many as it has shares for.
            case "many" -> new Workload(name, Math.max(1, grabs / 20), 10, grabs, 4);
            // Each packet is emptied within a moment.
            case "burst" ->
                new Workload(
                        name, Math.max(1, grabs / 20), 10, grabs, 4, Reach.ONE_WAVE_AFTER_ANOTHER, 0, OPEN_FOR_MILLIS);
            // Impatient users.
            case "double-click" ->
                new Workload(name, Math.max(1, grabs / 1000), 200, grabs, 4, Reach.ALL, 30, OPEN_FOR_MILLIS);
            default -> throw new IllegalArgumentException("no workload is called " + name);
        };
    }

    /** The same grabs however many are open: half as many shares as grabs, from the first thousand packets. */
    private static Workload manyOf(String name, String open, int grabs) {
        if (!open.matches("[1-9]\\d{3,6}")) {
            throw new IllegalArgumentException("in many-of-N, N is from " + FIRST + " to 9999999");
        }
        int sharesEach = Math.max(1, grabs / FIRST / 2);
        return new Workload(name, Integer.parseInt(open), sharesEach, grabs, 4, Reach.THE_FIRST, 0, OPEN_FOR_MILLIS);
    }

    Stream<OpenPacket> openStream() {
        return IntStream.range(0, packets)
                .mapToObj(i -> new OpenPacket(
                        packetId(i),
                        "sender",
                        (long) sharesOf(i) * CENTS_EACH,
                        sharesOf(i),
                        Split.RANDOM,
                        null,
                        openForMillis));
    }

    private int sharesOf(int packet) {
        return packet < atOnce() || reach != Reach.THE_FIRST ? sharesEach : Math.min(10, sharesEach);
    }

    Stream<Grab> grabStream() {
        return IntStream.range(0, grabs).mapToObj(this::grab);
    }

    /** Shares that find a winner: at most as many as a packet has, and as many as users who reach for it. */
    long expectedAwards() {
        int[] left = new int[packets];
        Arrays.fill(left, sharesEach);
        return IntStream.range(0, grabs)
                .filter(i -> !isRepeat(i) && left[packetOf(i)]-- > 0)
                .count();
    }

    /** Which of the grabs has this id, from 0; of several, the first. */
    static int numberOf(String grabId) {
        return Integer.parseInt(grabId.substring(GRAB.length()));
    }

    private Grab grab(int i) {
        if (!isRepeat(i)) {
            return new Grab(GRAB + i, packetId(packetOf(i)), "user-" + i);
        }
        // Of the users just before this stretch of repeats, half send their grab again, half click a second time.
        int original = Math.max(repeatsOfHundred, i - i % 100 - 1 - i % 100 / 2);
        String grabId = i % 2 == 0 ? GRAB + original : GRAB + i;
        return new Grab(grabId, packetId(packetOf(original)), "user-" + original);
    }

    /** The first of each hundred grabs. */
    private boolean isRepeat(int i) {
        return i % 100 < repeatsOfHundred;
    }

    private int packetOf(int i) {
        int choice = (int) Math.floorMod(mixed(i), (long) Math.min(packets, atOnce()));
        if (reach != Reach.ONE_WAVE_AFTER_ANOTHER) {
            return choice;
        }
        long grabsOfWave = (long) grabs * Math.min(WAVE, packets) / packets;
        return (int) ((i / grabsOfWave * WAVE + choice) % packets);
    }

    private int atOnce() {
        return switch (reach) {
            case ALL -> packets;
            case ONE_WAVE_AFTER_ANOTHER -> WAVE;
            case THE_FIRST -> FIRST;
        };
    }

    /** The finalizer of SplitMix64: as good as random, and the same at every call. */
    private static long mixed(long i) {
        long z = (i + 1) * 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }

    static String packetId(int number) {
        return "packet-" + number;
    }
}
