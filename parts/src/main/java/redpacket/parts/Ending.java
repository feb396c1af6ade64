package redpacket.parts;

import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * Runs an action exactly once: when closed, or at the latest when this JVM exits (also on SIGTERM, not on SIGKILL). At
 * exit the latest endings run first, so that a server outlives the servers that were started after it.
 */
public final class Ending implements AutoCloseable {
    private static final Deque<Ending> PENDING = new ConcurrentLinkedDeque<>();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(Ending::runAll, "redpacket-endings"));
    }

    private final Runnable action;
    private boolean done;

    private Ending(Runnable action) {
        this.action = action;
    }

    public static Ending of(Runnable action) {
        Ending ending = new Ending(action);
        PENDING.push(ending);
        return ending;
    }

    @Override
    public void close() {
        runOnce();
        PENDING.remove(this);
    }

    /** Synchronized, so that an exiting JVM waits for a {@link #close} in progress. */
    private synchronized void runOnce() {
        if (!done) {
            done = true;
            action.run();
        }
    }

    private static void runAll() {
        for (Ending last = PENDING.poll(); last != null; last = PENDING.poll()) {
            try {
                last.runOnce();
            } catch (RuntimeException e) {
                // The caller needs the failure, but the other endings must run too.
                Thread thread = Thread.currentThread();
                thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
            }
        }
    }
}
