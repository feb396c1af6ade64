package redpacket.simulation;

/** A promise that a history broke. */
final class Violation extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Rule rule;

    /** What is promised. */
    enum Rule {
        EVERY_RECORD_IS_DECIDED_ONCE,
        ANSWERS_ARE_THOSE_OF_THE_NAIVE_PIPELINE,
        EVENTS_ARE_THOSE_OF_THE_NAIVE_PIPELINE,
        BAD_RECORDS_BECOME_DEAD_LETTERS,
        MONEY_BALANCES,
        STATISTICS_ARE_EXACT,
        ALL_CAN_BE_READ,
        ONLY_OUTAGES_FAIL_THREADS,
        EVERYTHING_GOES_ON
    }

    Violation(Rule rule, String sentence) {
        super(sentence);
        this.rule = rule;
    }

    Violation(Rule rule, String sentence, Throwable cause) {
        super(sentence, cause);
        this.rule = rule;
    }

    Rule rule() {
        return rule;
    }
}
