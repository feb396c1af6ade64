package redpacket.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import redpacket.application.AddedCommand;
import redpacket.application.CommandException;
import redpacket.application.ExitCode;

/** Runs the microbenchmarks, each in JVMs of its own. */
@Command(
        name = "jmh",
        description = "Measures the rules of a packet, the JSON of events and the statistics by themselves, with JMH."
                + " Takes about four minutes.")
public final class JmhCommand implements AddedCommand {
    @Parameters(
            paramLabel = "PATTERN",
            arity = "0..1",
            defaultValue = ".*",
            description = "Only benchmarks whose names match, such as Json. Default: all")
    private String pattern;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            defaultValue = "target/jmh.json",
            description = "Where the results go, as JSON of JMH's own form. Default: ${DEFAULT-VALUE}")
    private Path out;

    @Override
    public Integer call() throws IOException {
        if (out.getParent() != null) {
            Files.createDirectories(out.getParent());
        }
        try {
            new Runner(new OptionsBuilder()
                            .include(pattern)
                            // What a benchmark allocates is half of what it costs.
                            .addProfiler("gc")
                            .shouldFailOnError(true)
                            .resultFormat(ResultFormatType.JSON)
                            .result(out.toString())
                            .build())
                    .run();
        } catch (RunnerException e) {
            throw CommandException.failed(e.getMessage());
        }
        return ExitCode.GOOD;
    }
}
