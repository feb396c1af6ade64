package redpacket.ledger;

/** Thrown when the ledger cannot continue: a promise was broken, or an operator must act. The message is for people. */
public final class LedgerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LedgerException(String sentence) {
        super(sentence);
    }

    static LedgerException otherTopic(String topic, String found, String ledgers) {
        return new LedgerException(("Topic %s is not the one that the ledger was made from: it was deleted and created"
                        + " again (its id is %s instead of %s). The ledger stops. Keep this database, and use another"
                        + " one for the new topics.")
                .formatted(topic, found, ledgers));
    }

    LedgerException(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
