package redpacket.benchmark.load;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import redpacket.events.Grab;
import redpacket.events.OpenPacket;
import redpacket.events.Split;

/**
 * The grabs of a run. Every call produces the same grabs.
 *
 * @param sharesEach of every packet that is grabbed
 * @param reach which packets are grabbed at the same time
 * @param repeatsOfHundred percentage of grabs from a user who grabbed the same packet shortly before
 */
public record Workload(
        String name,
        int packets,
        int sharesEach,
        int grabs,
        int partitions,
        Reach reach,
        int repeatsOfHundred,
        long openForMillis) {

    /** Cents per share. */
    private static final int CENTS_EACH = 50;

    private static final String GRAB = "grab-";

    private static final long OPEN_FOR_MILLIS = Duration.ofHours(6).toMillis();

    /** Number of packets that are emptied at the same time in a burst. */
    private static final int WAVE = 1_000;

    /** Number of packets that are grabbed in many-of-N. */
    private static final int FIRST = 1_000;

    /** Which packets are grabbed at the same time. */
    enum Reach {
        ALL,
        ONE_WAVE_AFTER_ANOTHER,
        /** The first packets. All others are open but not grabbed. */
        THE_FIRST
    }

    static final List<String> NAMES = List.of("hot", "many", "burst", "double-click");

    /** Prefix of a number of packets. */
    private static final String MANY_OF = "many-of-";

    /** All packets are grabbed during the whole run, and no user grabs twice. */
    public Workload(String name, int packets, int sharesEach, int grabs, int partitions) {
        this(name, packets, sharesEach, grabs, partitions, Reach.ALL, 0, OPEN_FOR_MILLIS);
    }

    public Workload openFor(Duration shorter) {
        return new Workload(name, packets, sharesEach, grabs, partitions, reach, repeatsOfHundred, shorter.toMillis());
    }

    /** The workload with this name and this number of grabs. */
    public static Workload of(String name, int grabs) {
        if (name.startsWith(MANY_OF)) {
            return manyOf(name, name.substring(MANY_OF.length()), grabs);
        }
        return switch (name) {
            // All users want the same packet.
            case "hot" -> new Workload(name, 1, Math.max(1, Math.min(200_000, grabs / 5 * 2)), grabs, 1);
            // Each packet is grabbed during the whole run, by twice as many users as it has shares.
            case "many" -> new Workload(name, Math.max(1, grabs / 20), 10, grabs, 4);
            // Each packet is emptied within a moment.
            case "burst" ->
                new Workload(
                        name, Math.max(1, grabs / 20), 10, grabs, 4, Reach.ONE_WAVE_AFTER_ANOTHER, 0, OPEN_FOR_MILLIS);
            // Users who click twice.
            case "double-click" ->
                new Workload(name, Math.max(1, grabs / 1000), 200, grabs, 4, Reach.ALL, 30, OPEN_FOR_MILLIS);
            default -> throw new IllegalArgumentException("no workload is called " + name);
        };
    }

    /**
     * The same grabs for every number of open packets: half as many shares as grabs, from the first thousand packets.
     */
    private static Workload manyOf(String name, String open, int grabs) {
        if (!open.matches("[1-9]\\d{3,6}")) {
            throw new IllegalArgumentException("in many-of-N, N must be from " + FIRST + " to 9999999");
        }
        int sharesEach = Math.max(1, grabs / FIRST / 2);
        return new Workload(name, Integer.parseInt(open), sharesEach, grabs, 4, Reach.THE_FIRST, 0, OPEN_FOR_MILLIS);
    }

    public Stream<OpenPacket> openStream() {
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

    public Stream<Grab> grabStream() {
        return IntStream.range(0, grabs).mapToObj(this::grab);
    }

    /** Number of shares that find a winner: limited by the shares of a packet and by the users who grab it. */
    public long expectedAwards() {
        int[] left = new int[packets];
        Arrays.fill(left, sharesEach);
        return IntStream.range(0, grabs)
                .filter(i -> !isRepeat(i) && left[packetOf(i)]-- > 0)
                .count();
    }

    /** The number of the grab with this id, from 0. If the grab was repeated, the number of the first. */
    public static int numberOf(String grabId) {
        return Integer.parseInt(grabId.substring(GRAB.length()));
    }

    private Grab grab(int i) {
        if (!isRepeat(i)) {
            return new Grab(GRAB + i, packetId(packetOf(i)), "user-" + i);
        }
        // Of the users just before this series of repeats, half repeat their grab and half send a second grab.
        int original = Math.max(repeatsOfHundred, i - i % 100 - 1 - i % 100 / 2);
        String grabId = i % 2 == 0 ? GRAB + original : GRAB + i;
        return new Grab(grabId, packetId(packetOf(original)), "user-" + original);
    }

    /** Repeats are the first of each hundred grabs. */
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

    /** The finalizer of SplitMix64: pseudorandom, and the same at every call. */
    private static long mixed(long i) {
        long z = (i + 1) * 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }

    public static String packetId(int number) {
        return "packet-" + number;
    }
}
