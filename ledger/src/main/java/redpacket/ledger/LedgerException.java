package redpacket.ledger;

/** Thrown when the ledger cannot continue: a promise was broken, or an operator must act. The message is for people. */
public final class LedgerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LedgerException(String sentence) {
        super(sentence);
    }

    LedgerException(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
