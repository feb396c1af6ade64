package redpacket.benchmark.ground;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * The number of instances of a topology, and of stream threads in each.
 *
 * @param threads of each instance
 */
public record Scale(int instances, int threads) {
    /** One instance that can use the whole machine. */
    public static final Scale OF_THIS_MACHINE =
            new Scale(1, Runtime.getRuntime().availableProcessors());

    /** Limits the threads to the number of partitions. More threads would have no task. */
    public Scale within(int partitions) {
        int fewerInstances = Math.min(instances, partitions);
        return new Scale(fewerInstances, Math.min(threads, partitions / fewerInstances));
    }

    @Override
    public String toString() {
        return instances + "x" + threads;
    }

    /** Reads {@code INSTANCESxTHREADS}. */
    public static final class Text implements ITypeConverter<Scale> {
        private static final Pattern FORM = Pattern.compile("([1-9]\\d?)x([1-9]\\d?)");

        @Override
        public Scale convert(String value) {
            Matcher matcher = FORM.matcher(value);
            if (!matcher.matches()) {
                throw new TypeConversionException(
                        "'" + value + "' is not INSTANCESxTHREADS, such as 2x1 for two instances of one thread each");
            }
            return new Scale(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
        }
    }
}
