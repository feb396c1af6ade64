package redpacket.audit;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import redpacket.audit.Inputs.Input;
import redpacket.audit.Violation.Kind;
import redpacket.events.AwardResult;
import redpacket.events.Grab;
import redpacket.events.InvalidEventException;
import redpacket.events.Json;
import redpacket.events.OpenPacket;
import redpacket.events.Outcome;
import redpacket.events.PacketEvent;
import redpacket.events.PacketEvent.Reason;

/**
 * Audits one partition: the commands, grabs, events and results with the same partition number, which are all that there
 * is about the packets in it.
 *
 * <p>The grabs that were there at the start are what is audited. A pipeline may be running: events of a later time that come
 * into view are left aside.
 */
final class PartitionAudit {
    private final CommittedLog packets;
    private final CommittedLog awards;
    private final Inputs<OpenPacket> opens;
    private final Inputs<Grab> grabs;
    private final DeadLetters deadLetters;
    private final Findings findings;
    private final Totals totals;
    private final Patience patience;
    private final AuditOptions options;
    private final long coveredFromMillis;

    private final Map<String, PacketHistory> histories = new HashMap<>();

    /**
     * Begins with the inputs, whose present ends say what has to be answered.
     *
     * @param partitions of each of the four topics
     * @param coveredFromMillis packets that were opened before this time, and grabs that came before, are not judged
     */
    PartitionAudit(
            CommittedLog opens,
            CommittedLog grabs,
            CommittedLog packets,
            CommittedLog awards,
            int partitions,
            DeadLetters deadLetters,
            Findings findings,
            Totals totals,
            Patience patience,
            AuditOptions options,
            long coveredFromMillis) {
        this.opens = Inputs.opens(opens, partitions, deadLetters, findings, coveredFromMillis);
        this.grabs = Inputs.grabs(grabs, partitions, deadLetters, findings, coveredFromMillis);
        this.packets = packets;
        this.awards = awards;
        this.deadLetters = deadLetters;
        this.findings = findings;
        this.totals = totals;
        this.patience = patience;
        this.options = options;
        this.coveredFromMillis = coveredFromMillis;
    }

    void run() {
        opens.readRequired();
        readPackets();
        readAwards();
        while (opens.awaitsAnswers() && patience.pause()) {
            if (readPackets()) {
                patience.renew();
            }
        }
        awaitClosings();
        while (lacksDeadLetters() && patience.pause()) {
            deadLetters.readOn();
        }
        judge();
    }

    private boolean lacksDeadLetters() {
        return deadLetters.lacks(opens.partition(), opens.dueEnd(options.complete()))
                || deadLetters.lacks(grabs.partition(), grabs.dueEnd(options.complete()));
    }

    private void readAwards() {
        grabs.readRequired();
        while (true) {
            boolean came = false;
            for (var record = awards.next(); record != null; record = awards.next()) {
                came = true;
                readAward(record);
            }
            if (came) {
                patience.renew();
            }
            if (!grabs.awaitsAnswers() || !patience.pause()) {
                return;
            }
            awards.extend();
        }
    }

    private void readAward(ConsumerRecord<byte[], byte[]> record) {
        AwardResult result;
        try {
            result = Json.readAward(record.value());
            Inputs.requireKey(record, result.packetId());
        } catch (InvalidEventException e) {
            findings.add(Kind.UNREADABLE_ANSWER, record, null, e.getMessage());
            return;
        }
        if (!grabs.needsAnswer(result.grabOffset()) && grabs.reaches(result.grabOffset())) {
            return;
        }
        totals.recount(result);
        Input<Grab> grab = grabs.answeredBy(record, result.grabOffset(), result.packetId());
        if (grab == null) {
            return;
        }
        totals.count(result);
        if (!grab.event().equals(new Grab(result.grabId(), result.packetId(), result.userId()))
                || grab.appendedAtMillis() != result.grabbedAtMillis()) {
            findings.add(
                    Kind.ANSWER_TO_ANOTHER,
                    record,
                    result.packetId(),
                    result + " answers " + grab.event() + " of time " + grab.appendedAtMillis() + ".");
            return;
        }
        PacketHistory history = history(result.packetId());
        if (result.outcome() != Outcome.UNKNOWN_PACKET) {
            awaitOpening(history);
        }
        if (isCovered(history)) {
            history.answered(record, grab, result);
        }
    }

    /** The opened event was committed with or before the result, but each partition shows it in its own time. */
    private void awaitOpening(PacketHistory history) {
        while (history.opened() == null && coveredFromMillis == 0 && patience.pause()) {
            readPackets();
        }
    }

    private void awaitClosings() {
        readPackets();
        List<PacketHistory> lacking = lackingClosing(histories.values().stream().toList());
        while (!lacking.isEmpty() && patience.pause()) {
            readPackets();
            lacking = lackingClosing(lacking);
        }
    }

    private List<PacketHistory> lackingClosing(List<PacketHistory> among) {
        long slackMillis = options.closingSlack().toMillis();
        return among.stream()
                .filter(history -> isCovered(history) && history.lacksClosing(dueMillis(), slackMillis))
                .toList();
    }

    /** What had to be done by now: all that the log says, or, while the pipeline may be behind, what it has got to. */
    private long dueMillis() {
        return options.complete() ? grabs.requiredLogMillis() : grabs.answeredLogMillis();
    }

