package redpacket.benchmark;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Everything that was measured, and on what, as JSON. */
record ResultsFile(Machine before, Machine after, Duration redisDelay, int rounds, Results results) {
    void write(Path file) throws IOException {
        if (file.getParent() != null) {
            Files.createDirectories(file.getParent());
        }
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("startedAt", before.at().toString());
        all.put("endedAt", after.at().toString());
        all.put("revision", before.revision());
        all.put("machine", machine());
        all.put("redisDelayMillis", redisDelay.toNanos() / 1e6);
        all.put("rounds", rounds);
        all.put("results", results.rows().stream().map(ResultsFile::row).toList());
        all.put("ratios", results.ratios());
        JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build().writeValue(file.toFile(), all);
    }

    private Map<String, Object> machine() {
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
        result.put("workload", row.workload());
        result.put("contestant", row.contestant().name());
        result.put("idea", row.contestant().idea());
        result.put("medianPerSecond", Math.round(row.medianPerSecond()));
        result.put("redisCallsPerGrab", row.redisCallsPerGrab());
        result.put("streamsCpuMicrosPerGrab", row.cpuMicrosPerGrab());
        List<Long> rates =
                row.rounds().stream().map(each -> Math.round(each.perSecond())).toList();
        result.put("roundsPerSecond", rates);
        return result;
    }
}
