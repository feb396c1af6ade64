package redpacket.gateway.access;

import com.nimbusds.jose.JWSAlgorithm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import redpacket.options.Range;
import redpacket.options.Secret;

/** Options for JWTs of users, as a mixin. */
public final class JwtOptions {
    private static final String SECRET = "--jwt-secret";

    @Option(
            names = "--jwt-keys-file",
            paramLabel = "FILE",
            converter = PublicKeys.class,
            description = "File with the public keys of who issues JWTs: a JSON Web Key Set, or PEM blocks PUBLIC KEY."
                    + " Default: no JWTs")
    private JwtKeys keys;

    @Option(names = SECRET, hidden = true, converter = Secret.Text.class)
    private Secret secret;

    @Option(
            names = SECRET + "-file",
            paramLabel = "FILE",
            converter = Secret.InFile.class,
            description = "File with the secret of JWTs that are signed with HMAC. Or set the secret in"
                    + " REDPACKET_JWT_SECRET.")
    private Secret secretFile;

    @Option(
            names = "--jwt-algorithms",
            paramLabel = "NAME,...",
            split = ",",
            converter = Algorithm.class,
            description =
                    "Algorithms that JWTs may be signed with, such as RS256,ES256. Required with keys or a secret.")
    private List<JWSAlgorithm> algorithms;

    @Option(
            names = "--jwt-issuer",
            paramLabel = "TEXT",
            description = "What the claim iss of a JWT must be. Default: anything")
    private String issuer;

    @Option(
            names = "--jwt-audience",
            paramLabel = "TEXT",
            description = "What the claim aud of a JWT must contain. Default: a JWT with an audience is refused")
    private String audience;

    @Option(
            names = "--jwt-roles-claim",
            paramLabel = "NAME",
            defaultValue = "roles",
            description = "The claim with the roles opener, grabber and reader: an array, or separated by blanks."
                    + " Default: ${DEFAULT-VALUE}")
    private String rolesClaim;

    @Option(
            names = "--user-requests-per-second",
            paramLabel = "N",
            defaultValue = "20",
            description = "Requests that each user with a JWT may send; more are answered with 429."
                    + " Default: ${DEFAULT-VALUE}")
    @Range(least = "1", most = "1000000")
    private int perSecond;

    /**
     * Empty without keys.
     *
     * @throws ParameterException if the options do not belong together
     */
    public Optional<Jwts> jwts(CommandSpec command) {
        Optional<JwtKeys> ofSecret =
                Secret.given(command, SECRET, secret, secretFile).map(given -> JwtKeys.secret(given.reveal()));
        Optional<JwtKeys> all = Stream.of(Optional.ofNullable(keys), ofSecret)
                .flatMap(Optional::stream)
                .reduce(JwtKeys::and);
        if (all.isPresent() == (algorithms == null)) {
            throw new ParameterException(
                    command.commandLine(),
                    "--jwt-algorithms belongs to --jwt-keys-file or " + SECRET + "-file: set both or none");
        }
        try {
            return all.map(each -> new Jwts.Rules(
                            each, algorithms, Optional.ofNullable(issuer), Optional.ofNullable(audience), rolesClaim))
                    .map(rules -> new Jwts(rules, perSecond, Clock.systemUTC()));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), "Invalid --jwt-algorithms: " + e.getMessage(), e);
        }
    }

    static final class PublicKeys implements ITypeConverter<JwtKeys> {
        @Override
        public JwtKeys convert(String file) {
            try {
                return JwtKeys.parsePublic(Files.readString(Path.of(file)));
            } catch (IOException | InvalidPathException e) {
                throw new TypeConversionException("file '" + file + "' cannot be read");
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException("file '" + file + "' " + e.getMessage());
            }
        }
    }

    static final class Algorithm implements ITypeConverter<JWSAlgorithm> {
        /** Those that need nothing but Java. There is no {@code none}. */
        private static final List<String> NAMES = List.of(
                "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "HS256", "HS384",
                "HS512");

        @Override
        public JWSAlgorithm convert(String name) {
            if (!NAMES.contains(name.strip())) {
                throw new TypeConversionException(
                        "'" + name + "' is no algorithm; these are known: " + String.join(", ", NAMES));
            }
            return JWSAlgorithm.parse(name.strip());
        }
    }
}
