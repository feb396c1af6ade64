package redpacket.topology.watch;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import javax.management.JMException;
import javax.management.ObjectName;

/** The stacks of all threads and their locks, as {@code jcmd PID Thread.print -l} has them. */
final class ThreadDump {
    private ThreadDump() {}

    /** Writes a new file in the folder. */
    static Path write(Path folder) throws IOException {
        Files.createDirectories(folder);
        String time = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString().replace(":", "");
        return Files.writeString(folder.resolve("threads-" + time + ".txt"), text());
    }

    static String text() throws IOException {
        try {
            return (String) ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            new ObjectName("com.sun.management:type=DiagnosticCommand"),
                            "threadPrint",
                            new Object[] {new String[] {"-l"}},
                            new String[] {String[].class.getName()});
        } catch (JMException e) {
            throw new IOException("this JVM does not print its threads", e);
        }
    }
}
