package redpacket.clients;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.Properties;

/**
 * The address of the ledger's PostgreSQL.
 *
 * @param url {@code jdbc:postgresql://host:port/database}, with any parameters of the JDBC driver
 * @param user null for the default of the driver
 * @param password null for none
 */
public record LedgerAddress(String url, String user, String password) {
    /** Every URL starts with it. */
    public static final String PREFIX = "jdbc:postgresql:";

    /** Timeout in seconds for connecting, including the name lookup and the login. */
    private static final int LOGIN_SECONDS = 15;

    /** Timeout in seconds for each read from the socket. Longer than any statement takes. */
    private static final int SOCKET_SECONDS = 60;

    /** Class of the SQL states for a refused login. */
    private static final String REFUSED = "28";

    public LedgerAddress {
        if (!url.startsWith(PREFIX)) {
            throw new IllegalArgumentException("the ledger's URL must begin with " + PREFIX);
        }
    }

    /**
     * Connects and logs in, within 15 seconds.
     *
     * @throws SQLException with a message for people and PostgreSQL's SQL state
     */
    public Connection connect() throws SQLException {
        Properties properties = new Properties();
        if (user != null) {
            properties.setProperty("user", user);
        }
        if (password != null) {
            properties.setProperty("password", password);
        }
        driverProperties().forEach(properties::setProperty);
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

    /** For whoever opens connections otherwise. */
    public Map<String, String> driverProperties() {
        // Without prepared statements of the server: a PgBouncer that pools transactions gives each transaction another
        // connection, on which they do not exist, or exist already.
        return Map.of("prepareThreshold", "0");
    }

    /** Without user, password and parameters, which may be secret. */
    @Override
    public String toString() {
        return url.substring(PREFIX.length()).replaceFirst("\\?.*", "").replaceFirst("//[^/]*@", "//");
    }
}
