package redpacket.benchmark;

/** A way to answer grabs. */
interface Contestant {
    String name();

    /** In a sentence, for the report. */
    String idea();

    /** How many of so many grabs it is given, so that a slow one is done in about the time that a fast one takes. */
    default int grabs(int asked) {
        return asked;
    }

    /**
     * Answers a workload, on a Kafka and a Redis of its own, and checks the answers.
     *
     * @throws WrongAnswersException if there are not exactly the answers that there should be
     */
    Measured run(Workload workload, Setup setup);
}
