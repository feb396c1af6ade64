package redpacket.benchmark.figures;

/** The steps from the due time of a grab until its answer can be read. Each begins where the one before ends. */
public enum Step {
    LATE("sent late"),
    APPEND("sender's linger, append"),
    BUSY("thread is busy with earlier grabs"),
    FETCH("fetch"),
    DECIDE("decide"),
    BATCH("rest of the batch"),
    FLUSH("flush: answers and changelogs written"),
    COMMIT("end of the transaction"),
    READ("markers, reader's fetch");

    private final String words;

    Step(String words) {
        this.words = words;
    }

    @Override
    public String toString() {
        return words;
    }
}
