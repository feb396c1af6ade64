package redpacket.events;

import java.util.ArrayList;
import java.util.List;

/**
 * Event on {@code redpacket.stats}: the counters of one window and one scope so far. A record replaces all earlier
 * records with the same {@linkplain #key() key}.
 *
 * <p>A grab counts in the window in which the broker appended it. A packet counts as opened in the window in which the
 * broker appended its command, and as sold out or expired (with the refund) in the window of its {@code
 * closedAtMillis}.
 *
 * <p>Money of different currencies is never added up. A result or an event of a packet that names a currency counts
 * without its cents in the scopes without a currency, and with them in the same scopes with that currency.
 *
 * @param scope {@value #ALL} or {@code campaign/} and the campaign; then maybe {@code /} and a currency
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
        String counted = withoutCurrency(scope);
        if (counted.startsWith(CAMPAIGN)) {
            Ids.required("campaign", counted.substring(CAMPAIGN.length()));
        } else if (!counted.equals(ALL)) {
            throw new InvalidEventException(
                    "scope must be " + ALL + " or " + CAMPAIGN + "<name>, and may end with /<currency>");
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

    /** The scopes in which a result or an event of a packet counts, without and with its currency if it names one. */
    public static List<String> scopesOf(String campaignOrNull, String currencyOrNull) {
        List<String> scopes = new ArrayList<>();
        scopes.add(ALL);
        if (campaignOrNull != null) {
            scopes.add(scopeOfCampaign(campaignOrNull));
        }
        if (currencyOrNull != null) {
            List.copyOf(scopes).forEach(scope -> scopes.add(scope + "/" + currencyOrNull));
        }
        return scopes;
    }

    /** What counts in one of the scopes of a packet: without cents if only the packet names a currency. */
    public static Counters countedIn(String scope, String currencyOrNull, Counters counters) {
        return currencyOrNull == null || hasCurrency(scope) ? counters : counters.withoutMoney();
    }

    /** Whether a text may be a currency, as in the names of scopes. */
    public static boolean isCurrency(String text) {
        return Fields.isCurrency(text);
    }

    private static boolean hasCurrency(String scope) {
        return slashBeforeCurrency(scope) >= 0;
    }

    private static int slashBeforeCurrency(String scope) {
        return scope.indexOf('/', scope.startsWith(CAMPAIGN) ? CAMPAIGN.length() : 0);
    }

    private static String withoutCurrency(String scope) {
        int slash = slashBeforeCurrency(scope);
        if (slash < 0) {
            return scope;
        }
        Fields.optionalCurrency(scope.substring(slash + 1));
        return scope.substring(0, slash);
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
