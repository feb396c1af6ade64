package redpacket.events;

import java.util.Set;
import java.util.function.ToLongFunction;

/**
 * What happened in a window of time. Every counter is a sum, so the counters of the parts add up to those of the whole.
 * {@link Counter} lists the fields.
 *
 * <p>A sum of money beyond {@link Long#MAX_VALUE} stays at {@link Long#MAX_VALUE}: absurd amounts must not stop the
 * counting.
 *
 * @param grabs results on {@code redpacket.awards}: the sum of the counters by outcome and of the repeats
 * @param awarded shares handed out, without repeats
 * @param repeats results that announced a share again and moved no money
 * @param awardedCents sum of the shares handed out
 * @param packetsExpired packets that closed with shares left over
 * @param refundedCents what expired and cancelled packets returned to their senders
 * @param packetsCancelled packets that their senders cancelled
 */
public record Counters(
        long grabs,
        long awarded,
        long alreadyGrabbed,
        long soldOut,
        long expired,
        long unknownPacket,
        long repeats,
        long awardedCents,
        long packetsOpened,
        long packetsSoldOut,
        long packetsExpired,
        long refundedCents,
        long notStarted,
        long notEligible,
        long cancelled,
        long packetsCancelled) {

    public static final Counters NONE = of(counter -> 0);

    private static final Counters ALREADY_GRABBED = ones(Counter.GRABS, Counter.ALREADY_GRABBED);
    private static final Counters SOLD_OUT = ones(Counter.GRABS, Counter.SOLD_OUT);
    private static final Counters EXPIRED = ones(Counter.GRABS, Counter.EXPIRED);
    private static final Counters UNKNOWN_PACKET = ones(Counter.GRABS, Counter.UNKNOWN_PACKET);
    private static final Counters NOT_STARTED = ones(Counter.GRABS, Counter.NOT_STARTED);
    private static final Counters NOT_ELIGIBLE = ones(Counter.GRABS, Counter.NOT_ELIGIBLE);
    private static final Counters CANCELLED = ones(Counter.GRABS, Counter.CANCELLED);
    private static final Counters REPEAT = ones(Counter.GRABS, Counter.REPEATS);
    private static final Counters PACKET_OPENED = ones(Counter.PACKETS_OPENED);
    private static final Counters PACKET_SOLD_OUT = ones(Counter.PACKETS_SOLD_OUT);

    public Counters {
        Fields.atLeast(0, "awarded", awarded);
        Fields.atLeast(0, "alreadyGrabbed", alreadyGrabbed);
        Fields.atLeast(0, "soldOut", soldOut);
        Fields.atLeast(0, "expired", expired);
        Fields.atLeast(0, "unknownPacket", unknownPacket);
        Fields.atLeast(0, "repeats", repeats);
        Fields.atLeast(0, "awardedCents", awardedCents);
        Fields.atLeast(0, "packetsOpened", packetsOpened);
        Fields.atLeast(0, "packetsSoldOut", packetsSoldOut);
        Fields.atLeast(0, "packetsExpired", packetsExpired);
        Fields.atLeast(0, "refundedCents", refundedCents);
        Fields.atLeast(0, "notStarted", notStarted);
        Fields.atLeast(0, "notEligible", notEligible);
        Fields.atLeast(0, "cancelled", cancelled);
        Fields.atLeast(0, "packetsCancelled", packetsCancelled);
        long results = awarded
                + alreadyGrabbed
                + soldOut
                + expired
                + unknownPacket
                + repeats
                + notStarted
                + notEligible
                + cancelled;
        if (grabs != results) {
            throw new InvalidEventException("grabs is " + grabs + ", but the results by outcome add up to " + results);
        }
    }

    /**
     * Counters with the given values.
     *
     * @param value called once for each counter, in the order of {@link Counter}
     * @throws InvalidEventException if the values contradict each other
     */
    public static Counters of(ToLongFunction<Counter> value) {
        return new Counters(
                value.applyAsLong(Counter.GRABS),
                value.applyAsLong(Counter.AWARDED),
                value.applyAsLong(Counter.ALREADY_GRABBED),
                value.applyAsLong(Counter.SOLD_OUT),
                value.applyAsLong(Counter.EXPIRED),
                value.applyAsLong(Counter.UNKNOWN_PACKET),
                value.applyAsLong(Counter.REPEATS),
                value.applyAsLong(Counter.AWARDED_CENTS),
                value.applyAsLong(Counter.PACKETS_OPENED),
                value.applyAsLong(Counter.PACKETS_SOLD_OUT),
                value.applyAsLong(Counter.PACKETS_EXPIRED),
                value.applyAsLong(Counter.REFUNDED_CENTS),
                value.applyAsLong(Counter.NOT_STARTED),
                value.applyAsLong(Counter.NOT_ELIGIBLE),
                value.applyAsLong(Counter.CANCELLED),
                value.applyAsLong(Counter.PACKETS_CANCELLED));
    }

    /** What one result counts, in the window of {@link AwardResult#grabbedAtMillis()}. */
    public static Counters of(AwardResult result) {
        return switch (result.outcome()) {
            case AWARDED -> result.repeat() ? REPEAT : awarded(result.share().cents());
            case ALREADY_GRABBED -> ALREADY_GRABBED;
            case SOLD_OUT -> SOLD_OUT;
            case EXPIRED -> EXPIRED;
            case UNKNOWN_PACKET -> UNKNOWN_PACKET;
            case NOT_STARTED -> NOT_STARTED;
            case NOT_ELIGIBLE -> NOT_ELIGIBLE;
            case CANCELLED -> CANCELLED;
        };
    }

    /**
     * What one packet event counts, in the window of {@link PacketEvent.Opened#openedAtMillis()} or {@link
     * PacketEvent.Closed#closedAtMillis()}. A repeated open command is answered with another {@code opened} event: the
     * caller must count only the first one of a packet.
     */
    public static Counters of(PacketEvent event) {
        return event.match(
                opened -> PACKET_OPENED,
                closed -> closed.match(
                        soldOut -> PACKET_SOLD_OUT,
                        expired -> refunded(Counter.PACKETS_EXPIRED, expired.refundedCents()),
                        cancelled -> refunded(Counter.PACKETS_CANCELLED, cancelled.refundedCents())),
                rejected -> NONE,
                cancelAnswered -> NONE);
    }

    public Counters plus(Counters more) {
        return new Counters(
                grabs + more.grabs,
                awarded + more.awarded,
                alreadyGrabbed + more.alreadyGrabbed,
                soldOut + more.soldOut,
                expired + more.expired,
                unknownPacket + more.unknownPacket,
                repeats + more.repeats,
                sum(awardedCents, more.awardedCents),
                packetsOpened + more.packetsOpened,
                packetsSoldOut + more.packetsSoldOut,
                packetsExpired + more.packetsExpired,
                sum(refundedCents, more.refundedCents),
                notStarted + more.notStarted,
                notEligible + more.notEligible,
                cancelled + more.cancelled,
                packetsCancelled + more.packetsCancelled);
    }

    /** The same counters, but no cents. */
    public Counters withoutMoney() {
        return of(counter ->
                counter == Counter.AWARDED_CENTS || counter == Counter.REFUNDED_CENTS ? 0 : counter.in(this));
    }

    /** Without {@link #of(ToLongFunction)}, because this runs for every share that is won. */
    private static Counters awarded(long cents) {
        return new Counters(
                /* grabs= */ 1,
                /* awarded= */ 1,
                /* alreadyGrabbed= */ 0,
                /* soldOut= */ 0,
                /* expired= */ 0,
                /* unknownPacket= */ 0,
                /* repeats= */ 0,
                /* awardedCents= */ cents,
                /* packetsOpened= */ 0,
                /* packetsSoldOut= */ 0,
                /* packetsExpired= */ 0,
                /* refundedCents= */ 0,
                /* notStarted= */ 0,
                /* notEligible= */ 0,
                /* cancelled= */ 0,
                /* packetsCancelled= */ 0);
    }

    private static Counters refunded(Counter packets, long refundedCents) {
        return of(counter -> counter == packets ? 1 : counter == Counter.REFUNDED_CENTS ? refundedCents : 0);
    }

    private static Counters ones(Counter... counters) {
        Set<Counter> set = Set.of(counters);
        return of(counter -> set.contains(counter) ? 1 : 0);
    }

    private static long sum(long cents, long moreCents) {
        return cents > Long.MAX_VALUE - moreCents ? Long.MAX_VALUE : cents + moreCents;
    }
}
