package redpacket.events;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Event on {@code redpacket.packets}: something that happened to a packet. The JSON field {@code type} gives the kind.
 *
 * <p>Read an event with {@link #match} or {@link #handle}, not with {@code instanceof}. When a kind of event is added,
 * these methods take one more argument, so no reader compiles before it handles the new kind.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = PacketEvent.Opened.class, name = "opened"),
    @JsonSubTypes.Type(value = PacketEvent.SoldOut.class, name = "sold-out"),
    @JsonSubTypes.Type(value = PacketEvent.Expired.class, name = "expired"),
    @JsonSubTypes.Type(value = PacketEvent.Rejected.class, name = "rejected")
})
public sealed interface PacketEvent {

    String packetId();

    /** Returns the result of the function for this kind of event. */
    <R> R match(
            Function<? super Opened, ? extends R> opened,
            Function<? super Closed, ? extends R> closed,
            Function<? super Rejected, ? extends R> rejected);

    /** Calls the action for this kind of event. */
    default void handle(
            Consumer<? super Opened> opened, Consumer<? super Closed> closed, Consumer<? super Rejected> rejected) {
        this.<Runnable>match(
                        event -> () -> opened.accept(event),
                        event -> () -> closed.accept(event),
                        event -> () -> rejected.accept(event))
                .run();
    }

    /** The answer to one open command. */
    sealed interface Answer extends PacketEvent {
        /**
         * Offset of the answered command in {@code redpacket.opens}, in the partition with the same number as this
         * record's.
         */
        long openOffset();

        /** Returns the result of the function for this kind of answer. */
        <R> R match(Function<? super Opened, ? extends R> opened, Function<? super Rejected, ? extends R> rejected);

        @Override
        default <R> R match(
                Function<? super Opened, ? extends R> opened,
                Function<? super Closed, ? extends R> closed,
                Function<? super Rejected, ? extends R> rejected) {
            return match(opened, rejected);
        }
    }

    /**
     * The packet exists: a grab that is sent after reading this event finds the packet. The pipeline answers a repeated
     * command with the same event, except for {@code openOffset}.
     *
     * @param openedAtMillis when the broker appended the command
     * @param deadlineMillis a grab that the broker appends at or after this time is too late
     * @param commitment SHA-256 of the seed, in lower-case hex: commits the pipeline to a split before the first grab
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Opened(
            String packetId,
            String senderId,
            long totalCents,
            int shares,
            Split split,
            String campaign,
            long openedAtMillis,
            long deadlineMillis,
            String commitment,
            long openOffset)
            implements Answer {
        public Opened {
            Ids.required("packetId", packetId);
            Ids.foreign("senderId", senderId);
            Fields.atLeast(1, "shares", shares);
            Fields.atLeast(shares, "totalCents", totalCents);
            Fields.required("split", split);
            Ids.optional("campaign", campaign);
            Fields.atLeast(0, "openedAtMillis", openedAtMillis);
            Fields.atLeast(openedAtMillis + 1, "deadlineMillis", deadlineMillis);
            Fields.sha256("commitment", commitment);
            Fields.atLeast(0, "openOffset", openOffset);
        }

        @Override
        public <R> R match(
                Function<? super Opened, ? extends R> opened, Function<? super Rejected, ? extends R> rejected) {
            return opened.apply(this);
        }
    }

    /** The packet hands out no more shares. There is exactly one closing event for each opened packet. */
    sealed interface Closed extends PacketEvent {
        /** The packet's campaign; null if it has none. */
        String campaign();

        int awardedShares();

        long awardedCents();

        long closedAtMillis();

        /** The winner of the largest share, on a tie the first of them; null if no share was won. */
        Luckiest luckiest();

        /** The revealed seed in lower-case hex. The terms and the seed determine every share. */
        String seed();

        /** Returns the result of the function for this kind of closing event. */
        <R> R match(Function<? super SoldOut, ? extends R> soldOut, Function<? super Expired, ? extends R> expired);

