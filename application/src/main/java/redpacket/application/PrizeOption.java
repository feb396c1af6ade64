package redpacket.application;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;
import redpacket.events.InvalidEventException;
import redpacket.events.Prize;

/** Reads a prize as people write it: {@code 100x50} for 50 times 100 cents, {@code 100x50:Coupon} with a name. */
final class PrizeOption implements ITypeConverter<Prize> {
    private static final Pattern PRIZE = Pattern.compile("(\\d{1,16})x(\\d{1,9})(?::(.*))?", Pattern.DOTALL);

    @Override
    public Prize convert(String text) {
        Matcher parts = PRIZE.matcher(text);
        if (!parts.matches()) {
            throw new TypeConversionException(
                    "'" + text + "' is no prize; write for example 100x50 or 100x50:Coupon, for 50 times 100 cents");
        }
        try {
            return new Prize(Long.parseLong(parts.group(1)), Integer.parseInt(parts.group(2)), parts.group(3));
        } catch (InvalidEventException e) {
            throw new TypeConversionException("'" + text + "' is no prize: " + e.getMessage());
        }
    }
}
