package redpacket.benchmark.contestants;

import redpacket.benchmark.figures.Measured;
import redpacket.benchmark.ground.Setup;
import redpacket.benchmark.load.Workload;

/** A solution that answers grabs. */
public interface Contestant {
    String name();

    /** One sentence for the report. */
    String idea();

    /** The number of grabs this contestant gets when {@code asked} were asked for. A slow one gets fewer. */
    default int grabs(int asked) {
        return asked;
    }

    /**
     * Answers a workload on a new Kafka and Redis, and checks the answers.
     *
     * @throws WrongAnswersException if an answer is missing or wrong
     */
    Measured run(Workload workload, Setup setup);
}