        @Override
        default <R> R match(
                Function<? super Opened, ? extends R> opened,
                Function<? super Closed, ? extends R> closed,
                Function<? super Rejected, ? extends R> rejected) {
            return closed.apply(this);
        }
    }

    /**
     * Every share was won.
     *
     * @param closedAtMillis when the broker appended the grab that won the last share
     * @param elapsedMillis time from the opening to the closing; 0 if the clock of one broker is behind that of another
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record SoldOut(
            String packetId,
            String campaign,
            int awardedShares,
            long awardedCents,
            long closedAtMillis,
            long elapsedMillis,
            Luckiest luckiest,
            String seed)
            implements Closed {
        public SoldOut {
            Ids.required("packetId", packetId);
            Ids.optional("campaign", campaign);
            Fields.atLeast(1, "awardedShares", awardedShares);
            Fields.atLeast(awardedShares, "awardedCents", awardedCents);
            Fields.atLeast(0, "closedAtMillis", closedAtMillis);
            Fields.atLeast(0, "elapsedMillis", elapsedMillis);
            Fields.required("luckiest", luckiest);
            Fields.sha256("seed", seed);
        }

        @Override
        public <R> R match(
                Function<? super SoldOut, ? extends R> soldOut, Function<? super Expired, ? extends R> expired) {
            return soldOut.apply(this);
        }
    }

    /**
     * The deadline passed before every share was won. The sender gets the rest back.
     *
     * @param closedAtMillis the deadline
     * @param refundedCents the rest: {@code awardedCents + refundedCents} is the total of the packet
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Expired(
            String packetId,
            String campaign,
            int awardedShares,
            long awardedCents,
            long refundedCents,
            long closedAtMillis,
            Luckiest luckiest,
            String seed)
            implements Closed {
        public Expired {
            Ids.required("packetId", packetId);
            Ids.optional("campaign", campaign);
            Fields.atLeast(0, "awardedShares", awardedShares);
            Fields.atLeast(awardedShares, "awardedCents", awardedCents);
            Fields.atLeast(1, "refundedCents", refundedCents);
            Fields.atLeast(0, "closedAtMillis", closedAtMillis);
            if ((luckiest == null) != (awardedShares == 0)) {
                throw new InvalidEventException("luckiest is " + (luckiest == null ? "missing" : "present")
                        + ", but awardedShares is " + awardedShares);
            }
            Fields.sha256("seed", seed);
        }

        @Override
        public <R> R match(
                Function<? super SoldOut, ? extends R> soldOut, Function<? super Expired, ? extends R> expired) {
            return expired.apply(this);
        }
    }

    /**
     * The open command asked for a packet that is impossible. A packet that was opened earlier under the same id is not
     * affected.
     *
     * @param detail the reason as a sentence for people
     */
    record Rejected(String packetId, Reason reason, String detail, long openOffset) implements Answer {
        public Rejected {
            Ids.required("packetId", packetId);
            Fields.required("reason", reason);
            Fields.required("detail", detail);
            Fields.atLeast(0, "openOffset", openOffset);
        }

        @Override
        public <R> R match(
                Function<? super Opened, ? extends R> opened, Function<? super Rejected, ? extends R> rejected) {
            return rejected.apply(this);
        }
    }

    /** Why an open command was rejected. */
    enum Reason {
        NO_SHARES,
        TOO_MANY_SHARES,
        FEWER_CENTS_THAN_SHARES,
        TOO_MANY_CENTS,
        IMPOSSIBLE_DURATION,
        /** Another packet with other terms has this packet id. */
        OTHER_TERMS
    }

    /** The luckiest user of a packet (手气最佳). */
    record Luckiest(String userId, Share share) {
        public Luckiest {
            Ids.foreign("userId", userId);
            Fields.required("share", share);
        }
    }
}
