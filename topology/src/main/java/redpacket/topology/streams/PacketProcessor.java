package redpacket.topology.streams;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import redpacket.events.AwardResult;
import redpacket.events.Grab;
import redpacket.events.OpenPacket;
import redpacket.events.PacketEvent;
import redpacket.events.Share;
import redpacket.topology.packet.Decision;
import redpacket.topology.packet.Opening;
import redpacket.topology.packet.Packet;
import redpacket.topology.packet.Winner;
import redpacket.topology.state.Deadlines;
import redpacket.topology.state.LivePacket;
import redpacket.topology.state.LivePackets;
import redpacket.topology.stats.WindowDeltas;
import redpacket.topology.stores.DeferredStore;
import redpacket.topology.stores.StateStores;

/**
 * Opens packets and decides their grabs, in the order of the log. It reads the stores, asks the rules, writes the stores and
 * forwards; the rules decide.
 */
final class PacketProcessor implements Processor<byte[], Object, byte[], Object> {
    private final TopologyDependencies settings;
    private final LookAhead lookAhead;

    private ProcessorContext<byte[], Object> context;
    private LivePackets livePackets;
    private Deadlines deadlines;
    private WindowDeltas windowDeltas;
    private TaskCounts counts;

    PacketProcessor(TopologyDependencies settings, LookAhead lookAhead) {
        this.settings = settings;
        this.lookAhead = lookAhead;
    }

    /** Also called after a failure, on this same object: nothing that was cached may survive it. */
    @Override
    public void init(ProcessorContext<byte[], Object> processorContext) {
        context = processorContext;
        // An unclean end costs a task its local stores; waiting here, before any transaction, it has only one of them.
        settings.queues().awaitRedis(TopologyDependencies.PATIENCE_AT_START);
        DeferredStore deferred = context.getStateStore(StateStores.WINNERS);
        LookAhead.Fetches coming = lookAhead.fetches(context.taskId().partition());
        coming.clear();
        livePackets = new LivePackets(
                settings.livePackets(),
                context.getStateStore(StateStores.PACKETS),
                deferred.wrapped(),
                settings::reader,
                coming);
        deadlines = new Deadlines(
                context.getStateStore(StateStores.DEADLINES), settings.life(), this::closeAtDeadline, this::forget);
        windowDeltas = new WindowDeltas(deferred.wrapped(), settings.windows().length());
        deferred.beforeCommit(() -> {
            livePackets.write();
            windowDeltas.write();
        });
        close();
        counts = new TaskCounts(settings.meters());
        context.schedule(Deadlines.INTERVAL, PunctuationType.WALL_CLOCK_TIME, this::wake);
    }

    @Override
    public void process(Record<byte[], Object> record) {
        if (record.value() instanceof OpenPacket command) {
            open(record, command);
        } else if (record.value() instanceof Grab grab) {
            deadlines.passTo(record.timestamp());
            decide(record, grab);
        } else if (record.value() instanceof Tick) {
            deadlines.passTo(record.timestamp());
        } else {
            throw new IllegalStateException("no ingest forwards " + record.value());
        }
    }

    @Override
    public void close() {
        if (counts != null) {
            counts.handOn(0); // The task ends here: its open packets are another's from now on.
        }
    }

    private void wake(long nowMillis) {
        counts.handOn(windowDeltas.openPackets());
        livePackets.prefetch();
        deadlines
                .wake(nowMillis)
                .ifPresent(due -> context.forward(Tick.record(due, nowMillis), RedPacketTopology.WRITE_TICKS));
        windowDeltas.send(delta ->
                forward(RedPacketTopology.WRITE_STATS_DELTAS, delta.key().getBytes(ISO_8859_1), delta, nowMillis));
    }

