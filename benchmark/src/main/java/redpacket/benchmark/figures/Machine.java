package redpacket.benchmark.figures;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/**
 * The machine of a measurement. Figures of different machines cannot be compared.
 *
 * @param revision of the sources, as git describes it
 * @param loadAverage of the last minute; if it exceeds the number of processors, other programs were running
 */
public record Machine(
        Instant at,
        String revision,
        String system,
        String processor,
        int processors,
        String jvm,
        List<String> jvmOptions,
        long heapMegabytes,
        double loadAverage) {

    public static Machine now() {
        Runtime runtime = Runtime.getRuntime();
        return new Machine(
                Instant.now(),
                describedRevision(),
                property("os.name") + " " + property("os.version") + " " + property("os.arch"),
                processorName(),
                runtime.availableProcessors(),
                property("java.vm.name") + " " + property("java.runtime.version"),
                ManagementFactory.getRuntimeMXBean().getInputArguments(),
                runtime.maxMemory() >> 20,
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%d processors (%s), %s, heap %d MB, revision %s, load average %.1f",
                processors,
                processor,
                jvm,
                heapMegabytes,
                revision,
                loadAverage);
    }

    private static String property(String name) {
        return System.getProperty(name);
    }

    private static String describedRevision() {
        try {
            Process git = new ProcessBuilder("git", "describe", "--always", "--dirty").start();
            String revision = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return revision.isEmpty() ? "unknown" : revision;
        } catch (IOException e) {
            return "unknown";
        }
    }

    /** Linux reports the name. Elsewhere this is the architecture. */
    private static String processorName() {
        try {
            return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                    .filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(property("os.arch"));
        } catch (IOException e) {
            return property("os.arch");
        }
    }
}
