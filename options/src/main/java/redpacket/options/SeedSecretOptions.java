package redpacket.options;

import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options by which a command is told the secret that every packet's seed is made from: mix it in. */
public final class SeedSecretOptions {
    private static final String OPTION = "--seed-secret";

    /** HMAC-SHA256 gains nothing from a longer key than its hash, and a much shorter one could be guessed. */
    private static final int LEAST_LENGTH = 16;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(names = OPTION, hidden = true, converter = Secret.Text.class)
    private Secret text;

    @Option(
            names = OPTION + "-file",
            paramLabel = "FILE",
            converter = Secret.InFile.class,
            description =
                    "File with the secret that every packet's seed is made from; or the secret itself in the environment"
                            + " as REDPACKET_SEED_SECRET. The same for all instances. Who knows it knows all shares.")
    private Secret inFile;

    /** The secret, if one is given. */
    public Optional<String> secret() {
        return Secret.given(command, OPTION, text, inFile).map(Secret::reveal);
    }

    /**
     * The secret, for a command that cannot do without.
     *
     * @throws ParameterException if there is none, or one that could be guessed
     */
    public String required() {
        String secret = secret().orElseThrow(
                        () -> new ParameterException(
                                command.commandLine(),
                                "No seed secret: set REDPACKET_SEED_SECRET or give --seed-secret-file. To make one: openssl rand -hex 32"));
        if (secret.length() < LEAST_LENGTH) {
            throw new ParameterException(
                    command.commandLine(),
                    "The seed secret has " + secret.length() + " characters; at least " + LEAST_LENGTH
                            + " are needed, or it could be guessed");
        }
        return secret;
    }
}