    private void open(Record<byte[], Object> record, OpenPacket command) {
        Packet existing = livePackets.stored(command.packetId());
        Opening opening = Opening.decide(command, record.timestamp(), existing, settings.secret());
        long openOffset = offset();
        PacketEvent answer = opening.match(
                accepted -> opened(accepted.packet(), openOffset),
                again -> again.packet().opened(openOffset),
                refused ->
                        new PacketEvent.Rejected(command.packetId(), refused.reason(), refused.detail(), openOffset));
        announce(record.key(), answer, record.timestamp());
    }

    private PacketEvent opened(Packet packet, long openOffset) {
        livePackets.open(packet);
        deadlines.add(packet);
        PacketEvent.Opened opened = packet.opened(openOffset);
        windowDeltas.count(opened);
        counts.opened();
        return opened;
    }

    private void decide(Record<byte[], Object> record, Grab grab) {
        LivePacket live = livePackets.find(grab.packetId());
        if (live == null || deadlines.isForgotten(live.packet())) {
            answer(record, grab, null, Decision.UNKNOWN_PACKET, null);
            return;
        }
        Winner winner = live.find(grab.userId());
        Decision decision = Decision.on(
                live.packet(),
                live.isClosed(),
                live.tally().awardedShares(),
                winner,
                grab.grabId(),
                record.timestamp());
        if (decision == Decision.NEXT_SHARE) {
            // The only step that may fail for want of Redis comes before anything is written.
            Share share = live.nextShare();
            award(record, grab, live, share);
        } else {
            answer(record, grab, live.packet(), decision, winner == null ? null : winner.share());
        }
    }

    private void award(Record<byte[], Object> record, Grab grab, LivePacket live, Share share) {
        live.award(new Winner(grab.userId(), grab.grabId(), share));
        counts.awarded(share.cents());
        answer(record, grab, live.packet(), Decision.NEXT_SHARE, share);
        if (live.isSoldOut()) {
            counts.soldOut();
            announceClosing(record.key(), live.packet().soldOut(live.tally(), record.timestamp()), record.timestamp());
        }
    }

    private Packet closeAtDeadline(String packetId, long nowMillis) {
        LivePacket live = livePackets.find(packetId);
        if (!live.isClosed()) {
            livePackets.expire(live);
            PacketEvent.Expired expired = live.packet().expired(live.tally());
            counts.expired(expired.refundedCents());
            announceClosing(packetId.getBytes(ISO_8859_1), expired, nowMillis);
        }
        return live.packet();
    }

    private void announceClosing(byte[] packetId, PacketEvent.Closed closing, long nowMillis) {
        windowDeltas.count(closing);
        announce(packetId, closing, nowMillis);
    }

    private int forget(String packetId, int most) {
        int deleted = livePackets.forget(packetId, most);
        if (deleted < most) {
            settings.queues().remove(packetId);
        }
        return deleted;
    }

    private void answer(Record<byte[], Object> record, Grab grab, Packet packetOrNull, Decision decision, Share share) {
        AwardResult result = new AwardResult(
                grab.packetId(),
                grab.grabId(),
                grab.userId(),
                packetOrNull == null ? null : packetOrNull.campaign(),
                decision.outcome(),
                share,
                decision.repeat(),
                record.timestamp(),
                offset());
        windowDeltas.count(result);
        // The clock as of this batch of records: asking for it costs nothing.
        counts.decided(result.outcome(), context.currentSystemTimeMs() - record.timestamp());
        forward(RedPacketTopology.WRITE_AWARDS, record.key(), result, record.timestamp());
    }

    private void announce(byte[] packetId, PacketEvent event, long atMillis) {
        forward(RedPacketTopology.WRITE_PACKETS, packetId, event, atMillis);
    }

    /** Without the headers of the record that caused it: they may be of any size. */
    private void forward(String child, byte[] key, Object event, long atMillis) {
        context.forward(new Record<>(key, event, atMillis), child);
    }

    private long offset() {
        return context.recordMetadata().orElseThrow().offset();
    }
}
