package redpacket.topology.packet;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.statistics.Statistics;
import redpacket.audit.NaivePipeline;
import redpacket.audit.TermsMix;
import redpacket.events.AwardResult;
import redpacket.events.CancelPacket;
import redpacket.events.Grab;
import redpacket.events.Limits;
import redpacket.events.OpenPacket;
import redpacket.events.Outcome;
import redpacket.events.PacketEvent;
import redpacket.events.Split;

/** The rules together: a plain loop around them gives what the naive pipeline gives, whatever happens. */
class RulesTest {
    private static final String SECRET = "a secret for tests";
    private static final long START_MILLIS = 1_000_000;
    private static final List<String> USERS = List.of("u0", "u1", "u2", "u3", "u4", "u5");
    private static final Duration GRACE = Duration.ofMillis(20);

    /** The next entry of the log, this many milliseconds after the one before. */
    sealed interface Step {
        int millisLater();
    }

    record Open(int millisLater, OpenPacket command) implements Step {}

    record Cancel(int millisLater, CancelPacket command) implements Step {}

    record Reach(int millisLater, Grab grab) implements Step {}

    record Wait(int millisLater) implements Step {}

    @Property(tries = 500)
    void shouldGiveWhatTheNaivePipelineGives(@ForAll("histories") List<Step> history) {
        Loop loop = new Loop();
        NaivePipeline naive = new NaivePipeline(SECRET);
        long logTimeMillis = START_MILLIS;
        for (int offset = 0; offset < history.size(); offset++) {
            Step step = history.get(offset);
            logTimeMillis += step.millisLater();
            if (step instanceof Open open) {
                loop.open(open.command(), logTimeMillis, offset);
                naive.open(open.command(), logTimeMillis, offset);
            } else if (step instanceof Cancel cancel) {
                loop.cancel(cancel.command(), logTimeMillis, offset);
                naive.cancel(cancel.command(), logTimeMillis, offset, offset + 7);
            } else if (step instanceof Reach reach) {
                loop.grab(reach.grab(), logTimeMillis, offset);
                naive.grab(reach.grab(), logTimeMillis, offset);
            } else {
                loop.timePasses(logTimeMillis);
                naive.timePasses(logTimeMillis, GRACE);
            }
        }

        assertThat(loop.awards).isEqualTo(naive.awards());
        assertThat(loop.packetEvents).isEqualTo(naive.packetEvents());
        assertThatHistoriesReachEveryBranch(naive);
    }

    /** Requires at least one history in a hundred, so that the comparison stays meaningful. */
    private static void assertThatHistoriesReachEveryBranch(NaivePipeline naive) {
        Set<Object> reached = new HashSet<>();
        for (AwardResult result : naive.awards()) {
            reached.add(result.repeat() ? Decision.SAME_SHARE_AGAIN : result.outcome());
        }
        for (PacketEvent event : naive.packetEvents()) {
            reached.add(event.match(
                    PacketEvent::getClass,
                    PacketEvent::getClass,
                    PacketEvent.Rejected::reason,
                    PacketEvent.CancelAnswered::outcome));
        }
        List<Object> branches = new ArrayList<>(List.of(Outcome.values()));
        branches.addAll(List.of(PacketEvent.Reason.values()));
        branches.addAll(List.of(
                Decision.SAME_SHARE_AGAIN,
                PacketEvent.Opened.class,
                PacketEvent.SoldOut.class,
                PacketEvent.Expired.class,
                PacketEvent.Cancelled.class));
        branches.addAll(List.of(PacketEvent.CancelOutcome.values()));
        for (Object branch : branches) {
            Statistics.label(branch.toString())
                    .collect(reached.contains(branch))
                    .coverage(coverage -> coverage.check(true).percentage(percentage -> percentage >= 1));
        }
    }

