package redpacket.gateway.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The tokens that clients present, and what each allows. Only their hashes are kept. */
public final class Tokens {
    /** In characters. Shorter tokens could be guessed. */
    static final int LEAST_LENGTH = 16;

    private static final String LINE = "NAME ROLES TOKEN, such as: app opener,grabber d6f1...";

    private final List<Token> all;

    private static final class Token {
        private final Client client;
        private final byte[] sha256;

        Token(Client client, byte[] sha256) {
            this.client = client;
            this.sha256 = sha256;
        }
    }

    private Tokens(List<Token> all) {
        this.all = all;
    }

    /**
     * Reads one token a line, {@code NAME ROLES TOKEN}. Empty lines and those that begin with {@code #} mean nothing.
     *
     * @param perSecond how many requests a second each token allows
     * @throws IllegalArgumentException with the number of a wrong line, and without its token
     */
    public static Tokens parse(String text, int perSecond) {
        List<Token> tokens = new ArrayList<>();
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            if (!line.isBlank() && !line.strip().startsWith("#")) {
                tokens.add(parse(line.strip(), number, perSecond));
            }
        }
        if (tokens.isEmpty()) {
            throw new IllegalArgumentException("the tokens have no line " + LINE);
        }
        if (tokens.stream().map(token -> hex(token.sha256)).distinct().count() < tokens.size()) {
            throw new IllegalArgumentException("two lines have the same token");
        }
        return new Tokens(List.copyOf(tokens));
    }

    private static Token parse(String line, int number, int perSecond) {
        String[] parts = line.split("\\s+", -1);
        if (parts.length != 3) {
            throw new IllegalArgumentException("line " + number + " of the tokens is not " + LINE);
        }
        Set<Role> roles = EnumSet.noneOf(Role.class);
        for (String role : parts[1].split(",", -1)) {
            roles.add(Role.parse(role)
                    .orElseThrow(() -> new IllegalArgumentException("line " + number + " of the tokens has the role "
                            + role + "; roles are opener, grabber, reader")));
        }
        if (parts[2].length() < LEAST_LENGTH) {
            throw new IllegalArgumentException("line " + number + " of the tokens has a token of " + parts[2].length()
                    + " characters; at least " + LEAST_LENGTH + " are required, so that it cannot be guessed");
        }
        RateLimit limit = new RateLimit(perSecond, System::nanoTime);
        return new Token(Client.forAllUsers(parts[0], roles, limit), sha256(parts[2]));
    }

    /** The client that has this token. The time that this takes says nothing about the tokens. */
    Optional<Client> find(String presented) {
        byte[] sha256 = sha256(presented);
        Client found = null;
        for (Token token : all) {
            if (MessageDigest.isEqual(token.sha256, sha256)) {
                found = token.client;
            }
        }
        return Optional.ofNullable(found);
    }

    private static byte[] sha256(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
