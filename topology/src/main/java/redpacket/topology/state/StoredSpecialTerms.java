package redpacket.topology.state;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import redpacket.events.Prize;
import redpacket.topology.packet.SpecialTerms;

/**
 * Special terms as a part of the values of the store {@code packets}. One byte tells which terms follow, a bit for each
 * in the order of {@link SpecialTerms}; it is the only one for most packets. Texts are UTF-8 with their length in two
 * bytes.
 */
final class StoredSpecialTerms {
    private static final int START = 1;
    private static final int MIN = 1 << 1;
    private static final int MAX = 1 << 2;
    private static final int PRIZES = 1 << 3;
    private static final int ONLY_USERS = 1 << 4;
    private static final int CURRENCY = 1 << 5;
    private static final int TITLE = 1 << 6;

    private StoredSpecialTerms() {}

    static byte[] bytes(SpecialTerms terms) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(bit(START, terms.startsAtMillis())
                    | bit(MIN, terms.minCents())
                    | bit(MAX, terms.maxCents())
                    | bit(PRIZES, terms.prizes())
                    | bit(ONLY_USERS, terms.onlyUsers())
                    | bit(CURRENCY, terms.currency())
                    | bit(TITLE, terms.title()));
            write(out, terms.startsAtMillis());
            write(out, terms.minCents());
            write(out, terms.maxCents());
            if (terms.prizes() != null) {
                out.writeShort(terms.prizes().size());
                for (Prize prize : terms.prizes()) {
                    out.writeLong(prize.cents());
                    out.writeInt(prize.count());
                    // No name is empty.
                    write(out, prize.name() == null ? "" : prize.name());
                }
            }
            if (terms.onlyUsers() != null) {
                out.writeShort(terms.onlyUsers().size());
                for (String user : terms.onlyUsers()) {
                    write(out, user);
                }
            }
            write(out, terms.currency());
            write(out, terms.title());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static SpecialTerms read(ByteBuffer in) {
        int present = in.get();
        if (present == 0) {
            return SpecialTerms.NONE;
        }
        Long startsAtMillis = has(present, START) ? (Long) in.getLong() : null;
        Long minCents = has(present, MIN) ? (Long) in.getLong() : null;
        Long maxCents = has(present, MAX) ? (Long) in.getLong() : null;
        List<Prize> prizes = has(present, PRIZES) ? prizes(in) : null;
        List<String> onlyUsers = has(present, ONLY_USERS) ? texts(in) : null;
        String currency = has(present, CURRENCY) ? text(in) : null;
        String title = has(present, TITLE) ? text(in) : null;
        return new SpecialTerms(startsAtMillis, minCents, maxCents, prizes, onlyUsers, currency, title);
    }

    private static List<Prize> prizes(ByteBuffer in) {
        List<Prize> prizes = new ArrayList<>();
        for (int left = in.getShort(); left > 0; left--) {
            long cents = in.getLong();
            int count = in.getInt();
            String name = text(in);
            prizes.add(new Prize(cents, count, name.isEmpty() ? null : name));
        }
        return prizes;
    }

    private static List<String> texts(ByteBuffer in) {
        List<String> texts = new ArrayList<>();
        for (int left = in.getShort(); left > 0; left--) {
            texts.add(text(in));
        }
        return texts;
    }

    private static String text(ByteBuffer in) {
        byte[] text = new byte[in.getShort()];
        in.get(text);
        return new String(text, UTF_8);
    }

    private static void write(DataOutputStream out, Long numberOrNull) throws IOException {
        if (numberOrNull != null) {
            out.writeLong(numberOrNull);
        }
    }

    private static void write(DataOutputStream out, String textOrNull) throws IOException {
        if (textOrNull != null) {
            byte[] text = textOrNull.getBytes(UTF_8);
            out.writeShort(text.length);
            out.write(text);
        }
    }

    private static int bit(int bit, Object termOrNull) {
        return termOrNull == null ? 0 : bit;
    }

    private static boolean has(int present, int bit) {
        return (present & bit) != 0;
    }
}