    @Property(tries = 200)
    void shouldHandOutOrRefundEveryCentWhenTimeIsOver(@ForAll("histories") List<Step> history) {
        Loop loop = new Loop();
        long logTimeMillis = START_MILLIS;
        for (int offset = 0; offset < history.size(); offset++) {
            Step step = history.get(offset);
            logTimeMillis += step.millisLater();
            if (step instanceof Open open) {
                loop.open(open.command(), logTimeMillis, offset);
            } else if (step instanceof Cancel cancel) {
                loop.cancel(cancel.command(), logTimeMillis, offset);
            } else if (step instanceof Reach reach) {
                loop.grab(reach.grab(), logTimeMillis, offset);
            }
        }
        loop.timePasses(Long.MAX_VALUE);

        Map<String, Long> centsLeft = new HashMap<>();
        loop.packets.values().forEach(packet -> centsLeft.put(packet.packetId(), packet.totalCents()));
        loop.awards.stream()
                .filter(AwardResult::movesMoney)
                .forEach(result ->
                        centsLeft.merge(result.packetId(), -result.share().cents(), Long::sum));
        for (PacketEvent event : loop.packetEvents) {
            if (event instanceof PacketEvent.Closed closed) {
                long refundedCents = closed.match(
                        soldOut -> 0L, PacketEvent.Expired::refundedCents, PacketEvent.Cancelled::refundedCents);
                centsLeft.merge(closed.packetId(), -refundedCents, Long::sum);
            }
        }
        assertThat(centsLeft.values()).allMatch(cents -> cents == 0);
    }

    /** Few ids, so that packets, users and grabs meet often; short times, so that deadlines pass. */
    @Provide
    Arbitrary<List<Step>> histories() {
        Arbitrary<String> packetIds = Arbitraries.of("p0", "p1", "p2", "p3");
        // Sometimes the clock of a broker is set back.
        Arbitrary<Integer> millisLater = Arbitraries.integers().between(-5, 15);
        Arbitrary<OpenPacket> possible = Combinators.combine(
                        packetIds,
                        Arbitraries.of("ann", "bob"),
                        Arbitraries.longs().between(0, 40),
                        Arbitraries.integers().between(1, 6),
                        Arbitraries.of(Split.RANDOM, Split.EQUAL),
                        Arbitraries.of("spring", "autumn").injectNull(0.3),
                        Arbitraries.longs().between(1, 300),
                        Arbitraries.longs())
                .as((packetId, sender, spare, shares, split, campaign, openForMillis, seed) -> new TermsMix(
                                new Random(seed), USERS, 300)
                        .addTo(
                                new OpenPacket(
                                        packetId, sender, shares + spare, shares, split, campaign, openForMillis),
                                START_MILLIS + Math.floorMod(seed, 500)));
        // A large packet is only slower, not another case, so there are few shares or too many.
        Arbitrary<OpenPacket> extreme = Combinators.combine(
                        Arbitraries.of("p0", "p4"),
                        Arbitraries.of(Long.MIN_VALUE, 6L, 7L, Limits.MAX_TOTAL_CENTS, Long.MAX_VALUE),
                        Arbitraries.of(Integer.MIN_VALUE, 0, 1, 2, 7, Limits.MAX_SHARES + 1),
                        Arbitraries.of(Long.MIN_VALUE, 0L, 1L, Limits.MAX_OPEN_FOR_MILLIS, Long.MAX_VALUE))
                .as((packetId, totalCents, shares, openForMillis) ->
                        new OpenPacket(packetId, "eve", totalCents, shares, Split.EQUAL, null, openForMillis));
        Arbitrary<OpenPacket> twins =
                packetIds.map(packetId -> new OpenPacket(packetId, "twin", 50, 4, Split.RANDOM, "spring", 200));
        Arbitrary<Grab> grabs = Combinators.combine(
                        Arbitraries.of("g0", "g1", "g2"),
                        Arbitraries.frequencyOf(Tuple.of(9, packetIds), Tuple.of(1, Arbitraries.just("nowhere"))),
                        Arbitraries.of(USERS))
                .as(Grab::new);
        Arbitrary<OpenPacket> opens =
                Arbitraries.frequencyOf(Tuple.of(2, twins), Tuple.of(5, possible), Tuple.of(2, extreme));
        Arbitrary<CancelPacket> cancels = Combinators.combine(
                        Arbitraries.frequencyOf(Tuple.of(9, packetIds), Tuple.of(1, Arbitraries.just("nowhere"))),
                        Arbitraries.of("ann", "bob", "twin"))
                .as((packetId, sender) -> new CancelPacket(packetId, sender, "Why"));
        return Arbitraries.<Step>frequencyOf(
                        Tuple.of(5, Combinators.combine(millisLater, opens).as(Open::new)),
                        Tuple.of(2, Combinators.combine(millisLater, cancels).as(Cancel::new)),
                        Tuple.of(20, Combinators.combine(millisLater, grabs).as(Reach::new)),
                        Tuple.of(1, Arbitraries.integers().between(0, 100).map(Wait::new)))
                .list()
                .ofMinSize(20)
                .ofMaxSize(150);
    }

