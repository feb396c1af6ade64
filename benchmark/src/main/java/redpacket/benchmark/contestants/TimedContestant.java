package redpacket.benchmark.contestants;

import redpacket.benchmark.load.Workload;

/** A contestant whose answers can be timed one by one. */
public interface TimedContestant extends Contestant {
    /**
     * Answers grabs at a fixed rate on a new Kafka and Redis, and checks the answers.
     *
     * @param settling number of grabs at the beginning that do not count
     * @throws WrongAnswersException if an answer is missing or wrong
     */
    Latency latency(Workload workload, int perSecond, int settling);
}
