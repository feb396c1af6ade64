package redpacket.options;

import java.lang.reflect.AnnotatedElement;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Checks that options are in their {@link Range}. */
public final class Ranges {
    private Ranges() {}

    /**
     * Checks all options of a command line, whatever their source.
     *
     * @throws ParameterException for the first one that is out of its range
     */
    public static void check(ParseResult parsed) {
        for (CommandLine command : parsed.asCommandLineList()) {
            command.getCommandSpec().options().forEach(option -> check(command, option));
        }
    }

    private static void check(CommandLine command, OptionSpec option) {
        if (!(option.userObject() instanceof AnnotatedElement field) || !field.isAnnotationPresent(Range.class)) {
            return;
        }
        Range range = field.getAnnotation(Range.class);
        Object value = option.getValue();
        List<?> values = value instanceof List<?> several ? several : value == null ? List.of() : List.of(value);
        for (Object each : values) {
            if (!isIn(range, each)) {
                String name = option.longestName();
                throw new ParameterException(
                        command,
                        "Invalid value for option '%s': %s is not from %s to %s"
                                .formatted(name, text(each), range.least(), range.most()),
                        option,
                        text(each));
            }
        }
    }

    private static boolean isIn(Range range, Object value) {
        long number = number(value);
        boolean isBetween = number(range.least(), value) <= number && number <= number(range.most(), value);
        return isBetween || (!range.or().isEmpty() && number == number(range.or(), value));
    }

    private static long number(String limit, Object like) {
        return like instanceof Duration ? number(new ShortDuration().convert(limit)) : Long.parseLong(limit);
    }

    private static long number(Object value) {
        return value instanceof Duration duration ? duration.toMillis() : ((Number) value).longValue();
    }

    private static String text(Object value) {
        return value instanceof Duration duration ? ShortDuration.text(duration) : value.toString();
    }
}
