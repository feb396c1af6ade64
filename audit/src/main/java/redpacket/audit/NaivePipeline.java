package redpacket.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import redpacket.events.AwardResult;
import redpacket.events.CancelPacket;
import redpacket.events.Grab;
import redpacket.events.OpenPacket;
import redpacket.events.Outcome;
import redpacket.events.PacketEvent;
import redpacket.events.PacketEvent.CancelOutcome;
import redpacket.events.PacketEvent.Reason;
import redpacket.events.Prize;
import redpacket.events.Share;
import redpacket.events.Split;

/**
 * The whole pipeline in plain maps and lists, as the oracle of the real one. It gets the records of the input topics in
 * log order, and computes every committed result, to the last field.
 *
 * <p>It shares no code with the rules that it checks. Packets do not affect each other, so the results of a pipeline
 * with several partitions are compared packet by packet. It never forgets a packet.
 */
public final class NaivePipeline {
    private final String secret;

    private final Map<String, OpenPacket> commands = new HashMap<>();
    private final Map<String, PacketEvent.Opened> packets = new LinkedHashMap<>();
    private final Map<String, List<Share>> sharesToCome = new HashMap<>();
    private final Map<String, Map<String, AwardResult>> winningsByUser = new HashMap<>();
    private final Set<String> closed = new HashSet<>();
    private final Set<String> cancelled = new HashSet<>();

    private final List<AwardResult> awards = new ArrayList<>();
    private final List<PacketEvent> packetEvents = new ArrayList<>();

    /** An unused pipeline with the seed secret of the real one. */
    public NaivePipeline(String secret) {
        this.secret = secret;
    }

    /** Every result so far, in the order of the grabs. */
    public List<AwardResult> awards() {
        return List.copyOf(awards);
    }

    /** The results so far about this packet, in the order of the grabs. */
    public List<AwardResult> awardsOf(String packetId) {
        return awards.stream()
                .filter(result -> result.packetId().equals(packetId))
                .toList();
    }

    /** Every packet event so far, in order. */
    public List<PacketEvent> packetEvents() {
        return List.copyOf(packetEvents);
    }

    /** The packet events so far about this packet, in order. */
    public List<PacketEvent> packetEventsOf(String packetId) {
        return packetEvents.stream()
                .filter(event -> event.packetId().equals(packetId))
                .toList();
    }

    /** The command is the next record on {@code redpacket.opens}. */
    public void open(OpenPacket command, long appendedAtMillis, long openOffset) {
        String packetId = command.packetId();
        PacketEvent.Opened before = packets.get(packetId);
        Fault fault = before == null ? fault(command, appendedAtMillis) : null;
        if (before != null && isSame(command, commands.get(packetId))) {
            packetEvents.add(opened(command, before.openedAtMillis(), openOffset));
        } else if (before != null) {
            packetEvents.add(new PacketEvent.Rejected(
                    packetId,
                    Reason.OTHER_TERMS,
                    "The packet id " + packetId
                            + " is taken by a packet on other terms; only the same command may be sent again.",
                    openOffset));
        } else if (fault != null) {
            packetEvents.add(new PacketEvent.Rejected(packetId, fault.reason, fault.detail, openOffset));
        } else {
            PacketEvent.Opened packet = opened(command, appendedAtMillis, openOffset);
            commands.put(packetId, command);
            packets.put(packetId, packet);
            sharesToCome.put(packetId, cut(packet, seed(secret, packetId)));
            winningsByUser.put(packetId, new LinkedHashMap<>());
            packetEvents.add(packet);
        }
    }

