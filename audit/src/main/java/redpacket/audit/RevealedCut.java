package redpacket.audit;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import redpacket.events.PacketEvent;
import redpacket.events.Prize;

/**
 * The shares that a seed fixes, recomputed from the published description of the split.
 *
 * <p>Implemented a second time on purpose: an audit that shared the pipeline's code would share its mistakes.
 */
final class RevealedCut {
    private final byte[] seed;
    private long counter;
    private ByteBuffer digest = ByteBuffer.allocate(0);

    private RevealedCut(byte[] seed) {
        this.seed = seed;
    }

    /** The seed that a secret gives to a packet, in hex: HMAC-SHA256 of the packet id. */
    static String seedOf(String secret, String packetId) {
        return HexFormat.of().formatHex(hmac(secret.getBytes(StandardCharsets.UTF_8), packetId));
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        }
    }

    /** The commitment that is published in advance for a seed: its SHA-256. Both in hex. */
    static String commitmentTo(String seed) {
        return HexFormat.of().formatHex(sha256().digest(HexFormat.of().parseHex(seed)));
    }

    /** Every share of the packet in cents, in the order in which they are handed out. */
    static long[] of(PacketEvent.Opened terms, String seed) {
        Shares shares = sharesOf(terms, seed);
        return IntStream.range(0, terms.shares()).mapToLong(shares::cents).toArray();
    }

    /** Every share of the packet, in the order in which they are handed out. */
    static Shares sharesOf(PacketEvent.Opened terms, String seed) {
        return new Shares(new RevealedCut(HexFormat.of().parseHex(seed)).cut(terms), terms.prizes());
    }

    /** The shares of a packet. */
    static final class Shares {
        /** Cents or, of a packet with prizes, places in their list. */
        private final long[] cut;

        private final List<Prize> prizes;

        private Shares(long[] cut, List<Prize> prizes) {
            this.cut = cut;
            this.prizes = prizes;
        }

        long cents(int index) {
            return prizes == null ? cut[index] : prizes.get((int) cut[index]).cents();
        }

        /** Null if the share has no name. */
        String prize(int index) {
            return prizes == null ? null : prizes.get((int) cut[index]).name();
        }

        int length() {
            return cut.length;
        }
    }

    /** The hash that a packet's opened event shows of the users for whom it is. */
    static String hashOf(List<String> users, String seed) {
        String ids = users.stream().sorted().collect(Collectors.joining("\n"));
        return HexFormat.of().formatHex(hmac(HexFormat.of().parseHex(seed), ids));
    }

    private long[] cut(PacketEvent.Opened terms) {
        int shares = terms.shares();
        long[] cents =
                switch (terms.split()) {
                    case RANDOM -> random(terms);
                    case EQUAL -> equal(terms.totalCents(), shares);
                    case PRIZES -> prizes(terms.prizes());
                };
        for (int i = shares - 1; i > 0; i--) {
            int j = (int) nextBelow(i + 1);
            long swapped = cents[i];
            cents[i] = cents[j];
            cents[j] = swapped;
        }
        return cents;
    }

    private long[] random(PacketEvent.Opened terms) {
        long min = terms.minCents() == null ? 1 : terms.minCents();
        long max = terms.maxCents() == null ? terms.totalCents() : terms.maxCents();
        long[] cents = new long[terms.shares()];
        long left = terms.totalCents();
        for (int i = 0; i < cents.length; i++) {
            int sharesLeft = cents.length - i;
            // Around the mean of what is left, as far as the nearer bound allows.
            long least = Math.max(min, (2 * left + sharesLeft - 1) / sharesLeft - max);
            long most = Math.min(max, 2 * left / sharesLeft - min);
            cents[i] = sharesLeft == 1 ? left : least + nextBelow(Math.max(1, most - least + 1));
            left -= cents[i];
        }
        return cents;
    }

    private static long[] prizes(List<Prize> prizes) {
        return IntStream.range(0, prizes.size())
                .flatMap(place ->
                        IntStream.generate(() -> place).limit(prizes.get(place).count()))
                .asLongStream()
                .toArray();
    }

    private static long[] equal(long totalCents, int shares) {
        long[] cents = new long[shares];
        for (int i = 0; i < shares; i++) {
            cents[i] = totalCents / shares + (i < totalCents % shares ? 1 : 0);
        }
        return cents;
    }

    /** Uniform from 0 to below the bound: 63 bits, drawn again if beyond the last whole multiple of the bound. */
    private long nextBelow(long bound) {
        // 2^63 mod bound; 2^63 itself is one more than the largest long.
        long beyond = (Long.MAX_VALUE % bound + 1) % bound;
        while (true) {
            long drawn = nextLong() >>> 1;
            if (drawn <= Long.MAX_VALUE - beyond) {
                return drawn % bound;
            }
        }
    }

    private long nextLong() {
        if (!digest.hasRemaining()) {
            ByteBuffer numbered =
                    ByteBuffer.allocate(seed.length + Long.BYTES).put(seed).putLong(counter++);
            digest = ByteBuffer.wrap(sha256().digest(numbered.array()));
        }
        return digest.getLong();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
