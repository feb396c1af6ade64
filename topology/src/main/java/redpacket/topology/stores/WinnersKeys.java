package redpacket.topology.stores;

/**
 * The first byte of the keys in the store {@link StateStores#WINNERS} that do not begin with a packet id. No packet id
 * begins with one of these bytes, so these keys sort before all winners.
 */
public final class WinnersKeys {
    /** A page of the journal follows. */
    public static final byte JOURNAL_PAGE = 0;

    /** A window follows, whose counters were not sent yet. */
    public static final byte WINDOW_DELTA = 1;

    /** The whole key of the number of open packets. */
    public static final byte OPEN_PACKETS = 2;

    /** The name of an input topic follows, of which is told how far it is decided. */
    public static final byte DECIDED = 3;

    private WinnersKeys() {}
}
