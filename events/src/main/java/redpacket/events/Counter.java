package redpacket.events;

import java.util.function.ToLongFunction;

/**
 * One field of {@link Counters}, for readers that treat all counters alike. The order is that of the JSON fields and of
 * the stores: a new counter goes to the end.
 */
public enum Counter {
    GRABS("grabs", Counters::grabs),
    AWARDED("awarded", Counters::awarded),
    ALREADY_GRABBED("alreadyGrabbed", Counters::alreadyGrabbed),
    SOLD_OUT("soldOut", Counters::soldOut),
    EXPIRED("expired", Counters::expired),
    UNKNOWN_PACKET("unknownPacket", Counters::unknownPacket),
    REPEATS("repeats", Counters::repeats),
    AWARDED_CENTS("awardedCents", Counters::awardedCents),
    PACKETS_OPENED("packetsOpened", Counters::packetsOpened),
    PACKETS_SOLD_OUT("packetsSoldOut", Counters::packetsSoldOut),
    PACKETS_EXPIRED("packetsExpired", Counters::packetsExpired),
    REFUNDED_CENTS("refundedCents", Counters::refundedCents),
    NOT_STARTED("notStarted", Counters::notStarted),
    NOT_ELIGIBLE("notEligible", Counters::notEligible),
    CANCELLED("cancelled", Counters::cancelled),
    PACKETS_CANCELLED("packetsCancelled", Counters::packetsCancelled);

    private final String fieldName;

    @SuppressWarnings("ImmutableEnumChecker") // a method reference, which has no state
    private final ToLongFunction<Counters> value;

    Counter(String fieldName, ToLongFunction<Counters> value) {
        this.fieldName = fieldName;
        this.value = value;
    }

    /** The name of the field in JSON and in the read model. */
    public String fieldName() {
        return fieldName;
    }

    public long in(Counters counters) {
        return value.applyAsLong(counters);
    }
}
