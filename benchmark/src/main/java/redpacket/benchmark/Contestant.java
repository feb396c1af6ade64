package redpacket.benchmark;

/** A solution that answers grabs. */
interface Contestant {
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
