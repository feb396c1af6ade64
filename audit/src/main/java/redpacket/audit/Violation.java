package redpacket.audit;

/**
 * One thing that the pipeline promised and did not keep.
 *
 * @param topic where it shows
 * @param partition where it shows
 * @param offset of the record that shows it, or that lacks its answer
 * @param packetId the packet concerned; null where there is none
 * @param sentence what is wrong, for people
 */
public record Violation(Kind kind, String topic, int partition, long offset, String packetId, String sentence) {

    /** What kind of promise was broken. */
    public enum Kind {
        /** A readable command or grab has no result. */
        UNANSWERED,
        /** A command or grab has more than one result. */
        ANSWERED_TWICE,
        /** A result points at no readable command or grab. */
        ANSWER_WITHOUT_INPUT,
        /** A result says something else about its command or grab than the record itself. */
        ANSWER_TO_ANOTHER,
        /** A result or event cannot be read, or stands under another packet's key. */
        UNREADABLE_ANSWER,

        /** An unreadable record has no dead letter. */
        MISSING_DEAD_LETTER,
        /** An unreadable record has more than one dead letter. */
        REPEATED_DEAD_LETTER,
        /** A dead letter for a record that is readable, or that never was. */
        FALSE_DEAD_LETTER,
        /** A dead letter without the key and value of the record that it stands for. */
        ALTERED_DEAD_LETTER,
        /** A dead letter whose headers do not say where it comes from. */
        LOST_DEAD_LETTER,

        /** The opened event is not what the command asked for. */
        WRONG_OPENING,
        /** A packet id has two opened events that differ; also when the first packet was forgotten in between. */
        OPENED_TWICE,
        /** A command was rejected that should have been accepted, or for a reason that it does not give. */
        WRONG_REJECTION,
        /** A command was accepted that should have been rejected. */
        WRONG_ACCEPTANCE,

        /** A share went out of a packet that was never opened. */
        AWARDED_UNOPENED,
        /** A user won a second share of the same packet. */
        SECOND_SHARE,
        /** A share was handed out twice. */
        SHARE_TWICE,
        /** Shares were not handed out one after another. */
        SHARE_OUT_OF_TURN,
        /** The same grab again got another answer than the first time. */
        DIFFERENT_REPEAT,
        /** A user was told of a share that is not the one that the user holds. */
        WRONG_SHARE_HELD,
        /** Awarded at or after the deadline. */
        AWARDED_TOO_LATE,
        /** Told that nothing is left while shares were. */
        SOLD_OUT_TOO_EARLY,
        /** Told that the deadline has passed while it had not. */
        EXPIRED_TOO_EARLY,
        /** Told that there is no such packet while there was. */
        UNKNOWN_THOUGH_OPENED,
        /** Some other outcome than the rules give. */
        WRONG_OUTCOME,

        /** The revealed seed is not the one that the packet was bound to. */
        WRONG_SEED,
        /** An award is not the share that the seed fixed. */
        WRONG_CENTS,
        /** More was awarded than funded. */
        OVERSPENT,
        /** Awarded and refunded do not add up to what was funded. */
        UNBALANCED,

        /** A packet that is sold out, or whose deadline is long over, has no closing event. */
        NOT_CLOSED,
        /** A packet has two closing events. */
        CLOSED_TWICE,
        /** A packet was closed too early, or in the wrong way, or was never opened. */
        WRONG_CLOSING,
        /** A closing event does not say what happened to the packet. */
        WRONG_TALLY,
        /** A closing event names the wrong luckiest user. */
        WRONG_LUCKIEST,

        /** The ledger lacks a row for a record that it has passed. */
        MISSING_IN_LEDGER,
        /** A row of the ledger does not say what its record says. */
        DIFFERENT_IN_LEDGER,
        /** The ledger has a row without a record, or a second row for one. */
        ONLY_IN_LEDGER,

        /** The read model lacks what a record says, though it has passed the record. */
        MISSING_IN_READ_MODEL,
        /** The read model says something else than the records. */
        DIFFERENT_IN_READ_MODEL,
        /** The read model has what no record says. */
        ONLY_IN_READ_MODEL,

        /** A window's last counters are not what a recount gives. */
        WRONG_COUNT,
        /** A window's revisions do not grow. */
        STALE_REVISION,
        /** A closed window was changed. */
        WINDOW_REOPENED
    }

    @Override
    public String toString() {
        return kind + " " + topic + "-" + partition + "@" + offset + ": " + sentence;
    }
}
