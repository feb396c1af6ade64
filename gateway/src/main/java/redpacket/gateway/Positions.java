package redpacket.gateway;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** The next offset to be read in each partition. As text it is the id of an event, from which a client resumes. */
final class Positions {
    private static final int RADIX = 36;
    private static final String SEPARATOR = ".";

    private final long[] next;

    private Positions(long[] next) {
        this.next = next;
    }

    static Positions of(long... next) {
        return new Positions(next.clone());
    }

    /** Empty if the text is not the positions of this many partitions. */
    static Optional<Positions> parse(String text, int partitions) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != partitions) {
            return Optional.empty();
        }
        long[] next = new long[partitions];
        for (int i = 0; i < partitions; i++) {
            try {
                next[i] = Long.parseLong(parts[i], RADIX);
            } catch (NumberFormatException e) {
                return Optional.empty();
            }
        }
        return Arrays.stream(next).allMatch(each -> each >= 0) ? Optional.of(new Positions(next)) : Optional.empty();
    }

    int partitions() {
        return next.length;
    }

    long next(int partition) {
        return next[partition];
    }

    /** Moves behind a record that was read. */
    void read(int partition, long offset) {
        next[partition] = offset + 1;
    }

    /** How many offsets lie between these positions and later ones; empty if the others are not later. */
    Optional<Long> distanceTo(Positions later) {
        long distance = 0;
        for (int i = 0; i < next.length; i++) {
            if (later.next[i] < next[i]) {
                return Optional.empty();
            }
            distance += later.next[i] - next[i];
        }
        return Optional.of(distance);
    }

    Positions copy() {
        return of(next);
    }

    @Override
    public String toString() {
        return Arrays.stream(next).mapToObj(each -> Long.toString(each, RADIX)).collect(Collectors.joining(SEPARATOR));
    }
}
