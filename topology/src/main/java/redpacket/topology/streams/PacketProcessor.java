package redpacket.topology.streams;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redpacket.events.AwardResult;
import redpacket.events.CancelPacket;
import redpacket.events.Grab;
import redpacket.events.OpenPacket;
import redpacket.events.PacketEvent;
import redpacket.events.PacketEvent.CancelOutcome;
import redpacket.events.Share;
import redpacket.events.Topic;
import redpacket.topology.inputs.FutureRecords;
import redpacket.topology.inputs.LookAhead;
import redpacket.topology.packet.Cancelling;
import redpacket.topology.packet.Decision;
import redpacket.topology.packet.Opening;
import redpacket.topology.packet.Packet;
import redpacket.topology.packet.Status;
import redpacket.topology.packet.Winner;
import redpacket.topology.shares.Patience;
import redpacket.topology.state.Deadlines;
import redpacket.topology.state.LivePacket;
import redpacket.topology.state.LivePackets;
import redpacket.topology.stats.WindowDeltas;
import redpacket.topology.stores.DecidedInputs;
import redpacket.topology.stores.DeferredStore;
import redpacket.topology.stores.StateStores;

/**
 * Opens and cancels packets and decides their grabs, in the order of the log. This class reads the state, asks the
 * rules, changes the state and forwards. Only the rules decide.
 */
final class PacketProcessor implements Processor<byte[], Object, byte[], Object> {
    private static final Logger LOG = LoggerFactory.getLogger(PacketProcessor.class);

    private final TopologyDependencies dependencies;
    private final LookAhead lookAhead;
    private final FailedPackets failedPackets;
    private final DecidedInputs decidedInputs;

    private ProcessorContext<byte[], Object> context;
    private Patience patience;
    private LivePackets livePackets;
    private Deadlines deadlines;
    private WindowDeltas windowDeltas;
    private TaskCounts counts;
    private FutureRecords future;

    PacketProcessor(
            TopologyDependencies dependencies,
            LookAhead lookAhead,
            FailedPackets failedPackets,
            DecidedInputs decidedInputs) {
        this.dependencies = dependencies;
        this.lookAhead = lookAhead;
        this.failedPackets = failedPackets;
        this.decidedInputs = decidedInputs;
    }

    /** Streams may call this again after a failure, so everything that was cached is dropped. */
    @Override
    public void init(ProcessorContext<byte[], Object> processorContext) {
        context = processorContext;
        // After an unclean shutdown Streams wipes a task's stores and restores them. The task waits for Redis here,
        // before a transaction starts, so that a long outage causes one such restore only.
        dependencies.queues().awaitRedis(TopologyDependencies.START_PATIENCE);
        DeferredStore winners = context.getStateStore(StateStores.WINNERS);
        close();
        LookAhead.Fetches coming = lookAhead.fetches(context.taskId().partition());
        coming.clear();
        livePackets = new LivePackets(
                dependencies.memory(),
                context.getStateStore(StateStores.PACKETS),
                winners.wrapped(),
                dependencies::reader,
                coming::forEachPacketId);
        deadlines = new Deadlines(
                context.getStateStore(StateStores.DEADLINES),
                dependencies.lifetime(),
                this::prepare,
                this::closeAtDeadline,
                this::forget,
                this::isPutOff,
                dependencies.time()::nanoTime);
        windowDeltas =
                new WindowDeltas(winners.wrapped(), dependencies.windows().length());
        patience = dependencies.patience();
        winners.beforeCommit(() -> {
            patience.renew();
            livePackets.write();
            windowDeltas.write();
        });
        counts = new TaskCounts(dependencies.meters());
        future = new FutureRecords(Topic.GRABS + "-" + context.taskId().partition());
        context.schedule(Deadlines.INTERVAL, PunctuationType.WALL_CLOCK_TIME, this::wake);
    }

    @Override
    public void process(Record<byte[], Object> record) {
        if (record.value() instanceof Grab grab) {
            pass(record);
            decide(record, grab);
        } else if (record.value() instanceof OpenPacket command) {
            open(record, command);
        } else if (record.value() instanceof CancelPacket command) {
            cancel(record, command);
        } else if (record.value() == Tick.TICK) {
            passTick(record);
        } else {
            throw new IllegalStateException("An ingest node forwarded a value that is no input: " + record.value());
        }
    }