    /**
     * The command is the next record on {@code redpacket.opens}.
     *
     * @param fromGrabOffset the offset after that of the last record on {@code redpacket.grabs}
     */
    public void cancel(CancelPacket command, long appendedAtMillis, long openOffset, long fromGrabOffset) {
        String packetId = command.packetId();
        PacketEvent.Opened packet = packets.get(packetId);
        CancelOutcome outcome;
        if (packet == null) {
            outcome = CancelOutcome.UNKNOWN_PACKET;
        } else if (!packet.senderId().equals(command.senderId())) {
            outcome = CancelOutcome.OTHER_SENDER;
        } else if (sharesToCome.get(packetId).isEmpty()) {
            outcome = CancelOutcome.SOLD_OUT;
        } else if (closed.contains(packetId) && !cancelled.contains(packetId)) {
            outcome = CancelOutcome.EXPIRED;
        } else {
            outcome = CancelOutcome.CANCELLED;
        }
        boolean effective = outcome == CancelOutcome.CANCELLED && cancelled.add(packetId);
        if (effective) {
            closed.add(packetId);
            Map<String, AwardResult> winnings = winningsByUser.get(packetId);
            packetEvents.add(new PacketEvent.Cancelled(
                    packetId,
                    packet.campaign(),
                    packet.currency(),
                    winnings.size(),
                    packet.totalCents() - centsToCome(packetId),
                    centsToCome(packetId),
                    appendedAtMillis,
                    fromGrabOffset,
                    command.reason(),
                    openOffset,
                    luckiest(winnings),
                    HexFormat.of().formatHex(seed(secret, packetId))));
        }
        PacketEvent.Sums sums = null;
        if (outcome != CancelOutcome.UNKNOWN_PACKET && outcome != CancelOutcome.OTHER_SENDER) {
            long refundedCents = centsToCome(packetId);
            sums = new PacketEvent.Sums(
                    winningsByUser.get(packetId).size(), packet.totalCents() - refundedCents, refundedCents);
        }
        packetEvents.add(new PacketEvent.CancelAnswered(packetId, outcome, sums, openOffset));
    }

    /** The grab is the next record on {@code redpacket.grabs}. */
    public void grab(Grab grab, long grabbedAtMillis, long grabOffset) {
        PacketEvent.Opened packet = packets.get(grab.packetId());
        if (packet == null) {
            answer(grab, null, Outcome.UNKNOWN_PACKET, null, false, grabbedAtMillis, grabOffset);
            return;
        }
        OpenPacket command = commands.get(grab.packetId());
        List<Share> toCome = sharesToCome.get(grab.packetId());
        Map<String, AwardResult> winnings = winningsByUser.get(grab.packetId());
        AwardResult won = winnings.get(grab.userId());
        if (won != null && won.grabId().equals(grab.grabId())) {
            answer(grab, packet, Outcome.AWARDED, won.share(), true, grabbedAtMillis, grabOffset);
        } else if (won != null) {
            answer(grab, packet, Outcome.ALREADY_GRABBED, won.share(), false, grabbedAtMillis, grabOffset);
        } else if (command.onlyUsers() != null && !command.onlyUsers().contains(grab.userId())) {
            answer(grab, packet, Outcome.NOT_ELIGIBLE, null, false, grabbedAtMillis, grabOffset);
        } else if (toCome.isEmpty()) {
            answer(grab, packet, Outcome.SOLD_OUT, null, false, grabbedAtMillis, grabOffset);
        } else if (cancelled.contains(grab.packetId())) {
            answer(grab, packet, Outcome.CANCELLED, null, false, grabbedAtMillis, grabOffset);
        } else if (closed.contains(grab.packetId()) || grabbedAtMillis >= packet.deadlineMillis()) {
            answer(grab, packet, Outcome.EXPIRED, null, false, grabbedAtMillis, grabOffset);
        } else if (command.startsAtMillis() != null && grabbedAtMillis < command.startsAtMillis()) {
            answer(grab, packet, Outcome.NOT_STARTED, null, false, grabbedAtMillis, grabOffset);
        } else {
            answer(grab, packet, Outcome.AWARDED, toCome.remove(0), false, grabbedAtMillis, grabOffset);
            winnings.put(grab.userId(), awards.get(awards.size() - 1));
            if (toCome.isEmpty()) {
                soldOut(packet, winnings, grabbedAtMillis);
            }
        }
    }

    private void soldOut(PacketEvent.Opened packet, Map<String, AwardResult> winnings, long grabbedAtMillis) {
        long startMillis = packet.openedAtMillis();
        if (packet.startsAtMillis() != null && packet.startsAtMillis() > startMillis) {
            startMillis = packet.startsAtMillis();
        }
        closed.add(packet.packetId());
        packetEvents.add(new PacketEvent.SoldOut(
                packet.packetId(),
                packet.campaign(),
                packet.currency(),
                packet.shares(),
                packet.totalCents(),
                grabbedAtMillis,
                grabbedAtMillis > startMillis ? grabbedAtMillis - startMillis : 0,
                luckiest(winnings),
                HexFormat.of().formatHex(seed(secret, packet.packetId()))));
    }

