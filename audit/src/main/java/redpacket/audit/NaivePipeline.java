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
import java.util.Objects;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import redpacket.events.AwardResult;
import redpacket.events.Grab;
import redpacket.events.OpenPacket;
import redpacket.events.Outcome;
import redpacket.events.PacketEvent;
import redpacket.events.PacketEvent.Reason;
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

    private final Map<String, PacketEvent.Opened> packets = new LinkedHashMap<>();
    private final Map<String, List<Long>> sharesToCome = new HashMap<>();
    private final Map<String, Map<String, AwardResult>> winningsByUser = new HashMap<>();
    private final Set<String> closed = new HashSet<>();

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
        if (before != null) {
            boolean same = before.senderId().equals(command.senderId())
                    && before.totalCents() == command.totalCents()
                    && before.shares() == command.shares()
                    && before.split().equals(command.split())
                    && Objects.equals(before.campaign(), command.campaign())
                    && before.deadlineMillis() == before.openedAtMillis() + command.openForMillis();
            packetEvents.add(
                    same
                            ? opened(command, before.openedAtMillis(), openOffset)
                            : new PacketEvent.Rejected(
                                    packetId,
                                    Reason.OTHER_TERMS,
                                    "The packet id " + packetId
                                            + " is taken by a packet on other terms;"
                                            + " only the same command may be sent again.",
                                    openOffset));
        } else if (command.shares() < 1) {
            reject(command, Reason.NO_SHARES, openOffset);
        } else if (command.shares() > 1_000_000) {
            reject(command, Reason.TOO_MANY_SHARES, openOffset);
        } else if (command.totalCents() < command.shares()) {
            reject(command, Reason.FEWER_CENTS_THAN_SHARES, openOffset);
        } else if (command.totalCents() > 9_007_199_254_740_991L) {
            reject(command, Reason.TOO_MANY_CENTS, openOffset);
        } else if (command.openForMillis() < 1 || command.openForMillis() > 2_678_400_000L) {
            reject(command, Reason.IMPOSSIBLE_DURATION, openOffset);
        } else {
            PacketEvent.Opened packet = opened(command, appendedAtMillis, openOffset);
            packets.put(packetId, packet);
            sharesToCome.put(
                    packetId, cut(command.split(), command.totalCents(), command.shares(), seed(secret, packetId)));
            winningsByUser.put(packetId, new LinkedHashMap<>());
            packetEvents.add(packet);
        }
    }

    /** The grab is the next record on {@code redpacket.grabs}. */
    public void grab(Grab grab, long grabbedAtMillis, long grabOffset) {
        PacketEvent.Opened packet = packets.get(grab.packetId());
        if (packet == null) {
            answer(grab, null, Outcome.UNKNOWN_PACKET, null, false, grabbedAtMillis, grabOffset);
            return;
        }
        List<Long> toCome = sharesToCome.get(grab.packetId());
        Map<String, AwardResult> winnings = winningsByUser.get(grab.packetId());
        AwardResult won = winnings.get(grab.userId());
        if (won != null && won.grabId().equals(grab.grabId())) {
            answer(grab, packet.campaign(), Outcome.AWARDED, won.share(), true, grabbedAtMillis, grabOffset);
        } else if (won != null) {
            answer(grab, packet.campaign(), Outcome.ALREADY_GRABBED, won.share(), false, grabbedAtMillis, grabOffset);
        } else if (toCome.isEmpty()) {
            answer(grab, packet.campaign(), Outcome.SOLD_OUT, null, false, grabbedAtMillis, grabOffset);
        } else if (closed.contains(grab.packetId()) || grabbedAtMillis >= packet.deadlineMillis()) {
            answer(grab, packet.campaign(), Outcome.EXPIRED, null, false, grabbedAtMillis, grabOffset);
        } else {
            Share share = new Share(winnings.size(), toCome.remove(0));
            answer(grab, packet.campaign(), Outcome.AWARDED, share, false, grabbedAtMillis, grabOffset);
            winnings.put(grab.userId(), awards.get(awards.size() - 1));
            if (toCome.isEmpty()) {
                closed.add(grab.packetId());
                packetEvents.add(new PacketEvent.SoldOut(
                        packet.packetId(),
                        packet.campaign(),
                        packet.shares(),
                        packet.totalCents(),
                        grabbedAtMillis,
                        grabbedAtMillis > packet.openedAtMillis() ? grabbedAtMillis - packet.openedAtMillis() : 0,
                        luckiest(winnings),
                        HexFormat.of().formatHex(seed(secret, packet.packetId()))));
            }
        }
    }

    /** The log time of the grabs is this time. Closes the packets whose deadline plus grace has passed. */
    public void timePasses(long logTimeMillis, Duration grace) {
        for (PacketEvent.Opened packet : packets.values()) {
            if (logTimeMillis >= packet.deadlineMillis() + grace.toMillis() && closed.add(packet.packetId())) {
                Map<String, AwardResult> winnings = winningsByUser.get(packet.packetId());
                long refundedCents = 0;
                for (long cents : sharesToCome.get(packet.packetId())) {
                    refundedCents += cents;
                }
                packetEvents.add(new PacketEvent.Expired(
                        packet.packetId(),
                        packet.campaign(),
                        winnings.size(),
                        packet.totalCents() - refundedCents,
                        refundedCents,
                        packet.deadlineMillis(),
                        luckiest(winnings),
                        HexFormat.of().formatHex(seed(secret, packet.packetId()))));
            }
        }
    }

    private PacketEvent.Opened opened(OpenPacket command, long openedAtMillis, long openOffset) {
        return new PacketEvent.Opened(
                command.packetId(),
                command.senderId(),
                command.totalCents(),
                command.shares(),
                command.split(),
                command.campaign(),
                openedAtMillis,
                openedAtMillis + command.openForMillis(),
                HexFormat.of().formatHex(sha256(seed(secret, command.packetId()))),
                openOffset);
    }

    private void reject(OpenPacket command, Reason reason, long openOffset) {
        String detail =
                switch (reason) {
                    case NO_SHARES ->
                        "A packet of " + command.shares() + " shares has nothing to grab; the least is 1.";
                    case TOO_MANY_SHARES -> command.shares() + " shares are too many; at most 1000000 are allowed.";
                    case FEWER_CENTS_THAN_SHARES ->
                        command.totalCents() + " cents do not make " + command.shares()
                                + " shares; each needs at least 1 cent.";
                    case TOO_MANY_CENTS ->
                        command.totalCents() + " cents are too many; at most 9007199254740991 are allowed.";
                    case IMPOSSIBLE_DURATION ->
                        "A packet cannot be open for " + command.openForMillis()
                                + " ms; 1 to 2678400000 ms (31 days) are allowed.";
                    case OTHER_TERMS -> throw new AssertionError("needs another packet");
                };
        packetEvents.add(new PacketEvent.Rejected(command.packetId(), reason, detail, openOffset));
    }

    private void answer(
            Grab grab, String campaign, Outcome outcome, Share share, boolean repeat, long atMillis, long offset) {
        awards.add(new AwardResult(
                grab.packetId(), grab.grabId(), grab.userId(), campaign, outcome, share, repeat, atMillis, offset));
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

    /** The shares of a packet in cents, in the order in which they are awarded, computed with unlimited numbers. */
    public static List<Long> cut(Split split, long totalCents, int shares, byte[] seed) {
        Draws draws = new Draws(seed);
        List<Long> cut = new ArrayList<>();
        BigInteger left = BigInteger.valueOf(totalCents);
        for (int sharesLeft = shares; sharesLeft >= 1; sharesLeft--) {
            BigInteger cents =
                    switch (split) {
                        case EQUAL -> {
                            BigInteger oddCent = BigInteger.valueOf(sharesLeft - 1);
                            yield left.add(oddCent).divide(BigInteger.valueOf(sharesLeft));
                        }
                        case RANDOM -> {
                            if (sharesLeft == 1) {
                                yield left;
                            }
                            BigInteger twiceTheMean = left.shiftLeft(1).divide(BigInteger.valueOf(sharesLeft));
                            yield draws.below(twiceTheMean.subtract(BigInteger.ONE))
                                    .add(BigInteger.ONE);
                        }
                    };
            cut.add(cents.longValueExact());
            left = left.subtract(cents);
        }
        for (int i = shares - 1; i >= 1; i--) {
            Collections.swap(cut, i, draws.below(BigInteger.valueOf(i + 1L)).intValueExact());
        }
        return cut;
    }

    /** The seed of a packet. */
    public static byte[] seed(String secret, String packetId) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
            return mac.doFinal(packetId.getBytes(UTF_8));
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
