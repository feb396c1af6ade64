package redpacket.options;

import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Options for the secret that all seeds are derived from, as a mixin. */
public final class SeedSecretOptions {
    private static final String OPTION = "--seed-secret";

    /** In characters. Shorter secrets could be guessed. */
    private static final int LEAST_LENGTH = 16;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(names = OPTION, hidden = true, converter = Secret.Text.class)
    private Secret text;

    @Option(
            names = OPTION + "-file",
            paramLabel = "FILE",
            converter = Secret.InFile.class,
            description = "File with the secret that the seeds of all packets are derived from. Or set the secret in"
                    + " REDPACKET_SEED_SECRET. It must be the same for all instances, and reveals all shares.")
    private Secret inFile;

    /** The secret, if there is one. */
    public Optional<String> secret() {
        return Secret.given(command, OPTION, text, inFile).map(Secret::reveal);
    }

    /**
     * The secret, for a command that requires one.
     *
     * @throws ParameterException if there is no secret, or the secret is too short
     */
    public String required() {
        String secret = secret().orElseThrow(() -> new ParameterException(
                command.commandLine(),
                "No seed secret: set REDPACKET_SEED_SECRET or --seed-secret-file. To generate a secret:"
                        + " openssl rand -hex 32"));
        if (secret.length() < LEAST_LENGTH) {
            throw new ParameterException(
                    command.commandLine(),
                    "The seed secret has " + secret.length() + " characters; at least " + LEAST_LENGTH
                            + " are required, so that it cannot be guessed");
        }
        return secret;
    }
}
