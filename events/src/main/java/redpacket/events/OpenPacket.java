package redpacket.events;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.math.BigInteger;
import java.util.List;
import java.util.function.Function;

/**
 * Command on {@code redpacket.opens}: put {@code totalCents} into a packet and cut them into {@code shares} shares.
 *
 * <p>Only the form of a command is checked here. A command with impossible terms (for example fewer cents than shares,
 * or more cents than a long can hold) is readable, and the pipeline answers it with {@link PacketEvent.Rejected}.
 *
 * @param totalCents follows from the prizes if there are any; given as well, both must agree
 * @param shares follows from the prizes if there are any; given as well, both must agree
 * @param split {@link Split#PRIZES} if there are prizes, otherwise {@link Split#RANDOM} if absent
 * @param campaign groups packets in the statistics; may be absent
 * @param openForMillis time from the start to the deadline; {@value Limits#DEFAULT_OPEN_FOR_MILLIS} (one day) if absent
 * @param startsAtMillis grabs that the broker appends before this time win nothing yet; if absent, or if it has passed
 *     when the broker appends this command, the packet starts when the broker appends this command
 * @param minCents of each share, for {@link Split#RANDOM} only; one cent if absent
 * @param maxCents of each share, for {@link Split#RANDOM} only; no bound if absent
 * @param prizes for {@link Split#PRIZES} only
 * @param onlyUsers the users who may win; everybody if absent. The events of the packet do not show them.
 * @param currency three capital letters as in ISO 4217, or a name of points; may be absent, and none is assumed
 * @param title a greeting for people: 1 to {@value Limits#MAX_TEXT_LENGTH} characters of any script; may be absent
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record OpenPacket(
        String packetId,
        String senderId,
        long totalCents,
        int shares,
        Split split,
        String campaign,
        long openForMillis,
        Long startsAtMillis,
        Long minCents,
        Long maxCents,
        List<Prize> prizes,
        List<String> onlyUsers,
        String currency,
        String title)
        implements PacketCommand {
    static final String TYPE = "open";

    public OpenPacket {
        Ids.required("packetId", packetId);
        Ids.foreign("senderId", senderId);
        Ids.optional("campaign", campaign);
        if (split == null) {
            split = prizes == null ? Split.RANDOM : Split.PRIZES;
        }
        if (prizes != null) {
            prizes.forEach(prize -> Fields.required("prizes", prize));
            prizes = List.copyOf(prizes);
        }
        if (onlyUsers != null) {
            onlyUsers.forEach(user -> Ids.foreign("onlyUsers", user));
            onlyUsers = List.copyOf(onlyUsers);
        }
        Fields.optionalCurrency(currency);
        Fields.optionalText("title", title, Limits.MAX_TEXT_LENGTH);
    }

    /** A command without the terms that few packets have. */
    public OpenPacket(
            String packetId,
            String senderId,
            long totalCents,
            int shares,
            Split split,
            String campaign,
            long openForMillis) {
        this(
                packetId,
                senderId,
                totalCents,
                shares,
                split,
                campaign,
                openForMillis,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    /**
     * Reads numbers of any size. A number that a long or an int cannot hold becomes the nearest number that it can
     * hold: both are beyond the limits.
     */
    @JsonCreator
    static OpenPacket read(
            @JsonProperty("packetId") String packetId,
            @JsonProperty("senderId") String senderId,
            @JsonProperty("totalCents") BigInteger totalCents,
            @JsonProperty("shares") BigInteger shares,
            @JsonProperty("split") Split split,
            @JsonProperty("campaign") String campaign,
            @JsonProperty("openForMillis") BigInteger openForMillis,
            @JsonProperty("startsAtMillis") BigInteger startsAtMillis,
            @JsonProperty("minCents") BigInteger minCents,
            @JsonProperty("maxCents") BigInteger maxCents,
            @JsonProperty("prizes") List<Prize> prizes,
            @JsonProperty("onlyUsers") List<String> onlyUsers,
            @JsonProperty("currency") String currency,
            @JsonProperty("title") String title) {
        if (prizes != null) {
            prizes.forEach(prize -> Fields.required("prizes", prize));
        }
        return new OpenPacket(
                packetId,
                senderId,
                totalCents == null && prizes != null
                        ? Fields.nearestLong(centsOf(prizes))
                        : Fields.nearestLong(Fields.required("totalCents", totalCents)),
                shares == null && prizes != null
                        ? Fields.nearestInt(sharesOf(prizes))
                        : Fields.nearestInt(Fields.required("shares", shares)),
                split,
                campaign,
                openForMillis == null ? Limits.DEFAULT_OPEN_FOR_MILLIS : Fields.nearestLong(openForMillis),
                orNull(startsAtMillis),
                orNull(minCents),
                orNull(maxCents),
                prizes,
                onlyUsers,
                currency,
                title);
    }

    /** A command for a packet of prizes: total and shares follow from them. */
    public static OpenPacket ofPrizes(
            String packetId, String senderId, List<Prize> prizes, String campaign, long openForMillis) {
        return new OpenPacket(
                        packetId,
                        senderId,
                        Fields.nearestLong(centsOf(prizes)),
                        Fields.nearestInt(sharesOf(prizes)),
                        Split.PRIZES,
                        campaign,
                        openForMillis)
                .with(null, null, null, prizes, null, null, null);
    }

    /** The same command for a packet that starts at a time; null for one that starts at once. */
    public OpenPacket withStart(Long atMillis) {
        return with(atMillis, minCents, maxCents, prizes, onlyUsers, currency, title);
    }

    /** The same command, but each share has at least and at most so many cents; null for no bound. */
    public OpenPacket withBounds(Long least, Long most) {
        return with(startsAtMillis, least, most, prizes, onlyUsers, currency, title);
    }

    /** The same command for a packet that only these users may grab; null for everybody. */
    public OpenPacket withOnlyUsers(List<String> users) {
        return with(startsAtMillis, minCents, maxCents, prizes, users, currency, title);
    }

    /** The same command, but its cents are those of a currency or of points; null for none. */
    public OpenPacket withCurrency(String code) {
        return with(startsAtMillis, minCents, maxCents, prizes, onlyUsers, code, title);
    }

    /** The same command with a greeting; null for none. */
    public OpenPacket withTitle(String greeting) {
        return with(startsAtMillis, minCents, maxCents, prizes, onlyUsers, currency, greeting);
    }

    private OpenPacket with(
            Long start, Long min, Long max, List<Prize> allPrizes, List<String> users, String code, String greeting) {
        return new OpenPacket(
                packetId,
                senderId,
                totalCents,
                shares,
                split,
                campaign,
                openForMillis,
                start,
                min,
                max,
                allPrizes,
                users,
                code,
                greeting);
    }

    /**
     * Requires that a packet can have these terms.
     *
     * @throws InvalidEventException if the pipeline would reject the command, whatever was opened before
     */
    public OpenPacket requirePossible() {
        ImpossibleTerms.of(this).ifPresent(impossible -> {
            throw new InvalidEventException(impossible.detail());
        });
        return this;
    }

    @Override
    public <R> R match(
            Function<? super OpenPacket, ? extends R> open, Function<? super CancelPacket, ? extends R> cancel) {
        return open.apply(this);
    }

    static BigInteger centsOf(List<Prize> prizes) {
        return prizes.stream()
                .map(prize -> BigInteger.valueOf(prize.cents()).multiply(BigInteger.valueOf(prize.count())))
                .reduce(BigInteger.ZERO, BigInteger::add);
    }

    static BigInteger sharesOf(List<Prize> prizes) {
        return BigInteger.valueOf(prizes.stream().mapToLong(Prize::count).sum());
    }

    private static Long orNull(BigInteger number) {
        return number == null ? null : (Long) Fields.nearestLong(number);
    }
}
