package redpacket.events;

/**
 * Event on {@code redpacket.stats}: everything counted so far in one window of one scope. Each record replaces the earlier
 * ones with the same {@linkplain #key() key}.
 *
 * <p>A grab counts when the broker appended it, a packet as opened when the broker appended its command, and as sold out or
 * expired (with its refund) at its {@code closedAtMillis}.
 *
 * @param scope {@value #ALL} or {@code campaign/} and the campaign
 * @param windowStartMillis a multiple of {@code windowMillis}; the window begins here and ends before the next one's start
 * @param revision grows with every record of the same key: a lower one never replaces a higher one
 * @param closed true when the window is over and its counters are expected to stay as they are; should a late result still
 *     be counted, a record with a higher revision follows
 */
public record WindowStats(
        String scope, long windowStartMillis, long windowMillis, long revision, boolean closed, Counters counters) {

    /** The scope of everything. */
    public static final String ALL = "all";

    private static final String CAMPAIGN = "campaign/";

    public WindowStats {
        Fields.required("scope", scope);
        if (scope.startsWith(CAMPAIGN)) {
            Ids.required("campaign", scope.substring(CAMPAIGN.length()));
        } else if (!scope.equals(ALL)) {
            throw new InvalidEventException("scope is neither " + ALL + " nor " + CAMPAIGN + "<name>");
        }
        Fields.atLeast(0, "windowStartMillis", windowStartMillis);
        Fields.atLeast(1, "windowMillis", windowMillis);
        if (windowStartMillis % windowMillis != 0) {
            throw new InvalidEventException("windowStartMillis is no multiple of windowMillis");
        }
        Fields.atLeast(1, "revision", revision);
        Fields.required("counters", counters);
    }

    public static String scopeOfCampaign(String campaign) {
        return CAMPAIGN + Ids.required("campaign", campaign);
    }

    /** The start of the window that a time falls into. */
    public static long windowStartMillis(long timeMillis, long windowMillis) {
        return Math.floorDiv(timeMillis, windowMillis) * windowMillis;
    }

    /** The key of the record: {@code <scope>@<windowStartMillis>}. */
    public String key() {
        return scope + "@" + windowStartMillis;
    }
}
