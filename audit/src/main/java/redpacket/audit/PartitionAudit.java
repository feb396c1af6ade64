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
import redpacket.events.CancelPacket;
import redpacket.events.Grab;
import redpacket.events.InvalidEventException;
import redpacket.events.Json;
import redpacket.events.OpenPacket;
import redpacket.events.Outcome;
import redpacket.events.PacketCommand;
import redpacket.events.PacketEvent;
import redpacket.events.PacketEvent.Reason;

/**
 * Audits one partition: the commands, grabs, events and results with the same partition number. All records of a packet
 * are among them.
 *
 * <p>The audit covers the grabs that exist when it starts. The pipeline may be running. Later events are ignored.
 */
final class PartitionAudit {
    /** The code of an opened event. Other answers have the codes of {@link #codeOf}. */
    private static final int OPENED = 1;

    private final CommittedLog packets;
    private final CommittedLog awards;
    private final Inputs<PacketCommand> opens;
    private final Inputs<Grab> grabs;
    private final DeadLetters deadLetters;
    private final Findings findings;
    private final Totals totals;
    private final Patience patience;
    private final AuditOptions options;
    private final long coveredFromMillis;

    private final Map<String, PacketHistory> histories = new HashMap<>();

    /**
     * Starts with the inputs. Their present ends decide which records need an answer.
     *
     * @param partitions one of each of the four topics
     * @param coveredFromMillis packets opened earlier, and grabs appended earlier, are not judged
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
            deadLetters.readOn();
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
            deadLetters.readOn();
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
        if (isSaidAgain(result)) {
            totals.answeredAgain++;
            return;
        }
        Input<Grab> grab = grabs.answeredBy(record, result.grabOffset(), result.packetId(), codeOf(result.outcome()));
        if (grab == null) {
            totals.countAgain(result);
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

    /** Whether a result repeats the first answer to the same grab and moves no money, which is harmless. */
    private boolean isSaidAgain(AwardResult result) {
        return !result.movesMoney()
                && grabs.firstAnswer(result.grabOffset()) == codeOf(result.outcome())
                && history(result.packetId()).holds(result.userId(), result.share());
    }

    // The ordinal is safe, because it is not stored.
    @SuppressWarnings("EnumOrdinal")
    private static int codeOf(Enum<?> answer) {
        return 2 + answer.ordinal();
    }

    /** The opened event was committed no later than the result, but each partition becomes readable at its own time. */
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

    /** The time by which events are due: the end of the log, or the last answered record while the pipeline may lag. */
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
                    judgeCommand(record, closed, history);
                    if (history.closed(record, closed)) {
                        totals.recount(closed);
                    } else {
                        totals.countAgain(closed);
                    }
                },
                rejected -> judgeRejection(record, rejected, history),
                cancelAnswered -> judgeCancelling(record, cancelAnswered, history));
    }

    private void judgeOpening(ConsumerRecord<byte[], byte[]> record, PacketEvent.Opened event, PacketHistory history) {
        if (opens.firstAnswer(event.openOffset()) == OPENED && history.isOpenedAs(event)) {
            totals.answeredAgain++;
            return;
        }
        Input<OpenPacket> command = answered(OpenPacket.class, record, event, event.openOffset(), OPENED);
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
        history.isOpenedFor(command.event().onlyUsers());
        Set<Reason> faults = Terms.faults(command.event(), command.appendedAtMillis());
        if (!faults.isEmpty()) {
            findings.add(
                    Kind.WRONG_ACCEPTANCE,
                    record,
                    event.packetId(),
                    command.event() + " is impossible: " + faults + ".");
            return;
        }
        PacketEvent.Opened right = Terms.openedBy(
                command.event(),
                command.appendedAtMillis(),
                command.offset(),
                event.commitment(),
                // Compared with the revealed seed, at the end.
                event.onlyUsers() == null
                        ? event.commitment()
                        : event.onlyUsers().hash());
        if (!event.equals(right)) {
            findings.add(
                    Kind.WRONG_OPENING, record, event.packetId(), "It should be " + right + ", but is " + event + ".");
        }
    }

    /** A packet is cancelled by a command of its sender. It is read before the answer to this command. */
    private void judgeCommand(ConsumerRecord<byte[], byte[]> record, PacketEvent.Closed event, PacketHistory history) {
        if (!(event instanceof PacketEvent.Cancelled cancelled) || !isCovered(history) || history.closed() != null) {
            return;
        }
        Input<PacketCommand> command = opens.unansweredAt(cancelled.openOffset());
        boolean right = command != null
                && history.opened() != null
                && command.event()
                        .equals(new CancelPacket(
                                cancelled.packetId(), history.opened().senderId(), cancelled.reason()))
                && command.appendedAtMillis() == cancelled.closedAtMillis();
        if (!right) {
            findings.add(
                    Kind.WRONG_CLOSING,
                    record,
                    event.packetId(),
                    "Cancelled by no command of the sender: " + event + ", at its offset is "
                            + (command == null ? "none" : command.event()) + ".");
        }
    }

    private void judgeCancelling(
            ConsumerRecord<byte[], byte[]> record, PacketEvent.CancelAnswered event, PacketHistory history) {
        int code = codeOf(event.outcome());
        if (opens.firstAnswer(event.openOffset()) == code) {
            totals.answeredAgain++;
            return;
        }
        Input<CancelPacket> command = answered(CancelPacket.class, record, event, event.openOffset(), code);
        if (command == null || !isCovered(history)) {
            return;
        }
        boolean right = history.opened() == null
                ? event.outcome() == PacketEvent.CancelOutcome.UNKNOWN_PACKET
                : history.isRightAnswerTo(command.event(), event);
        if (!right) {
            findings.add(
                    Kind.WRONG_CANCELLING,
                    record,
                    event.packetId(),
                    event + " answers " + command.event() + ", but the packet is " + history.closed() + ".");
        }
    }

    private void judgeRejection(
            ConsumerRecord<byte[], byte[]> record, PacketEvent.Rejected event, PacketHistory history) {
        if (opens.firstAnswer(event.openOffset()) == codeOf(event.reason())) {
            totals.answeredAgain++;
            return;
        }
        Input<OpenPacket> command =
                answered(OpenPacket.class, record, event, event.openOffset(), codeOf(event.reason()));
        if (command == null) {
            return;
        }
        totals.rejected++;
        Set<Reason> reasons = Terms.faults(command.event(), command.appendedAtMillis());
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

    /** Returns the command that an event answers. Notes a violation and returns null if there is none of this kind. */
    private <C extends PacketCommand> Input<C> answered(
            Class<C> kind, ConsumerRecord<byte[], byte[]> record, PacketEvent event, long openOffset, int code) {
        Input<PacketCommand> command = opens.answeredBy(record, openOffset, event.packetId(), code);
        if (command == null) {
            return null;
        }
        if (!command.event().packetId().equals(event.packetId()) || !kind.isInstance(command.event())) {
            findings.add(Kind.ANSWER_TO_ANOTHER, record, event.packetId(), event + " answers " + command.event() + ".");
            return null;
        }
        return new Input<>(
                kind.cast(command.event()),
                command.offset(),
                command.appendedAtMillis(),
                command.latestMillis(),
                command.logMillis());
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
        judgeInputs(opens, PacketCommand::packetId);
        judgeInputs(grabs, Grab::packetId);
        totals.count(grabs);
    }

    private <T> void judgeInputs(Inputs<T> inputs, Function<T, String> packetId) {
        long dueEnd = inputs.dueEnd(options.complete());
        inputs.setAsideFailed();
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