    /** The log time of the grabs is this time. Closes the packets whose deadline plus grace has passed. */
    public void timePasses(long logTimeMillis, Duration grace) {
        for (PacketEvent.Opened packet : packets.values()) {
            if (logTimeMillis >= packet.deadlineMillis() + grace.toMillis() && closed.add(packet.packetId())) {
                Map<String, AwardResult> winnings = winningsByUser.get(packet.packetId());
                long refundedCents = centsToCome(packet.packetId());
                packetEvents.add(new PacketEvent.Expired(
                        packet.packetId(),
                        packet.campaign(),
                        packet.currency(),
                        winnings.size(),
                        packet.totalCents() - refundedCents,
                        refundedCents,
                        packet.deadlineMillis(),
                        luckiest(winnings),
                        HexFormat.of().formatHex(seed(secret, packet.packetId()))));
            }
        }
    }

    private long centsToCome(String packetId) {
        long cents = 0;
        for (Share share : sharesToCome.get(packetId)) {
            cents += share.cents();
        }
        return cents;
    }

    private PacketEvent.Opened opened(OpenPacket command, long openedAtMillis, long openOffset) {
        byte[] seed = seed(secret, command.packetId());
        long startMillis = command.startsAtMillis() != null && command.startsAtMillis() > openedAtMillis
                ? command.startsAtMillis()
                : openedAtMillis;
        PacketEvent.OnlyUsers onlyUsers = null;
        if (command.onlyUsers() != null) {
            List<String> users = sorted(command.onlyUsers());
            byte[] hash = hmac(seed, String.join("\n", users));
            onlyUsers = new PacketEvent.OnlyUsers(users.size(), HexFormat.of().formatHex(hash));
        }
        return new PacketEvent.Opened(
                command.packetId(),
                command.senderId(),
                command.totalCents(),
                command.shares(),
                command.split(),
                command.campaign(),
                openedAtMillis,
                startMillis + command.openForMillis(),
                HexFormat.of().formatHex(sha256(seed)),
                openOffset,
                command.startsAtMillis(),
                command.minCents(),
                command.maxCents(),
                command.prizes(),
                onlyUsers,
                command.currency(),
                command.title());
    }

    /** Whether a command repeats another one. The order of the users does not matter. */
    private static boolean isSame(OpenPacket command, OpenPacket other) {
        boolean sameUsers = sorted(command.onlyUsers()).equals(sorted(other.onlyUsers()));
        return sameUsers && command.withOnlyUsers(null).equals(other.withOnlyUsers(null));
    }

    private static List<String> sorted(List<String> usersOrNull) {
        List<String> users = new ArrayList<>(usersOrNull == null ? List.of() : usersOrNull);
        Collections.sort(users);
        return users;
    }

    private record Fault(Reason reason, String detail) {}

    /** Why no packet can have the terms; null if one can. */
    private static Fault fault(OpenPacket command, long appendedAtMillis) {
        long cents = command.totalCents();
        int shares = command.shares();
        long openForMillis = command.openForMillis();
        if (shares < 1) {
            return new Fault(
                    Reason.NO_SHARES, "A packet of " + shares + " shares has nothing to grab; the least is 1.");
        } else if (shares > 1_000_000) {
            return new Fault(Reason.TOO_MANY_SHARES, shares + " shares are too many; at most 1000000 are allowed.");
        } else if (command.prizes() == null && cents < shares) {
            return new Fault(
                    Reason.FEWER_CENTS_THAN_SHARES,
                    cents + " cents do not make " + shares + " shares; each needs at least 1 cent.");
        } else if (cents > 9_007_199_254_740_991L) {
            return new Fault(
                    Reason.TOO_MANY_CENTS, cents + " cents are too many; at most 9007199254740991 are allowed.");
        } else if (openForMillis < 1 || openForMillis > 2_678_400_000L) {
            return new Fault(
                    Reason.IMPOSSIBLE_DURATION,
                    "A packet cannot be open for " + openForMillis + " ms; 1 to 2678400000 ms (31 days) are allowed.");
        }
        String wrongStart = wrongStart(command, appendedAtMillis);
        String wrongBounds = wrongBounds(command);
        String wrongPrizes = wrongPrizes(command);
        String wrongUsers = wrongUsers(command.onlyUsers());
        if (wrongStart != null) {
            return new Fault(Reason.IMPOSSIBLE_START, wrongStart);
        } else if (wrongBounds != null) {
            return new Fault(Reason.IMPOSSIBLE_BOUNDS, wrongBounds);
        } else if (wrongPrizes != null) {
            return new Fault(Reason.IMPOSSIBLE_PRIZES, wrongPrizes);
        }
        return wrongUsers == null ? null : new Fault(Reason.IMPOSSIBLE_USERS, wrongUsers);
    }

