package redpacket.options;

import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;
import redpacket.clients.LedgerAddress;

/** Options for the address of the ledger, as a mixin. */
public final class LedgerOptions {
    private static final String PASSWORD = "--ledger-password";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--ledger",
            paramLabel = "URL",
            converter = Url.class,
            description = "PostgreSQL of the ledger: jdbc:postgresql://HOST:PORT/DATABASE[?sslmode=...].")
    private String url;

    @Option(names = "--ledger-user", paramLabel = "NAME", description = "User of that PostgreSQL.")
    private String user;

    @Option(names = PASSWORD, hidden = true, converter = Secret.Text.class)
    private Secret password;

    @Option(
            names = PASSWORD + "-file",
            paramLabel = "FILE",
            converter = Secret.InFile.class,
            description = "File with the password of that user. Or set the password in REDPACKET_LEDGER_PASSWORD.")
    private Secret passwordInFile;

    /** The address of the ledger. Empty without {@code --ledger}. */
    public Optional<LedgerAddress> address() {
        String revealed = Secret.given(command, PASSWORD, password, passwordInFile)
                .map(Secret::reveal)
                .orElse(null);
        return Optional.ofNullable(url).map(named -> new LedgerAddress(named, user, revealed));
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
