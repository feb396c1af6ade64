package redpacket.benchmark.load;

import java.time.Duration;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import redpacket.clients.KafkaAddress;
import redpacket.events.AwardResult;
import redpacket.events.Topic;
import redpacket.reader.Committed;
import redpacket.reader.CommittedReader;
import redpacket.reader.ResultListener;

/** Checks the answers of any contestant: one answer per grab, and every share awarded once. */
public final class AnswerCheck implements ResultListener {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Workload workload;
    private final Map<Integer, BitSet> answeredOffsets = new HashMap<>();
    private final Map<String, BitSet> sharesGiven = new HashMap<>();
    private final Set<String> winners = new HashSet<>();
    private long answers;
    private long awards;
    private String fault;

    private AnswerCheck(Workload workload) {
        this.workload = workload;
    }

    public static AnswerCheck of(Workload workload) {
        return new AnswerCheck(workload);
    }

    /**
     * Reads the answers from Kafka.
     *
     * @throws WrongAnswersException if an answer is missing or wrong
     */
    public void check(KafkaAddress kafka, long expectedAwards) {
        try (CommittedReader reader = CommittedReader.fromBeginning(kafka.clientSettings(), Set.of(Topic.AWARDS))) {
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (answers < workload.grabs() && System.nanoTime() < deadline) {
                reader.poll(Duration.ofMillis(100), this);
            }
            // An extra answer would come at once.
            reader.poll(Duration.ofMillis(100), this);
        }
        conclude(expectedAwards);
    }

    @Override
    public void onAward(Committed<AwardResult> award) {
        AwardResult result = award.event();
        BitSet answered = answeredOffsets.computeIfAbsent(award.partition(), partition -> new BitSet());
        int offset = Math.toIntExact(result.grabOffset());
        if (answered.get(offset)) {
            fault = "the grab " + result.grabId() + " was answered twice";
        }
        answered.set(offset);
        count(result);
    }

    /** Notes an answer. */
    public void count(AwardResult result) {
        answers++;
        if (result.movesMoney()) {
            count(result.packetId(), result.userId(), result.share().index());
        }
    }

    /** Notes that a user got a share. */
    public void count(String packetId, String userId, int index) {
        BitSet given = sharesGiven.computeIfAbsent(packetId, id -> new BitSet());
        if (given.get(index)) {
            fault = "share " + index + " of " + packetId + " was given twice";
        }
        given.set(index);
        if (!winners.add(packetId + "/" + userId)) {
            fault = userId + " has two shares of " + packetId;
        }
        awards++;
    }

    public void countAnswers(long more) {
        answers += more;
    }

    public void conclude(long expectedAwards) {
        if (fault == null && answers != workload.grabs()) {
            fault = answers + " answers to " + workload.grabs() + " grabs";
        }
        if (fault == null && awards != expectedAwards) {
            fault = awards + " shares given instead of " + expectedAwards;
        }
        if (fault != null) {
            throw new WrongAnswersException("Wrong answers in " + workload.name() + ": " + fault);
        }
    }
}