    private static String wrongStart(OpenPacket command, long appendedAtMillis) {
        Long startsAtMillis = command.startsAtMillis();
        if (startsAtMillis == null) {
            return null;
        } else if (startsAtMillis < 0 || startsAtMillis > 253_402_300_799_999L) {
            return "startsAtMillis is " + startsAtMillis + "; 0 to 253402300799999 are allowed.";
        } else if (startsAtMillis - appendedAtMillis + command.openForMillis() > 2_678_400_000L) {
            return "A packet that starts " + (startsAtMillis - appendedAtMillis)
                    + " ms after it opens cannot be open for " + command.openForMillis()
                    + " ms; both together may take 2678400000 ms (31 days).";
        }
        return null;
    }

    private static String wrongBounds(OpenPacket command) {
        if (command.minCents() == null && command.maxCents() == null) {
            return null;
        } else if (command.split() != Split.RANDOM) {
            return "Only shares of a RANDOM split have bounds, but the split is " + command.split() + ".";
        }
        BigInteger cents = BigInteger.valueOf(command.totalCents());
        BigInteger shares = BigInteger.valueOf(command.shares());
        long min = command.minCents() == null ? 1 : command.minCents();
        long max = command.maxCents() == null ? command.totalCents() : command.maxCents();
        if (min < 1) {
            return "minCents is " + min + "; the minimum is 1.";
        } else if (min > max) {
            return "minCents is " + min + ", but maxCents is only " + max + ".";
        } else if (shares.multiply(BigInteger.valueOf(min)).compareTo(cents) > 0) {
            return cents + " cents are too few for " + shares + " shares of at least " + min + " cents.";
        } else if (shares.multiply(BigInteger.valueOf(max)).compareTo(cents) < 0) {
            return cents + " cents are too many for " + shares + " shares of at most " + max + " cents.";
        }
        return null;
    }

    private static String wrongPrizes(OpenPacket command) {
        List<Prize> prizes = command.prizes();
        if (prizes == null) {
            return command.split() == Split.PRIZES ? "The split is PRIZES, but there are no prizes." : null;
        } else if (command.split() != Split.PRIZES) {
            return "There are prizes, but the split is " + command.split() + ".";
        } else if (prizes.isEmpty() || prizes.size() > 1_000) {
            return "There are " + prizes.size() + " prizes; 1 to 1000 are allowed.";
        }
        BigInteger cents = BigInteger.ZERO;
        long shares = 0;
        for (Prize prize : prizes) {
            if (prize.cents() < 0 || prize.count() < 1) {
                return "A prize of " + prize.cents() + " cents, " + prize.count()
                        + " times, is impossible; at least 0 cents and at least 1 time are allowed.";
            }
            cents = cents.add(BigInteger.valueOf(prize.cents()).multiply(BigInteger.valueOf(prize.count())));
            shares += prize.count();
        }
        if (!cents.equals(BigInteger.valueOf(command.totalCents()))) {
            return "totalCents is " + command.totalCents() + ", but the prizes add up to " + cents + " cents.";
        } else if (shares != command.shares()) {
            return "shares is " + command.shares() + ", but there are " + shares + " prizes in all.";
        }
        return cents.signum() == 0 ? "All prizes are blanks; at least one needs 1 cent." : null;
    }

    private static String wrongUsers(List<String> users) {
        if (users == null) {
            return null;
        } else if (users.isEmpty() || users.size() > 1_000) {
            return "onlyUsers has " + users.size() + " users; 1 to 1000 are allowed.";
        }
        int different = new HashSet<>(users).size();
        return different == users.size()
                ? null
                : "onlyUsers has " + users.size() + " users, of which only " + different
                        + " are different; each may be there once.";
    }

    /** @param packetOrNull null if it is unknown */
    private void answer(
            Grab grab,
            PacketEvent.Opened packetOrNull,
            Outcome outcome,
            Share share,
            boolean repeat,
            long atMillis,
            long offset) {
        awards.add(new AwardResult(
                grab.packetId(),
                grab.grabId(),
                grab.userId(),
                packetOrNull == null ? null : packetOrNull.campaign(),
                packetOrNull == null ? null : packetOrNull.currency(),
                outcome,
                share,
                repeat,
                atMillis,
                offset));
    }

