package redpacket.events;

/**
 * Event on {@code redpacket.stats}: the counters of one window and one scope so far. A record replaces all earlier
 * records with the same {@linkplain #key() key}.
 *
 * <p>A grab counts in the window in which the broker appended it. A packet counts as opened in the window in which the
 * broker appended its command, and as sold out or expired (with the refund) in the window of its {@code
 * closedAtMillis}.
 *
 * @param scope {@value #ALL} or {@code campaign/} and the campaign
 * @param windowStartMillis when the window begins, a multiple of {@code windowMillis}; it ends just before the next
 *     window
 * @param revision grows with every record of the same key; a lower revision never replaces a higher one
 * @param closed true if the window is over and its counters are expected to be final; if a late result is counted after
 *     all, a record with a higher revision follows
 */
public record WindowStats(
        String scope, long windowStartMillis, long windowMillis, long revision, boolean closed, Counters counters) {

    /** The scope of all packets. */
    public static final String ALL = "all";

    private static final String CAMPAIGN = "campaign/";

    public WindowStats {
        Fields.required("scope", scope);
        if (scope.startsWith(CAMPAIGN)) {
            Ids.required("campaign", scope.substring(CAMPAIGN.length()));
        } else if (!scope.equals(ALL)) {
            throw new InvalidEventException("scope must be " + ALL + " or " + CAMPAIGN + "<name>");
        }
        Fields.atLeast(0, "windowStartMillis", windowStartMillis);
        Fields.atLeast(1, "windowMillis", windowMillis);
        if (windowStartMillis % windowMillis != 0) {
            throw new InvalidEventException("windowStartMillis is " + windowStartMillis
                    + ", which is not a multiple of windowMillis, " + windowMillis);
        }
        Fields.atLeast(1, "revision", revision);
        Fields.required("counters", counters);
    }

    public static String scopeOfCampaign(String campaign) {
        return CAMPAIGN + Ids.required("campaign", campaign);
    }

    /** The start of the window that contains the time. */
    public static long windowStartMillis(long timeMillis, long windowMillis) {
        return Math.floorDiv(timeMillis, windowMillis) * windowMillis;
    }

    /** The key of the record: {@code <scope>@<windowStartMillis>}. */
    public String key() {
        return scope + "@" + windowStartMillis;
    }
}