    private boolean readPackets() {
        packets.extend();
        boolean came = false;
        for (var record = packets.next(); record != null; record = packets.next()) {
            came = true;
            readPacketEvent(record);
        }
        return came;
    }

    private void readPacketEvent(ConsumerRecord<byte[], byte[]> record) {
        PacketEvent event;
        try {
            event = Json.readPacketEvent(record.value());
            Inputs.requireKey(record, event.packetId());
        } catch (InvalidEventException e) {
            findings.add(Kind.UNREADABLE_ANSWER, record, null, e.getMessage());
            return;
        }
        PacketHistory history = history(event.packetId());
        event.handle(
                opened -> {
                    judgeOpening(record, opened, history);
                    if (history.opened(record, opened)) {
                        totals.recount(opened);
                    }
                },
                closed -> {
                    if (history.closed(record, closed)) {
                        totals.recount(closed);
                    }
                },
                rejected -> {
                    judgeRejection(record, rejected, history);
                    totals.rejected++;
                });
    }

    private void judgeOpening(ConsumerRecord<byte[], byte[]> record, PacketEvent.Opened event, PacketHistory history) {
        Input<OpenPacket> command = answered(record, event, event.openOffset());
        if (command == null || event.openedAtMillis() < coveredFromMillis) {
            return;
        }
        if (history.opened() != null) {
            if (!Terms.areThoseOf(history.opened(), command.event())) {
                findings.add(
                        Kind.WRONG_ACCEPTANCE,
                        record,
                        event.packetId(),
                        "The packet was opened before on other terms than " + command.event() + ".");
            }
            return;
        }
        Set<Reason> faults = Terms.faults(command.event());
        if (!faults.isEmpty()) {
            findings.add(
                    Kind.WRONG_ACCEPTANCE,
                    record,
                    event.packetId(),
                    command.event() + " is impossible: " + faults + ".");
            return;
        }
        PacketEvent.Opened right = openedBy(command, event.commitment());
        if (!event.equals(right)) {
            findings.add(
                    Kind.WRONG_OPENING, record, event.packetId(), "It should be " + right + ", and is " + event + ".");
        }
    }

    private static PacketEvent.Opened openedBy(Input<OpenPacket> command, String commitment) {
        OpenPacket terms = command.event();
        return new PacketEvent.Opened(
                terms.packetId(),
                terms.senderId(),
                terms.totalCents(),
                terms.shares(),
                terms.split(),
                terms.campaign(),
                command.appendedAtMillis(),
                command.appendedAtMillis() + terms.openForMillis(),
                commitment,
                command.offset());
    }

    private void judgeRejection(
            ConsumerRecord<byte[], byte[]> record, PacketEvent.Rejected event, PacketHistory history) {
        Input<OpenPacket> command = answered(record, event, event.openOffset());
        if (command == null) {
            return;
        }
        Set<Reason> reasons = Terms.faults(command.event());
        boolean isTaken =
                history.opened() == null ? coveredFromMillis > 0 : !Terms.areThoseOf(history.opened(), command.event());
        if (isTaken) {
            reasons.add(Reason.OTHER_TERMS);
        }
        if (!reasons.contains(event.reason())) {
            findings.add(
                    Kind.WRONG_REJECTION,
                    record,
                    event.packetId(),
                    "Rejected for " + event.reason() + "; "
                            + (reasons.isEmpty() ? "there is no reason to" : "right would be " + reasons) + ": "
                            + command.event());
        }
    }

    /** The command that an event answers; null if that is not right, which is noted. */
    private Input<OpenPacket> answered(ConsumerRecord<byte[], byte[]> record, PacketEvent event, long openOffset) {
        Input<OpenPacket> command = opens.answeredBy(record, openOffset, event.packetId());
        if (command != null && !command.event().packetId().equals(event.packetId())) {
            findings.add(Kind.ANSWER_TO_ANOTHER, record, event.packetId(), event + " answers " + command.event() + ".");
            return null;
        }
        return command;
    }

    private void judge() {
        boolean running = grabs.movedOn();
        long logMillis = running ? grabs.requiredLogMillis() : grabs.logMillis();
        for (PacketHistory history : histories.values()) {
            if (isCovered(history)) {
                if (running && history.closedAfter(logMillis)) {
                    history.ignoreClosing();
                }
                history.judge(dueMillis(), logMillis, options);
                totals.count(history);
            }
        }
        judgeInputs(opens, OpenPacket::packetId);
        judgeInputs(grabs, Grab::packetId);
        totals.count(grabs);
    }

    private <T> void judgeInputs(Inputs<T> inputs, Function<T, String> packetId) {
        long dueEnd = inputs.dueEnd(options.complete());
        inputs.noteUnanswered(dueEnd, packetId);
        deadLetters.judge(inputs, dueEnd);
        totals.unanswered += inputs.countUnanswered();
    }

    private boolean isCovered(PacketHistory history) {
        return coveredFromMillis == 0
                || (history.opened() != null && history.opened().openedAtMillis() >= coveredFromMillis);
    }

    private PacketHistory history(String packetId) {
        return histories.computeIfAbsent(
                packetId, id -> new PacketHistory(id, awards.partition().partition(), findings));
    }
}
