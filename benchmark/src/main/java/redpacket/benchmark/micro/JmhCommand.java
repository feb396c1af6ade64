package redpacket.benchmark.micro;

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

/** Runs the microbenchmarks in JVMs of their own. */
@Command(
        name = "jmh",
        description = "Measures the rules of a packet, the JSON of events and the statistics in isolation, with JMH."
                + " Takes about four minutes.")
public final class JmhCommand implements AddedCommand {
    @Parameters(
            paramLabel = "PATTERN",
            arity = "0..1",
            defaultValue = ".*",
            description = "Run only benchmarks whose names match, such as Json. Default: all")
    private String pattern;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            defaultValue = "target/jmh.json",
            description = "File for the results, in JMH's JSON format. Default: ${DEFAULT-VALUE}")
    private Path out;

    @Override
    public Integer call() throws IOException {
        if (out.getParent() != null) {
            Files.createDirectories(out.getParent());
        }
        try {
            new Runner(new OptionsBuilder()
                            .include(pattern)
                            // Allocation is half of the cost of a benchmark.
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
