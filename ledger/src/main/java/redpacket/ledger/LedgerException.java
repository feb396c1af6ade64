package redpacket.ledger;

/** Thrown when the ledger cannot go on, with a sentence for people: a promise was broken, or somebody must mend something. */
public final class LedgerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LedgerException(String sentence) {
        super(sentence);
    }

    LedgerException(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
