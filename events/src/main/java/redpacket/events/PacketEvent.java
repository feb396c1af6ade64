package redpacket.events;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
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
    @JsonSubTypes.Type(value = PacketEvent.Cancelled.class, name = "cancelled"),
    @JsonSubTypes.Type(value = PacketEvent.Rejected.class, name = "rejected"),
    @JsonSubTypes.Type(value = PacketEvent.CancelAnswered.class, name = "cancel-answered")
})
public sealed interface PacketEvent {

    String packetId();

    /** Returns the result of the function for this kind of event. */
    <R> R match(
            Function<? super Opened, ? extends R> opened,
            Function<? super Closed, ? extends R> closed,
            Function<? super Rejected, ? extends R> rejected,
            Function<? super CancelAnswered, ? extends R> cancelAnswered);

    /** Calls the action for this kind of event. */
    default void handle(
            Consumer<? super Opened> opened,
            Consumer<? super Closed> closed,
            Consumer<? super Rejected> rejected,
            Consumer<? super CancelAnswered> cancelAnswered) {
        this.<Runnable>match(
                        event -> () -> opened.accept(event),
                        event -> () -> closed.accept(event),
                        event -> () -> rejected.accept(event),
                        event -> () -> cancelAnswered.accept(event))
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
                Function<? super Rejected, ? extends R> rejected,
                Function<? super CancelAnswered, ? extends R> cancelAnswered) {
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
     * @param startsAtMillis grabs that the broker appends before this time win nothing yet; null if the command names
     *     no start. If the time is not after {@code openedAtMillis}, the packet starts at {@code openedAtMillis}.
     * @param minCents of each share; null if the command names no such bound
     * @param maxCents of each share; null if the command names no such bound
     * @param prizes of the split {@link Split#PRIZES}; null for other splits
     * @param onlyUsers for whom the packet is; null if it is for everybody
     * @param currency null if the command names none
     * @param title null if the command names none
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
            long openOffset,
            Long startsAtMillis,
            Long minCents,
            Long maxCents,
            List<Prize> prizes,
            OnlyUsers onlyUsers,
            String currency,
            String title)
            implements Answer {
        public Opened {
            Ids.required("packetId", packetId);
            Ids.foreign("senderId", senderId);
            Fields.atLeast(1, "shares", shares);
            Fields.required("split", split);
            if ((prizes != null) != (split == Split.PRIZES)) {
                throw new InvalidEventException(
                        "prizes are " + (prizes == null ? "missing" : "present") + ", but the split is " + split);
            }
            Fields.atLeast(prizes == null ? shares : 1, "totalCents", totalCents);
            Ids.optional("campaign", campaign);
            Fields.atLeast(0, "openedAtMillis", openedAtMillis);
            Fields.atLeast(0, "startsAtMillis", startsAtMillis == null ? 0 : startsAtMillis);
            Fields.atLeast(startMillis(openedAtMillis, startsAtMillis) + 1, "deadlineMillis", deadlineMillis);
            Fields.sha256("commitment", commitment);
            Fields.atLeast(0, "openOffset", openOffset);
            Fields.atLeast(1, "minCents", minCents == null ? 1 : minCents);
            Fields.atLeast(minCents == null ? 1 : minCents, "maxCents", maxCents == null ? Long.MAX_VALUE : maxCents);
            if (prizes != null) {
                prizes.forEach(prize -> Fields.required("prizes", prize));
                prizes.forEach(prize -> Fields.atLeast(0, "prizes.cents", prize.cents()));
                prizes.forEach(prize -> Fields.atLeast(1, "prizes.count", prize.count()));
                prizes = List.copyOf(prizes);
            }
            Fields.optionalCurrency(currency);
            Fields.optionalText("title", title, Limits.MAX_TEXT_LENGTH);
        }

        /** The event of a packet without the terms that few packets have. */
        public Opened(
                String packetId,
                String senderId,
                long totalCents,
                int shares,
                Split split,
                String campaign,
                long openedAtMillis,
                long deadlineMillis,
                String commitment,
                long openOffset) {
            this(
                    packetId,
                    senderId,
                    totalCents,
                    shares,
                    split,
                    campaign,
                    openedAtMillis,
                    deadlineMillis,
                    commitment,
                    openOffset,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null);
        }

        /** When the packet starts: grabs that the broker appends before this time win nothing yet. */
        public long startMillis() {
            return startMillis(openedAtMillis, startsAtMillis);
        }

        private static long startMillis(long openedAtMillis, Long startsAtMillis) {
            return startsAtMillis == null ? openedAtMillis : Math.max(openedAtMillis, startsAtMillis);
        }

        @Override
        public <R> R match(
                Function<? super Opened, ? extends R> opened, Function<? super Rejected, ? extends R> rejected) {
            return opened.apply(this);
        }
    }

    /**
     * For whom a packet is. The events do not show the ids of the users.
     *
     * @param count how many users
     * @param hash HMAC-SHA256, in lower-case hex, of the ids in the order of their characters, joined by line feeds.
     *     The key is the seed, so nobody can test guesses before the packet has closed.
     */
    record OnlyUsers(int count, String hash) {
        public OnlyUsers {
            Fields.atLeast(1, "onlyUsers.count", count);
            Fields.sha256("onlyUsers.hash", hash);
        }
    }

    /** The packet hands out no more shares. There is exactly one closing event for each opened packet. */
    sealed interface Closed extends PacketEvent {
        /** The packet's campaign; null if it has none. */
        String campaign();

        /** The packet's currency; null if it names none. */
        String currency();

        int awardedShares();

        long awardedCents();

        long closedAtMillis();

        /** The winner of the largest share, on a tie the first of them; null if no share was won. */
        Luckiest luckiest();

        /** The revealed seed in lower-case hex. The terms and the seed determine every share. */
        String seed();

        /** Returns the result of the function for this kind of closing event. */
        <R> R match(
                Function<? super SoldOut, ? extends R> soldOut,
                Function<? super Expired, ? extends R> expired,
                Function<? super Cancelled, ? extends R> cancelled);

        @Override
        default <R> R match(
                Function<? super Opened, ? extends R> opened,
                Function<? super Closed, ? extends R> closed,
                Function<? super Rejected, ? extends R> rejected,
                Function<? super CancelAnswered, ? extends R> cancelAnswered) {
            return closed.apply(this);
        }
    }

    /**
     * Every share was won.
     *
     * @param closedAtMillis when the broker appended the grab that won the last share
     * @param elapsedMillis time from the start to the closing; 0 if the clock of one broker is behind that of another
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record SoldOut(
            String packetId,
            String campaign,
            String currency,
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
            Fields.optionalCurrency(currency);
            Fields.atLeast(1, "awardedShares", awardedShares);
            Fields.atLeast(1, "awardedCents", awardedCents);
            Fields.atLeast(0, "closedAtMillis", closedAtMillis);
            Fields.atLeast(0, "elapsedMillis", elapsedMillis);
            Fields.required("luckiest", luckiest);
            Fields.sha256("seed", seed);
        }

        /** The event of a packet without a currency. */
        public SoldOut(
                String packetId,
                String campaign,
                int awardedShares,
                long awardedCents,
                long closedAtMillis,
                long elapsedMillis,
                Luckiest luckiest,
                String seed) {
            this(packetId, campaign, null, awardedShares, awardedCents, closedAtMillis, elapsedMillis, luckiest, seed);
        }

        @Override
        public <R> R match(
                Function<? super SoldOut, ? extends R> soldOut,
                Function<? super Expired, ? extends R> expired,
                Function<? super Cancelled, ? extends R> cancelled) {
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
            String currency,
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
            Fields.optionalCurrency(currency);
            Fields.atLeast(0, "awardedShares", awardedShares);
            Fields.atLeast(0, "awardedCents", awardedCents);
            Fields.atLeast(0, "refundedCents", refundedCents);
            Fields.atLeast(0, "closedAtMillis", closedAtMillis);
            Luckiest.requireFitting(luckiest, awardedShares);
            Fields.sha256("seed", seed);
        }

        /** The event of a packet without a currency. */
        public Expired(
                String packetId,
                String campaign,
                int awardedShares,
                long awardedCents,
                long refundedCents,
                long closedAtMillis,
                Luckiest luckiest,
                String seed) {
            this(packetId, campaign, null, awardedShares, awardedCents, refundedCents, closedAtMillis, luckiest, seed);
        }

        @Override
        public <R> R match(
                Function<? super SoldOut, ? extends R> soldOut,
                Function<? super Expired, ? extends R> expired,
                Function<? super Cancelled, ? extends R> cancelled) {
            return expired.apply(this);
        }
    }

