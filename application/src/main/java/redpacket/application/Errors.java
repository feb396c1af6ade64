package redpacket.application;

import java.io.PrintWriter;
import java.util.function.BooleanSupplier;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;
import redpacket.clients.Causes;
import redpacket.clients.UnreachableKafkaException;
import redpacket.events.InvalidEventException;
import redpacket.options.EnvironmentDefaults;

/** Prints every error as one sentence, with --debug also as a stack trace. */
final class Errors implements IParameterExceptionHandler, IExecutionExceptionHandler {
    private final BooleanSupplier debug;

    Errors(BooleanSupplier debug) {
        this.debug = debug;
    }

    @Override
    public int handleParseException(ParameterException error, String[] arguments) {
        CommandLine commandLine = error.getCommandLine();
        PrintWriter err = commandLine.getErr();
        tell(commandLine, error, sentence(error));
        UnmatchedArgumentException.printSuggestions(error, err);
        err.println("Try '" + commandLine.getCommandSpec().qualifiedName() + " --help'.");
        return ExitCode.USAGE;
    }

    @Override
    public int handleExecutionException(Exception error, CommandLine commandLine, ParseResult parsed) {
        if (error instanceof CommandException failure) {
            tell(commandLine, error, failure.getMessage());
            return failure.exitCode();
        }
        if (error instanceof UnreachableKafkaException) {
            tell(commandLine, error, error.getMessage());
            return ExitCode.of(error);
        }
        if (error instanceof InvalidEventException) {
            tell(commandLine, error, error.getMessage());
            return ExitCode.USAGE;
        }
        tell(commandLine, error, reason(error) + (debug.getAsBoolean() ? "" : " (--debug says where)"));
        return ExitCode.of(error);
    }

    /** With the name of the variable, or of the file, from which a wrong value came. */
    private static String sentence(ParameterException error) {
        String sentence = error.getMessage();
        if (error.getArgSpec() instanceof OptionSpec option
                && error.getCommandLine().getDefaultValueProvider() instanceof EnvironmentDefaults defaults) {
            String source = defaults.source(option).orElse("");
            String named = sentence.replace("option '" + option.longestName() + "'", source);
            return source.isEmpty() ? sentence : named.equals(sentence) ? sentence + " (from " + source + ")" : named;
        }
        return sentence;
    }

    /** The message of the last cause, which tells what happened. */
    static String reason(Throwable error) {
        Throwable bottom = Causes.root(error);
        return bottom.getMessage() == null ? bottom.getClass().getSimpleName() : bottom.getMessage();
    }

    private void tell(CommandLine commandLine, Exception error, String sentence) {
        commandLine.getErr().println(commandLine.getCommandSpec().qualifiedName() + ": " + sentence);
        if (debug.getAsBoolean()) {
            error.printStackTrace(commandLine.getErr());
        }
    }
}
