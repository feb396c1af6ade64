package redpacket.benchmark;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A JSON file with all measurements and the machine. Written after each run, so that a crash loses only one run. */
final class ResultsFile {
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
    ResultsFile(Path file, Machine before, Map<String, Object> settings) {
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

    void write(Results results) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("results", results.rows().stream().map(ResultsFile::row).toList());
        all.put("ratios", results.ratios());
        write(all);
    }

    /** Writes results of any other form. */
    void write(Map<String, Object> results) {
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

    private static Map<String, Object> row(Results.Row row) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("workload", row.workload);
        result.put("contestant", row.contestant.name());
        result.put("idea", row.contestant.idea());
        result.put("instances", row.scale.instances());
        result.put("threads", row.scale.threads());
        if (row.isMeasured()) {
            result.put("medianPerSecond", Math.round(row.medianPerSecond()));
            result.put(
                    "redisCallsPerGrab", row.spread(Measured::redisCallsPerGrab).median());
            result.put(
                    "streamsCpuMicrosPerGrab",
                    row.spread(Measured::streamsPerGrab).median());
        }
        result.put("rounds", row.rounds().stream().map(ResultsFile::round).toList());
        List<Map<String, Object>> failures = row.failures().stream()
                .map(run -> Map.<String, Object>of("round", run.round(), "reason", run.failure()))
                .toList();
        if (!failures.isEmpty()) {
            result.put("failures", failures);
        }
        return result;
    }

    static Map<String, Object> round(Measured measured) {
        Map<String, Object> round = new LinkedHashMap<>();
        round.put("perSecond", Math.round(measured.perSecond()));
        round.put("streamsCpuMicrosPerGrab", measured.streamsPerGrab());
        round.put("kafkaCpuMicrosPerGrab", measured.kafkaPerGrab());
        round.put("redisCpuMicrosPerGrab", measured.redisPerGrab());
        round.put("sinkCpuMicrosPerGrab", measured.sinkPerGrab());
        round.put("followedPerSecond", Math.round(measured.followedPerSecond()));
        round.put("redisCallsPerGrab", measured.redisCallsPerGrab());
        round.put("heapMegabytes", measured.memory().heapMegabytes());
        round.put("otherMegabytes", measured.memory().otherMegabytes());
        return round;
    }
}