    /**
     * The sender cancelled the packet before every share was won, and gets the rest back.
     *
     * @param refundedCents the rest: {@code awardedCents + refundedCents} is the total of the packet
     * @param closedAtMillis when the broker appended the command
     * @param fromGrabOffset the first offset in {@code redpacket.grabs}, in the partition with the same number as this
     *     record's, whose grab the packet no longer takes. The order of commands and grabs is decided by the pipeline,
     *     not by their times.
     * @param reason of the command
     * @param openOffset offset of the command in {@code redpacket.opens}
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Cancelled(
            String packetId,
            String campaign,
            String currency,
            int awardedShares,
            long awardedCents,
            long refundedCents,
            long closedAtMillis,
            long fromGrabOffset,
            String reason,
            long openOffset,
            Luckiest luckiest,
            String seed)
            implements Closed {
        public Cancelled {
            Ids.required("packetId", packetId);
            Ids.optional("campaign", campaign);
            Fields.optionalCurrency(currency);
            Fields.atLeast(0, "awardedShares", awardedShares);
            Fields.atLeast(0, "awardedCents", awardedCents);
            Fields.atLeast(0, "refundedCents", refundedCents);
            Fields.atLeast(0, "closedAtMillis", closedAtMillis);
            Fields.atLeast(0, "fromGrabOffset", fromGrabOffset);
            Fields.text("reason", reason, Limits.MAX_TEXT_LENGTH);
            Fields.atLeast(0, "openOffset", openOffset);
            Luckiest.requireFitting(luckiest, awardedShares);
            Fields.sha256("seed", seed);
        }

        @Override
        public <R> R match(
                Function<? super SoldOut, ? extends R> soldOut,
                Function<? super Expired, ? extends R> expired,
                Function<? super Cancelled, ? extends R> cancelled) {
            return cancelled.apply(this);
        }
    }

    /**
     * The answer to one command to cancel. It moves no money: the refund is in {@link Cancelled}, which comes once.
     *
     * @param sums how the packet closed; null if the outcome {@linkplain CancelOutcome#isClosed() does not tell}
     * @param openOffset offset of the answered command in {@code redpacket.opens}, in the partition with the same
     *     number as this record's
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record CancelAnswered(String packetId, CancelOutcome outcome, Sums sums, long openOffset) implements PacketEvent {
        public CancelAnswered {
            Ids.required("packetId", packetId);
            Fields.required("outcome", outcome);
            if (outcome.isClosed() != (sums != null)) {
                throw new InvalidEventException(
                        "sums are " + (sums == null ? "missing" : "present") + ", but the outcome is " + outcome);
            }
            Fields.atLeast(0, "openOffset", openOffset);
        }

        @Override
        public <R> R match(
                Function<? super Opened, ? extends R> opened,
                Function<? super Closed, ? extends R> closed,
                Function<? super Rejected, ? extends R> rejected,
                Function<? super CancelAnswered, ? extends R> cancelAnswered) {
            return cancelAnswered.apply(this);
        }
    }

    /** What became of a command to cancel. */
    enum CancelOutcome {
        /** The packet is cancelled, by this command or by an earlier one. */
        CANCELLED,
        /** Every share was won before. */
        SOLD_OUT,
        /** The deadline passed before. */
        EXPIRED,
        /** Only the sender of a packet may cancel it. */
        OTHER_SENDER,
        /** The packet was never opened, or was closed so long ago that the pipeline has forgotten it. */
        UNKNOWN_PACKET;

