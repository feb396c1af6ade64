package redpacket.benchmark.figures;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** A JSON file with all measurements and the machine. Written after each run, so that a crash loses only one run. */
public final class ResultsFile {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private final Path file;
    private final Machine before;
    private final Map<String, Object> settings;

    /**
     * Creates the folder of the file.
     *
     * @param settings of the command
     */
    public ResultsFile(Path file, Machine before, Map<String, Object> settings) {
        this.file = file;
        this.before = before;
        this.settings = settings;
        try {
            if (file.getParent() != null) {
                Files.createDirectories(file.getParent());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void write(Map<String, Object> results) {
        Machine after = Machine.now();
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("startedAt", before.at().toString());
        all.put("endedAt", after.at().toString());
        all.put("revision", before.revision());
        all.put("machine", machine(after));
        all.put("settings", settings);
        all.putAll(results);
        try {
            JSON.writeValue(file.toFile(), all);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Map<String, Object> machine(Machine after) {
        Map<String, Object> machine = new LinkedHashMap<>();
        machine.put("system", before.system());
        machine.put("processor", before.processor());
        machine.put("processors", before.processors());
        machine.put("jvm", before.jvm());
        machine.put("jvmOptions", before.jvmOptions());
        machine.put("heapMegabytes", before.heapMegabytes());
        machine.put("loadAverageBefore", before.loadAverage());
        machine.put("loadAverageAfter", after.loadAverage());
        return machine;
    }
}