    private void pass(Record<byte[], Object> record) {
        long now = context.currentSystemTimeMs();
        passTo(record.timestamp(), now);
        if (deadlines.isInTheFuture(record.timestamp(), now)) {
            future.add(record.timestamp(), now, offset());
            counts.future();
        }
    }

    private void passTick(Record<byte[], Object> tick) {
        long now = context.currentSystemTimeMs();
        boolean misdated = deadlines.isInTheFuture(tick.timestamp(), now);
        passTo(misdated ? Tick.sentAtMillis(tick) : tick.timestamp(), now);
    }

    @Override
    public void close() {
        if (counts != null) {
            counts.addToMeters(0); // The task ends here. From now on another task counts its open packets.
        }
        if (livePackets != null) {
            livePackets.close();
        }
    }

    /** A failure to close or forget a packet is no failure of the record by which its time has come. */
    private void passTo(long logMillis, long nowMillis) {
        try {
            deadlines.passTo(logMillis, nowMillis);
        } catch (RuntimeException e) {
            throw new FailedRecords.UnrelatedException(e);
        }
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
                live.status(),
                live.tally().awardedShares(),
                winner,
                grab.userId(),
                grab.grabId(),
                record.timestamp());
        if (decision == Decision.NEXT_SHARE) {
            // This is the only step that fails without Redis. Nothing has changed before it.
            award(record, grab, live, live.nextWinner(grab.userId(), grab.grabId()));
            if (patience.isStrained()) {
                context.commit();
            }
        } else {
            answer(
                    record,
                    grab,
                    live.packet(),
                    decision,
                    winner == null ? null : live.packet().shown(winner));
        }
    }

    private void award(Record<byte[], Object> record, Grab grab, LivePacket live, Winner winner) {
        live.award(winner);
        counts.awarded(winner.share().cents());
        answer(record, grab, live.packet(), Decision.NEXT_SHARE, live.packet().shown(winner));
        if (live.isSoldOut()) {
            counts.soldOut();
            announceClosing(record.key(), live.packet().soldOut(live.tally(), record.timestamp()), record.timestamp());
        }
    }

    private void answer(Record<byte[], Object> record, Grab grab, Packet packetOrNull, Decision decision, Share share) {
        AwardResult result = new AwardResult(
                grab.packetId(),
                grab.grabId(),
                grab.userId(),
                packetOrNull == null ? null : packetOrNull.campaign(),
                packetOrNull == null ? null : packetOrNull.special().currency(),
                decision.outcome(),
                share,
                decision.repeat(),
                record.timestamp(),
                offset());
        windowDeltas.count(result);
        // Streams read this clock when it fetched the record, so that asking costs nothing.
        counts.decided(result.outcome(), context.currentSystemTimeMs() - record.timestamp());
        reply(Nodes.WRITE_AWARDS, record, result);
    }

    private void open(Record<byte[], Object> record, OpenPacket command) {
        Packet existing = livePackets.terms(command.packetId());
        Opening opening = Opening.decide(command, record.timestamp(), existing, dependencies.secret());
        long openOffset = offset();
        PacketEvent answer = opening.match(
                accepted -> opened(accepted.packet(), openOffset),
                again -> again.packet().opened(openOffset),
                refused ->
                        new PacketEvent.Rejected(command.packetId(), refused.reason(), refused.detail(), openOffset));
        reply(Nodes.WRITE_PACKETS, record, answer);
    }

    private PacketEvent opened(Packet packet, long openOffset) {
        livePackets.open(packet);
        deadlines.add(packet);
        PacketEvent.Opened opened = packet.opened(openOffset);
        windowDeltas.count(opened);
        counts.opened();
        return opened;
    }

    private void cancel(Record<byte[], Object> record, CancelPacket command) {
        LivePackets.Known known = livePackets.look(command.packetId());
        if (known != null && deadlines.isForgotten(known.packet())) {
            known = null;
        }
        CancelOutcome outcome = known == null
                ? CancelOutcome.UNKNOWN_PACKET
                : Cancelling.decide(
                        known.packet(), known.status(), known.tally().awardedShares(), command.senderId());
        if (outcome == CancelOutcome.CANCELLED && known.status() == Status.OPEN) {
            cancel(record, command, known);
        }
        PacketEvent.Sums sums = outcome.isClosed() ? known.packet().sums(known.tally()) : null;
        reply(Nodes.WRITE_PACKETS, record, new PacketEvent.CancelAnswered(command.packetId(), outcome, sums, offset()));
    }

    private void cancel(Record<byte[], Object> record, CancelPacket command, LivePackets.Known open) {
        TopicPartition grabs =
                new TopicPartition(Topic.GRABS.topicName(), context.taskId().partition());
        // Grabs of other packets count too: each one below was decided before, each other one is decided later.
        long fromGrabOffset = decidedInputs.nextOffset(grabs);
        PacketEvent.Cancelled cancelled =
                open.packet().cancelled(command, open.tally(), record.timestamp(), fromGrabOffset, offset());
        livePackets.close(open.packet(), Status.CANCELLED);
        counts.cancelled(cancelled.refundedCents());
        announceClosing(record.key(), cancelled, record.timestamp());
    }

    private void wake(long nowMillis) {
        counts.addToMeters(windowDeltas.openPackets());
        future.tell(nowMillis);
        livePackets.prefetch();
        livePackets.makeRoom();
        deadlines.wake(nowMillis).ifPresent(due -> context.forward(Tick.record(due, nowMillis), Nodes.WRITE_TICKS));
        windowDeltas.send(
                delta -> forward(Nodes.WRITE_STATS_DELTAS, delta.key().getBytes(ISO_8859_1), delta, nowMillis));
    }

    private boolean isPutOff(String packetId) {
        String reason = failedPackets.reasonToPutOff(packetId);
        if (reason == null) {
            return false;
        }
        LOG.error(
                "Putting off the preparation, closing or deletion of packet {} by {} h: the pipeline failed twice: {}."
                        + " Its refund waits. Restart with a release that mends this.",
                packetId,
                Deadlines.PUT_OFF.toHours(),
                reason);
        dependencies.meters().add(PacketMeters.Count.FAILED_CLOSINGS, 1);
        return true;
    }

    /** Loads a packet into memory, and with it its first shares, so that the rush at its start does not wait. */
    private void prepare(String packetId) {
        try {
            livePackets.find(packetId);
        } catch (RuntimeException e) {
            failedPackets.add(packetId, e);
            throw e;
        }
    }

    private Packet closeAtDeadline(String packetId, long nowMillis) {
        try {
            LivePackets.Known due = livePackets.look(packetId);
            if (due == null) {
                throw new IllegalStateException("The store has lost packet " + packetId + ", whose deadline is now");
            }
            if (!due.isClosed()) {
                PacketEvent.Expired expired = due.packet().expired(due.tally());
                livePackets.close(due.packet(), Status.EXPIRED);
                counts.expired(expired.refundedCents());
                announceClosing(packetId.getBytes(ISO_8859_1), expired, nowMillis);
            }
            return due.packet();
        } catch (RuntimeException e) {
            failedPackets.add(packetId, e);
            throw e;
        }
    }

    private int forget(String packetId, int most) {
        try {
            Packet packet = livePackets.terms(packetId);
            int deleted = livePackets.forget(packetId, most);
            if (deleted < most && packet != null) {
                dependencies.queues().remove(dependencies.queue(packet));
            }
            return deleted;
        } catch (RuntimeException e) {
            failedPackets.add(packetId, e);
            throw e;
        }
    }

    private void announceClosing(byte[] packetId, PacketEvent.Closed closing, long nowMillis) {
        windowDeltas.count(closing);
        forward(Nodes.WRITE_PACKETS, packetId, closing, nowMillis);
    }

    /** The answer to a command belongs to the trace of the command. */
    private void reply(String child, Record<byte[], Object> record, Object answer) {
        Headers trace = TraceHeaders.of(record.headers());
        context.forward(new Record<>(record.key(), answer, record.timestamp(), trace), child);
    }

    private void forward(String child, byte[] key, Object event, long atMillis) {
        context.forward(new Record<>(key, event, atMillis), child);
    }

    private long offset() {
        return context.recordMetadata().orElseThrow().offset();
    }
}