        /** Whether the packet is closed, so that the answer carries sums. */
        public boolean isClosed() {
            return this == CANCELLED || this == SOLD_OUT || this == EXPIRED;
        }
    }

    /** The sums of a closed packet. */
    record Sums(int awardedShares, long awardedCents, long refundedCents) {
        public Sums {
            Fields.atLeast(0, "sums.awardedShares", awardedShares);
            Fields.atLeast(0, "sums.awardedCents", awardedCents);
            Fields.atLeast(0, "sums.refundedCents", refundedCents);
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
        IMPOSSIBLE_START,
        IMPOSSIBLE_BOUNDS,
        IMPOSSIBLE_PRIZES,
        IMPOSSIBLE_USERS,
        /** Another packet with other terms has this packet id. */
        OTHER_TERMS
    }

    /** The luckiest user of a packet (手气最佳). */
    record Luckiest(String userId, Share share) {
        public Luckiest {
            Ids.foreign("userId", userId);
            Fields.required("share", share);
        }

        private static void requireFitting(Luckiest luckiest, int awardedShares) {
            if ((luckiest == null) != (awardedShares == 0)) {
                throw new InvalidEventException("luckiest is " + (luckiest == null ? "missing" : "present")
                        + ", but awardedShares is " + awardedShares);
            }
        }
    }
}
