package redpacket.parts;

import java.io.IOException;
import java.io.UncheckedIOException;

/** POSIX signals that Java itself cannot send. */
public enum Signal {
    /** Pauses the process: connections stay open, and nothing is answered. */
    STOP,
    /** Continues the process after {@link #STOP}. */
    CONT,
    /** Makes a JVM print the stacks of its threads to its standard output. */
    QUIT;

    /** Returns when the signal was sent. */
    public void sendTo(Process process) {
        try {
            Process kill = new ProcessBuilder("kill", "-" + name(), String.valueOf(process.pid())).start();
            int status = kill.onExit().join().exitValue();
            if (status != 0) {
                throw new IllegalStateException(
                        "kill -" + name() + " of process " + process.pid() + " ended with status " + status);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
