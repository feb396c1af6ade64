package redpacket.events;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/**
 * One of the messages of the contract, with all values that it can have.
 *
 * @param name as in {@code asyncapi.yaml}
 */
record Message<T>(
        String name, Topic topic, Function<byte[], T> read, Function<T, byte[]> write, Arbitrary<? extends T> any) {

    static final List<Message<?>> ALL = List.of(
            new Message<>("openPacket", Topic.OPENS, Json::readOpen, Json::write, opens()),
            new Message<>("cancelPacket", Topic.OPENS, Message::readCancel, Json::write, cancels()),
            new Message<>("grab", Topic.GRABS, Json::readGrab, Json::write, grabs()),
            new Message<>("awardResult", Topic.AWARDS, Json::readAward, Json::write, awards()),
            new Message<>("packetEvent", Topic.PACKETS, Json::readPacketEvent, Json::write, packetEvents()),
            new Message<>("windowStats", Topic.STATS, Json::readStats, Json::write, stats()));

    private static final String ID_CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:-";

    private static final String FOREIGN_ID_CHARACTERS = ID_CHARACTERS + "!#$%&'()*+,/;<=>?@[]^`{|}~";

    static Message<?> named(String name) {
        return ALL.stream()
                .filter(message -> message.name.equals(name))
                .findFirst()
                .orElseThrow();
    }

    static Arbitrary<Written<?>> anyWritten() {
        return Arbitraries.of(ALL).flatMap(Message::written).withoutEdgeCases();
    }

    private Arbitrary<Written<?>> written() {
        return any.map(event -> new Written<T>(this, event));
    }

    /** An event that the code wrote. */
    record Written<T>(Message<T> message, T event) {
        byte[] json() {
            return message.write.apply(event);
        }

        T readBack() {
            return message.read.apply(json());
        }

        @Override
        public String toString() {
            return message.name + " " + new String(json(), UTF_8);
        }
    }

    /** Ids of packets and campaigns. */
    static Arbitrary<String> ids() {
        return ids(ID_CHARACTERS);
    }

    /** Ids of users, senders and grabs. */
    static Arbitrary<String> foreignIds() {
        return ids(FOREIGN_ID_CHARACTERS);
    }

    private static Arbitrary<String> ids(String characters) {
        return Arbitraries.strings()
                .withChars(characters.toCharArray())
                .ofMinLength(1)
                .ofMaxLength(Limits.MAX_ID_LENGTH);
    }

    private static CancelPacket readCancel(byte[] json) {
        return Json.readCommand(json)
                .match(
                        open -> {
                            throw new InvalidEventException("the command opens a packet");
                        },
                        cancel -> cancel);
    }

    static Arbitrary<CancelPacket> cancels() {
        return Combinators.combine(ids(), foreignIds(), texts()).as(CancelPacket::new);
    }

    /** Commands for packets that can be. */
    static Arbitrary<OpenPacket> opens() {
        Arbitrary<OpenPacket> withoutPrizes = terms().flatMap(terms -> Combinators.combine(
                        ids(),
                        foreignIds(),
                        Arbitraries.of(Split.RANDOM, Split.EQUAL),
                        campaigns(),
                        Arbitraries.longs().between(1, Limits.MAX_OPEN_FOR_MILLIS),
                        Arbitraries.longs()
                                .between(1, terms.cents / terms.shares)
                                .injectNull(0.3),
                        Arbitraries.longs()
                                .between((terms.cents - 1) / terms.shares + 1, Limits.MAX_TOTAL_CENTS)
                                .injectNull(0.3))
                .as((packetId, senderId, split, campaign, openForMillis, min, max) -> new OpenPacket(
                                packetId, senderId, terms.cents, terms.shares, split, campaign, openForMillis)
                        .withBounds(split == Split.RANDOM ? min : null, split == Split.RANDOM ? max : null)));
        Arbitrary<OpenPacket> ofPrizes = Combinators.combine(
                        ids(),
                        foreignIds(),
                        prizes(),
                        campaigns(),
                        Arbitraries.longs().between(1, Limits.MAX_OPEN_FOR_MILLIS))
                .as(OpenPacket::ofPrizes);
        return Combinators.combine(
                        Arbitraries.oneOf(withoutPrizes, ofPrizes),
                        Arbitraries.longs().between(0, Limits.MAX_TIME_MILLIS).injectNull(0.5),
                        foreignIds()
                                .list()
                                .uniqueElements()
                                .ofMinSize(1)
                                .ofMaxSize(4)
                                .injectNull(0.5),
                        currencies(),
                        texts().injectNull(0.5))
                .as((open, startsAtMillis, onlyUsers, currency, title) -> open.withStart(startsAtMillis)
                        .withOnlyUsers(onlyUsers)
                        .withCurrency(currency)
                        .withTitle(title));
    }

    /** Prizes of a packet: at least one is no blank. */
    private static Arbitrary<List<Prize>> prizes() {
        Arbitrary<String> names = texts(Limits.MAX_PRIZE_NAME_LENGTH).injectNull(0.5);
        Arbitrary<Integer> counts = Arbitraries.integers().between(1, 10_000);
        Arbitrary<Prize> prizes = Combinators.combine(Arbitraries.longs().between(0, 1_000_000), counts, names)
                .as(Prize::new);
        Arbitrary<Prize> prizesWithCents = Combinators.combine(
                        Arbitraries.longs().between(1, 1_000_000), counts, names)
                .as(Prize::new);
        return Combinators.combine(prizesWithCents, prizes.list().ofMaxSize(4)).as((first, others) -> {
            List<Prize> all = new ArrayList<>(others);
            all.add(first);
            return all;
        });
    }

    private static Arbitrary<String> currencies() {
        return Arbitraries.of("CNY", "USD", "tea-points", "Coins_2.0").injectNull(0.5);
    }

    private static Arbitrary<String> texts() {
        return texts(Limits.MAX_TEXT_LENGTH);
    }

    /** Text of any script without control characters. */
    private static Arbitrary<String> texts(int mostCharacters) {
        return Arbitraries.integers()
                .between(' ', Character.MAX_CODE_POINT)
                .filter(c -> Character.getType(c) != Character.CONTROL && Character.getType(c) != Character.SURROGATE)
                .map(Character::toString)
                .list()
                .ofMinSize(1)
                .ofMaxSize(mostCharacters)
                .map(characters -> String.join("", characters));
    }

    static Arbitrary<Grab> grabs() {
        return Combinators.combine(foreignIds(), ids(), foreignIds()).as(Grab::new);
    }

    static Arbitrary<AwardResult> awards() {
        return Combinators.combine(
                        grabs(),
                        campaigns(),
                        currencies(),
                        Arbitraries.of(Outcome.class),
                        shares(),
                        Arbitraries.of(true, false),
                        notNegative(),
                        notNegative())
                .as((grab, campaign, currency, outcome, share, repeat, grabbedAtMillis, grabOffset) -> new AwardResult(
                        grab.packetId(),
                        grab.grabId(),
                        grab.userId(),
                        outcome == Outcome.UNKNOWN_PACKET ? null : campaign,
                        outcome == Outcome.UNKNOWN_PACKET ? null : currency,
                        outcome,
                        outcome.carriesShare() ? share : null,
                        repeat && outcome == Outcome.AWARDED,
                        grabbedAtMillis,
                        grabOffset));
    }

    static Arbitrary<PacketEvent> packetEvents() {
        return Arbitraries.oneOf(opened(), soldOut(), expired(), cancelled(), rejected(), cancelAnswered());
    }

    private static Arbitrary<PacketEvent.Opened> opened() {
        Arbitrary<Long> times = Arbitraries.longs().between(0, Long.MAX_VALUE / 2);
        return Combinators.combine(opens(), times, hashes(), notNegative(), hashes())
                .as((open, openedAtMillis, commitment, openOffset, hash) -> {
                    List<String> users = open.onlyUsers();
                    Long startsAtMillis = open.startsAtMillis();
                    long startMillis = Math.max(openedAtMillis, startsAtMillis == null ? 0 : startsAtMillis);
                    return new PacketEvent.Opened(
                            open.packetId(),
                            open.senderId(),
                            open.totalCents(),
                            open.shares(),
                            open.split(),
                            open.campaign(),
                            openedAtMillis,
                            startMillis + open.openForMillis(),
                            commitment,
                            openOffset,
                            startsAtMillis,
                            open.minCents(),
                            open.maxCents(),
                            open.prizes(),
                            users == null ? null : new PacketEvent.OnlyUsers(users.size(), hash),
                            open.currency(),
                            open.title());
                });
    }

    private static Arbitrary<PacketEvent.SoldOut> soldOut() {
        return Combinators.combine(
                        ids(), campaigns(), currencies(), terms(), notNegative(), notNegative(), luckiest(), hashes())
                .as((packetId, campaign, currency, terms, closedAtMillis, elapsedMillis, luckiest, seed) ->
                        new PacketEvent.SoldOut(
                                packetId,
                                campaign,
                                currency,
                                terms.shares,
                                terms.cents,
                                closedAtMillis,
                                elapsedMillis,
                                luckiest,
                                seed));
    }

    private static Arbitrary<PacketEvent.Expired> expired() {
        return Combinators.combine(
                        ids(),
                        campaigns(),
                        currencies(),
                        awardedInPart(),
                        Arbitraries.longs().between(0, Limits.MAX_TOTAL_CENTS),
                        notNegative(),
                        luckiest(),
                        hashes())
                .as((packetId, campaign, currency, won, refundedCents, closedAtMillis, luckiest, seed) ->
                        new PacketEvent.Expired(
                                packetId,
                                campaign,
                                currency,
                                won.shares,
                                won.cents,
                                refundedCents,
                                closedAtMillis,
                                won.shares == 0 ? null : luckiest,
                                seed));
    }

    private static Arbitrary<PacketEvent.Cancelled> cancelled() {
        return Combinators.combine(expired(), notNegative(), texts(), notNegative())
                .as((closed, fromGrabOffset, reason, openOffset) -> new PacketEvent.Cancelled(
                        closed.packetId(),
                        closed.campaign(),
                        closed.currency(),
                        closed.awardedShares(),
                        closed.awardedCents(),
                        closed.refundedCents(),
                        closed.closedAtMillis(),
                        fromGrabOffset,
                        reason,
                        openOffset,
                        closed.luckiest(),
                        closed.seed()));
    }

    private static Arbitrary<PacketEvent.CancelAnswered> cancelAnswered() {
        return Combinators.combine(
                        ids(),
                        Arbitraries.of(PacketEvent.CancelOutcome.class),
                        awardedInPart(),
                        notNegative(),
                        notNegative())
                .as((packetId, outcome, won, refundedCents, openOffset) -> new PacketEvent.CancelAnswered(
                        packetId,
                        outcome,
                        outcome.isClosed() ? new PacketEvent.Sums(won.shares, won.cents, refundedCents) : null,
                        openOffset));
    }

    private static Arbitrary<Terms> awardedInPart() {
        return Arbitraries.frequencyOf(
                Tuple.of(1, Arbitraries.just(new Terms(0, 0))),
                Tuple.of(4, terms().filter(terms -> terms.shares < Limits.MAX_SHARES)));
    }

    private static Arbitrary<PacketEvent.Rejected> rejected() {
        // Text that cannot be UTF-8, such as half of a surrogate pair, is nothing that the pipeline would write.
        Arbitrary<String> sentences =
                Arbitraries.strings().all().filter(text -> UTF_8.newEncoder().canEncode(text));
        return Combinators.combine(ids(), Arbitraries.of(PacketEvent.Reason.class), sentences, notNegative())
                .as(PacketEvent.Rejected::new);
    }

    static Arbitrary<WindowStats> stats() {
        Arbitrary<String> scopes = Combinators.combine(campaigns(), currencies())
                .as((campaign, currency) -> {
                    List<String> ofPacket = WindowStats.scopesOf(campaign, currency);
                    return ofPacket.get(ofPacket.size() - 1);
                });
        Arbitrary<Long> windows = Arbitraries.longs().between(1, 1_000_000);
        return Combinators.combine(
                        scopes,
                        windows,
                        windows,
                        Arbitraries.longs().greaterOrEqual(1),
                        Arbitraries.of(true, false),
                        counters())
                .as((scope, number, windowMillis, revision, closed, counters) ->
                        new WindowStats(scope, number * windowMillis, windowMillis, revision, closed, counters));
    }

    /** Sums of what results and packet events count for: so they are made, and so they keep their rules. */
    static Arbitrary<Counters> counters() {
        return Combinators.combine(
                        awards().list().ofMaxSize(12), packetEvents().list().ofMaxSize(12))
                .as((results, events) -> {
                    Counters sum = Counters.NONE;
                    for (AwardResult result : results) {
                        sum = sum.plus(Counters.of(result));
                    }
                    for (PacketEvent event : events) {
                        sum = sum.plus(Counters.of(event));
                    }
                    return sum;
                });
    }

    private record Terms(int shares, long cents) {}

    private static Arbitrary<Terms> terms() {
        return Arbitraries.integers().between(1, Limits.MAX_SHARES).flatMap(shares -> Arbitraries.longs()
                .between(shares, Limits.MAX_TOTAL_CENTS)
                .map(cents -> new Terms(shares, cents)));
    }

    private static Arbitrary<String> campaigns() {
        return ids().injectNull(0.3);
    }

    private static Arbitrary<Share> shares() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, Limits.MAX_SHARES - 1),
                        Arbitraries.longs().between(0, Limits.MAX_TOTAL_CENTS),
                        texts(Limits.MAX_PRIZE_NAME_LENGTH).injectNull(0.5))
                .as(Share::new);
    }

    private static Arbitrary<PacketEvent.Luckiest> luckiest() {
        return Combinators.combine(foreignIds(), shares()).as(PacketEvent.Luckiest::new);
    }

    private static Arbitrary<String> hashes() {
        return Arbitraries.strings().withChars("0123456789abcdef").ofLength(64);
    }

    private static Arbitrary<Long> notNegative() {
        return Arbitraries.longs().greaterOrEqual(0);
    }
}
