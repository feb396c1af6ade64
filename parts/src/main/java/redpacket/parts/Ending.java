package redpacket.parts;

/** Runs an action exactly once: when closed, or at the latest when this JVM exits (also on SIGTERM, not on SIGKILL). */
final class Ending implements AutoCloseable {
    private final Runnable action;
    private final Thread hook;
    private boolean done;

    private Ending(Runnable action) {
        this.action = action;
        this.hook = new Thread(this::runOnce, "redpacket-parts-ending");
    }

    static Ending of(Runnable action) {
        Ending ending = new Ending(action);
        Runtime.getRuntime().addShutdownHook(ending.hook);
        return ending;
    }

    @Override
    public void close() {
        runOnce();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException jvmIsExiting) {
            // The hook runs, or has run, and finds nothing to do.
        }
    }

    /** Synchronized, so that a JVM that exits during {@link #close} waits for its end. */
    private synchronized void runOnce() {
        if (!done) {
            done = true;
            action.run();
        }
    }
}
