package redpacket.audit;

/**
 * One broken promise of the pipeline.
 *
 * @param topic of the record that shows it
 * @param partition of the record that shows it
 * @param offset of the record that shows it, or that lacks its answer
 * @param packetId the packet concerned; null if there is none
 * @param sentence what is wrong, for people
 */
public record Violation(Kind kind, String topic, int partition, long offset, String packetId, String sentence) {

    /** The kind of promise that was broken. */
    public enum Kind {
        /** A readable command or grab has no result. */
        UNANSWERED,
        /** A command or grab has a second result that differs from the first one, or moves money again. */
        ANSWERED_TWICE,
        /** A result names no readable command or grab. */
        ANSWER_WITHOUT_INPUT,
        /** A result contradicts its command or grab. */
        ANSWER_TO_ANOTHER,
        /** A result or event cannot be read, or has another packet's key. */
        UNREADABLE_ANSWER,

        /** An unreadable record has no dead letter. */
        MISSING_DEAD_LETTER,
        /** An unreadable record has more than one dead letter. */
        REPEATED_DEAD_LETTER,
        /** A dead letter for a record that is readable or does not exist. */
        FALSE_DEAD_LETTER,
        /** A dead letter with another key or value than its record. */
        ALTERED_DEAD_LETTER,
        /** A dead letter whose headers do not name its record. */
        LOST_DEAD_LETTER,

        /** The opened event differs from its command. */
        WRONG_OPENING,
        /** A packet id has two different opened events, also when the first packet was forgotten in between. */
        OPENED_TWICE,
        /** A command was rejected wrongly, or for the wrong reason. */
        WRONG_REJECTION,
        /** A command was accepted that should have been rejected. */
        WRONG_ACCEPTANCE,

        /** A share of a packet that was never opened was awarded. */
        AWARDED_UNOPENED,
        /** A user won a second share of the same packet. */
        SECOND_SHARE,
        /** A share was awarded twice. */
        SHARE_TWICE,
        /** Shares were not awarded one after another. */
        SHARE_OUT_OF_TURN,
        /** A repeated grab got another answer than the first time. */
        DIFFERENT_REPEAT,
        /** A result names another share than the one that the user holds. */
        WRONG_SHARE_HELD,
        /** A share was awarded before the start. */
        AWARDED_TOO_EARLY,
        /** A share was awarded to a user for whom the packet is not. */
        AWARDED_TO_OTHERS,
        /** A share was awarded at or after the deadline. */
        AWARDED_TOO_LATE,
        /** A result says that the packet is sold out while shares were left. */
        SOLD_OUT_TOO_EARLY,
        /** A result says that the packet has expired before the deadline. */
        EXPIRED_TOO_EARLY,
        /** A result says that there is no such packet although it was open. */
        UNKNOWN_THOUGH_OPENED,
        /** Another outcome than the rules give. */
        WRONG_OUTCOME,

        /** The revealed seed does not match the commitment. */
        WRONG_SEED,
        /** An award differs from the share that the seed fixed. */
        WRONG_CENTS,
        /** More was awarded than funded. */
        OVERSPENT,
        /** Awarded and refunded cents do not add up to the funded cents. */
        UNBALANCED,

        /** A packet that is sold out, or long past its deadline, has no closing event. */
        NOT_CLOSED,
        /** A packet has two closing events. */
        CLOSED_TWICE,
        /** A packet was closed too early or with the wrong status, or was never opened. */
        WRONG_CLOSING,
        /** A command to cancel got a wrong answer. */
        WRONG_CANCELLING,
        /** A closing event has wrong totals. */
        WRONG_TALLY,
        /** A closing event names the wrong luckiest user. */
        WRONG_LUCKIEST,

        /** The ledger lacks a row for a record before its position. */
        MISSING_IN_LEDGER,
        /** A row of the ledger differs from its record. */
        DIFFERENT_IN_LEDGER,
        /** The ledger has a row without a record, or a second row for a record. */
        ONLY_IN_LEDGER,

        /** The read model lacks a record before its position. */
        MISSING_IN_READ_MODEL,
        /** The read model differs from the records. */
        DIFFERENT_IN_READ_MODEL,
        /** The read model has an entry without a record. */
        ONLY_IN_READ_MODEL,

        /** A window's last counters differ from the recount. */
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
