package redpacket.events;

/**
 * What happened in a window of time; each count is also a sum, so counters of parts add up to those of the whole. A sum of
 * money beyond {@link Long#MAX_VALUE} stays there: absurd amounts must not stop the counting.
 *
 * @param grabs results on {@code redpacket.awards}: the sum of the six counts that follow
 * @param awarded shares handed out, without repeats
 * @param repeats results that announced a share again and moved no money
 * @param awardedCents sum of the shares handed out
 * @param packetsExpired packets that closed with shares left over
 * @param refundedCents what those packets gave back
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
        long refundedCents) {

    public static final Counters NONE = new Counters(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    public Counters {
        Fields.atLeast(0, "awarded", awarded);
        Fields.atLeast(0, "alreadyGrabbed", alreadyGrabbed);
        Fields.atLeast(0, "soldOut", soldOut);
        Fields.atLeast(0, "expired", expired);
        Fields.atLeast(0, "unknownPacket", unknownPacket);
        Fields.atLeast(0, "repeats", repeats);
        Fields.atLeast(awarded, "awardedCents", awardedCents);
        Fields.atLeast(0, "packetsOpened", packetsOpened);
        Fields.atLeast(0, "packetsSoldOut", packetsSoldOut);
        Fields.atLeast(0, "packetsExpired", packetsExpired);
        Fields.atLeast(packetsExpired, "refundedCents", refundedCents);
        long answered = awarded + alreadyGrabbed + soldOut + expired + unknownPacket + repeats;
        if (grabs != answered) {
            throw new InvalidEventException("grabs is " + grabs + ", but its parts add up to " + answered);
        }
    }

    /** What one result counts for; in the window of {@link AwardResult#grabbedAtMillis()}. */
    public static Counters of(AwardResult result) {
        boolean repeat = result.repeat();
        return switch (result.outcome()) {
            case AWARDED ->
                new Counters(
                        1,
                        repeat ? 0 : 1,
                        0,
                        0,
                        0,
                        0,
                        repeat ? 1 : 0,
                        repeat ? 0 : result.share().cents(),
                        0,
                        0,
                        0,
                        0);
            case ALREADY_GRABBED -> new Counters(1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0);
            case SOLD_OUT -> new Counters(1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0);
            case EXPIRED -> new Counters(1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0);
            case UNKNOWN_PACKET -> new Counters(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0);
        };
    }

    /**
     * What one packet event counts for; in the window of {@link PacketEvent.Opened#openedAtMillis()} or {@link
     * PacketEvent.Closed#closedAtMillis()}. The same command again is answered with an event that counts once more, so the
     * caller counts only the first {@code opened} of a packet.
     */
    public static Counters of(PacketEvent event) {
        if (event instanceof PacketEvent.Opened) {
            return new Counters(0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0);
        } else if (event instanceof PacketEvent.SoldOut) {
            return new Counters(0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0);
        } else if (event instanceof PacketEvent.Expired expired) {
            return new Counters(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, expired.refundedCents());
        }
        return NONE;
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
                sum(refundedCents, more.refundedCents));
    }

    private static long sum(long cents, long moreCents) {
        return cents > Long.MAX_VALUE - moreCents ? Long.MAX_VALUE : cents + moreCents;
    }
}
