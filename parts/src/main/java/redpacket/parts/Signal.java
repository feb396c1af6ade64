package redpacket.parts;

import java.io.IOException;
import java.io.UncheckedIOException;

/** What Java cannot tell a process by itself. Takes a POSIX system. */
public enum Signal {
    /** Stands still from now on: connections stay open, and nothing is answered. */
    STOP,
    /** Goes on after {@link #STOP}. */
    CONT;

    /** Returns when the signal is sent. */
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
