package redpacket.clients;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/**
 * Where the ledger's PostgreSQL is.
 *
 * @param url {@code jdbc:postgresql://host:port/database}, with any of the driver's parameters
 * @param user null for the driver's choice
 * @param password null for none
 */
public record LedgerAddress(String url, String user, String password) {
    /** How the URL begins. */
    public static final String PREFIX = "jdbc:postgresql:";

    /** Seconds until a server that does not answer is given up, name lookup and sign-in included. */
    private static final int LOGIN_SECONDS = 15;

    /** Seconds of silence after which a connection counts as dead; longer than any statement takes. */
    private static final int SOCKET_SECONDS = 60;

    private static final String REFUSED = "28";

    public LedgerAddress {
        if (!url.startsWith(PREFIX)) {
            throw new IllegalArgumentException("the ledger's URL must begin with " + PREFIX);
        }
    }

    /**
     * Signs in, in at most 15 seconds.
     *
     * @throws SQLException with a sentence for people, and PostgreSQL's SQL state
     */
    public Connection connect() throws SQLException {
        Properties properties = new Properties();
        if (user != null) {
            properties.setProperty("user", user);
        }
        if (password != null) {
            properties.setProperty("password", password);
        }
        properties.setProperty("ApplicationName", "redpacket");
        properties.setProperty("loginTimeout", String.valueOf(LOGIN_SECONDS));
        properties.setProperty("socketTimeout", String.valueOf(SOCKET_SECONDS));
        try {
            return DriverManager.getConnection(url, properties);
        } catch (SQLException e) {
            String state = e.getSQLState();
            String sentence = state != null && state.startsWith(REFUSED)
                    ? "PostgreSQL at %s refuses user %s: wrong name or password".formatted(this, user)
                    : "PostgreSQL at %s cannot be used".formatted(this);
            throw new SQLException(sentence + " (" + e.getMessage() + ")", state, e);
        }
    }

    /** Without user, password and parameters. */
    @Override
    public String toString() {
        return url.substring(PREFIX.length()).replaceFirst("\\?.*", "").replaceFirst("//[^/]*@", "//");
    }
}