    /** The work of a processor, without anything that can fail. */
    private static final class Loop {
        private final SeedSecret secret = SeedSecret.of(SECRET);
        private final Map<String, Packet> packets = new LinkedHashMap<>();
        private final Map<String, Status> closed = new HashMap<>();
        private final Map<String, Tally> tallies = new HashMap<>();
        private final Map<String, Map<String, Winner>> winners = new HashMap<>();
        private final List<AwardResult> awards = new ArrayList<>();
        private final List<PacketEvent> packetEvents = new ArrayList<>();

        void open(OpenPacket command, long appendedAtMillis, long openOffset) {
            Packet existing = packets.get(command.packetId());
            Opening opening = Opening.decide(command, appendedAtMillis, existing, secret);
            packetEvents.add(opening.match(
                    accepted -> {
                        packets.put(command.packetId(), accepted.packet());
                        tallies.put(command.packetId(), new Tally());
                        winners.put(command.packetId(), new HashMap<>());
                        return accepted.packet().opened(openOffset);
                    },
                    again -> again.packet().opened(openOffset),
                    refused -> new PacketEvent.Rejected(
                            command.packetId(), refused.reason(), refused.detail(), openOffset)));
        }

        void cancel(CancelPacket command, long appendedAtMillis, long openOffset) {
            String packetId = command.packetId();
            Packet packet = packets.get(packetId);
            Tally tally = tallies.getOrDefault(packetId, new Tally());
            Status status = closed.getOrDefault(packetId, Status.OPEN);
            PacketEvent.CancelOutcome outcome =
                    Cancelling.decide(packet, status, tally.awardedShares(), command.senderId());
            if (outcome == PacketEvent.CancelOutcome.CANCELLED && status == Status.OPEN) {
                closed.put(packetId, Status.CANCELLED);
                packetEvents.add(packet.cancelled(command, tally, appendedAtMillis, openOffset + 7, openOffset));
            }
            packetEvents.add(new PacketEvent.CancelAnswered(
                    packetId, outcome, outcome.isClosed() ? packet.sums(tally) : null, openOffset));
        }

        void grab(Grab grab, long grabbedAtMillis, long grabOffset) {
            String packetId = grab.packetId();
            Packet packet = packets.get(packetId);
            Tally tally = tallies.getOrDefault(packetId, new Tally());
            Winner winner = packet == null ? null : winners.get(packetId).get(grab.userId());
            Decision decision = Decision.on(
                    packet,
                    closed.getOrDefault(packetId, Status.OPEN),
                    tally.awardedShares(),
                    winner,
                    grab.userId(),
                    grab.grabId(),
                    grabbedAtMillis);
            if (decision == Decision.NEXT_SHARE) {
                winner = nextWinner(packet, tally, grab);
                tally.add(winner);
                winners.get(packetId).put(grab.userId(), winner);
            }
            awards.add(new AwardResult(
                    packetId,
                    grab.grabId(),
                    grab.userId(),
                    packet == null ? null : packet.campaign(),
                    packet == null ? null : packet.special().currency(),
                    decision.outcome(),
                    decision.outcome().carriesShare() ? packet.shown(winner) : null,
                    decision.repeat(),
                    grabbedAtMillis,
                    grabOffset));
            if (decision == Decision.NEXT_SHARE && tally.awardedShares() == packet.shares()) {
                packetEvents.add(packet.soldOut(tally, grabbedAtMillis));
            }
        }

        void timePasses(long logTimeMillis) {
            for (Packet packet : packets.values()) {
                boolean isDue = logTimeMillis - GRACE.toMillis() >= packet.deadlineMillis();
                boolean isSoldOut = tallies.get(packet.packetId()).awardedShares() == packet.shares();
                if (isDue && !isSoldOut && closed.putIfAbsent(packet.packetId(), Status.EXPIRED) == null) {
                    packetEvents.add(packet.expired(tallies.get(packet.packetId())));
                }
            }
        }

        private static Winner nextWinner(Packet packet, Tally tally, Grab grab) {
            int index = tally.awardedShares();
            Winner winner = packet.winner(grab.userId(), grab.grabId(), index, packet.cut()[index]);
            long cents = winner.share().cents();
            assertThat(packet.canBeNext(index, tally.awardedCents(), cents)).isTrue();
            return winner;
        }
    }
}