    private static PacketEvent.Luckiest luckiest(Map<String, AwardResult> winnings) {
        PacketEvent.Luckiest luckiest = null;
        for (AwardResult won : winnings.values()) {
            if (luckiest == null || won.share().cents() > luckiest.share().cents()) {
                luckiest = new PacketEvent.Luckiest(won.userId(), won.share());
            }
        }
        return luckiest;
    }

    /** The shares of a packet, in the order in which they are awarded, computed with unlimited numbers. */
    public static List<Share> cut(PacketEvent.Opened terms, byte[] seed) {
        Draws draws = new Draws(seed);
        List<Prize> cut = new ArrayList<>();
        if (terms.split() == Split.PRIZES) {
            for (Prize prize : terms.prizes()) {
                cut.addAll(Collections.nCopies(prize.count(), prize));
            }
        } else {
            BigInteger left = BigInteger.valueOf(terms.totalCents());
            for (int sharesLeft = terms.shares(); sharesLeft >= 1; sharesLeft--) {
                BigInteger cents = terms.split() == Split.EQUAL
                        ? even(left, sharesLeft)
                        : random(left, BigInteger.valueOf(sharesLeft), terms, draws);
                cut.add(new Prize(cents.longValueExact(), 1, null));
                left = left.subtract(cents);
            }
        }
        for (int i = cut.size() - 1; i >= 1; i--) {
            Collections.swap(cut, i, draws.below(BigInteger.valueOf(i + 1L)).intValueExact());
        }
        List<Share> shares = new ArrayList<>();
        for (Prize prize : cut) {
            shares.add(new Share(shares.size(), prize.cents(), prize.name()));
        }
        return shares;
    }

    /** The shares in cents of a packet without bounds and prizes. */
    public static List<Long> cut(Split split, long totalCents, int shares, byte[] seed) {
        PacketEvent.Opened terms = new PacketEvent.Opened(
                "p", "s", totalCents, shares, split, null, 0, 1, HexFormat.of().formatHex(sha256(seed)), 0);
        return new ArrayList<>(cut(terms, seed).stream().map(Share::cents).toList());
    }

    private static BigInteger even(BigInteger left, int sharesLeft) {
        BigInteger oddCent = BigInteger.valueOf(sharesLeft - 1);
        return left.add(oddCent).divide(BigInteger.valueOf(sharesLeft));
    }

    private static BigInteger random(BigInteger left, BigInteger sharesLeft, PacketEvent.Opened terms, Draws draws) {
        if (sharesLeft.equals(BigInteger.ONE)) {
            return left;
        }
        BigInteger min = BigInteger.valueOf(terms.minCents() == null ? 1 : terms.minCents());
        BigInteger max = BigInteger.valueOf(terms.maxCents() == null ? terms.totalCents() : terms.maxCents());
        BigInteger[] twiceTheMean = left.shiftLeft(1).divideAndRemainder(sharesLeft);
        BigInteger roundedUp = twiceTheMean[0].add(BigInteger.valueOf(twiceTheMean[1].signum()));
        BigInteger least = min.max(roundedUp.subtract(max));
        BigInteger most = max.min(twiceTheMean[0].subtract(min));
        return least.add(draws.below(most.subtract(least).add(BigInteger.ONE)));
    }

    /** The seed of a packet. */
    public static byte[] seed(String secret, String packetId) {
        return hmac(secret.getBytes(UTF_8), packetId);
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(UTF_8));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** The draw with number n is the (n mod 4)th quarter of the digest with number n / 4. */
    private static final class Draws {
        private static final BigInteger TWO_TO_THE_63 = BigInteger.ONE.shiftLeft(63);

        private final byte[] seed;
        private long number;

        Draws(byte[] seed) {
            this.seed = seed.clone();
        }

        BigInteger below(BigInteger bound) {
            BigInteger fair = TWO_TO_THE_63.subtract(TWO_TO_THE_63.mod(bound));
            BigInteger drawn;
            do {
                drawn = next().shiftRight(1);
            } while (drawn.compareTo(fair) >= 0);
            return drawn.mod(bound);
        }

        private BigInteger next() {
            byte[] digest =
                    sha256(ByteBuffer.allocate(40).put(seed).putLong(number / 4).array());
            BigInteger drawn = new BigInteger(1, digest, (int) (number % 4) * 8, 8);
            number++;
            return drawn;
        }
    }
}
