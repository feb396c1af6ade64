package redpacket.application;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import redpacket.events.AwardResult;
import redpacket.events.Json;
import redpacket.events.PacketEvent;
import redpacket.events.WindowStats;

/** Options for printing results, for people or programs. Use it as a mixin. */
final class OutputOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(names = "--json", description = "Print results as JSON, one line each.")
    private boolean json;

    void print(AwardResult award) {
        out().println(json ? text(Json.write(award)) : Sentences.of(award));
    }

    void print(PacketEvent event) {
        out().println(json ? text(Json.write(event)) : Sentences.of(event));
    }

    void print(WindowStats window) {
        out().println(json ? text(Json.write(window)) : Sentences.of(window));
    }

    boolean isJson() {
        return json;
    }

    /** Flushes the output. Returns false when the reader has closed it. */
    boolean flush() {
        return !out().checkError();
    }

    PrintWriter out() {
        return command.commandLine().getOut();
    }

    PrintWriter err() {
        return command.commandLine().getErr();
    }

    private static String text(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8);
    }
}
