package redpacket.application;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;

/** One run of the command line: its exit code and its output. */
record Run(int exitCode, String out, String err) {
    static Run of(String... arguments) {
        return in(Map.of(), arguments);
    }

    static Run in(Map<String, String> environment, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode = RedPacket.run(environment, new PrintWriter(out), new PrintWriter(err), arguments);
        return new Run(exitCode, out.toString(), err.toString());
    }
}
