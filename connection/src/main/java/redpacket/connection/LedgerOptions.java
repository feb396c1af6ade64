package redpacket.connection;

import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options by which a command finds the ledger: mix it in. */
public final class LedgerOptions {
    @Option(
            names = "--ledger",
            paramLabel = "URL",
            converter = Url.class,
            description = "PostgreSQL that keeps the ledger: jdbc:postgresql://HOST:PORT/DATABASE[?sslmode=...].")
    private String url;

    @Option(names = "--ledger-user", paramLabel = "NAME", description = "Who signs in to that PostgreSQL.")
    private String user;

    @Option(
            names = "--ledger-password",
            paramLabel = "PASSWORD",
            description =
                    "Better given in REDPACKET_LEDGER_PASSWORD or in the --config file, where no other user sees it.")
    private String password;

    /** Where the ledger is; empty when none is named. */
    public Optional<LedgerAddress> address() {
        return Optional.ofNullable(url).map(named -> new LedgerAddress(named, user, password));
    }

    static final class Url implements ITypeConverter<String> {
        @Override
        public String convert(String value) {
            if (!value.startsWith(LedgerAddress.PREFIX)) {
                throw new TypeConversionException("it must begin with " + LedgerAddress.PREFIX + "//");
            }
            return value;
        }
    }
}
