package redpacket.application;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;
import redpacket.audit.AuditCommand;
import redpacket.gateway.GatewayCommand;
import redpacket.gateway.webhooks.WebhooksCommand;
import redpacket.ledger.LedgerCommand;
import redpacket.options.EnvironmentDefaults;
import redpacket.options.Ranges;
import redpacket.sink.SinkCommand;
import redpacket.topology.streams.TopologyCommand;

/**
 * The command line. A new command is a class with {@link Command}. List it in {@code COMMANDS}, or, if this module
 * must not depend on it, make it an {@link AddedCommand}. Every command inherits help, version, environment,
 * configuration file, exit codes and error messages.
 */
@Command(
        name = "redpacket",
        description = "Red packets: open them, grab from them, see who won.",
        scope = ScopeType.INHERIT,
        mixinStandardHelpOptions = true,
        versionProvider = RedPacket.Version.class,
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:Success.",
            "1:The command failed or was rejected, or a rule is violated.",
            "2:The command line is wrong.",
            "3:Kafka, Redis or the machine is not ready."
        },
        footerHeading = "%n",
        footer = {
            "Every --some-option can also come from the environment as REDPACKET_SOME_OPTION,",
            "or as some-option=... from the file that --config names, in this order of preference."
        })
public final class RedPacket implements Callable<Integer> {
    /** In the order of the help. */
    private static final List<Class<?>> COMMANDS = List.of(
            TopicsCommand.class,
            AuditCommand.class,
            TopologyCommand.class,
            SinkCommand.class,
            LedgerCommand.class,
            GatewayCommand.class,
            WebhooksCommand.class,
            OpenCommand.class,
            CancelCommand.class,
            GrabCommand.class,
            WatchCommand.class,
            DeadLettersCommand.class);

    /** Selects the format of the log on standard error. logback.xml reads it before the command line is parsed. */
    private static final String LOG_FORMAT = "REDPACKET_LOG_FORMAT";

    @Spec
    private CommandSpec spec;

    /** {@link EnvironmentDefaults} reads it before the arguments are parsed. Declared here for the help. */
    @SuppressWarnings("UnusedVariable")
    @Option(
            names = "--config",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "Properties file with options: some-option=value.")
    private Path config;

    @Option(names = "--debug", scope = ScopeType.INHERIT, description = "Print the stack trace of an error.")
    private boolean debug;

    RedPacket() {}

    /** Runs a command and exits with its code. */
    public static void main(String... arguments) {
        // Long-running commands flush it, and run() does so at the end: a flush per line is slow for a million lines.
        PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        String format = System.getenv().getOrDefault(LOG_FORMAT, "text");
        if (!format.equals("text") && !format.equals("json")) {
            err.println("redpacket: " + LOG_FORMAT + " is '" + format + "'; use text or json");
            System.exit(ExitCode.USAGE);
        }
        System.exit(run(System.getenv(), out, err, arguments));
    }

    /** Runs a command and returns its exit code. */
    public static int run(Map<String, String> environment, PrintWriter out, PrintWriter err, String... arguments) {
        RedPacket root = new RedPacket();
        Errors errors = new Errors(() -> root.debug);
        CommandLine commandLine = new CommandLine(root);
        addCommands(commandLine, arguments);
        commandLine
                .setOut(out)
                .setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(errors)
                .setExecutionStrategy(RedPacket::checkAndRun)
                .setExecutionExceptionHandler(errors);
        try {
            commandLine.setDefaultValueProvider(EnvironmentDefaults.of(environment, arguments));
            return commandLine.execute(arguments);
        } catch (TypeConversionException e) {
            err.println("redpacket: Invalid value for option '--config': " + e.getMessage());
            return ExitCode.USAGE;
        } finally {
            out.flush();
            err.flush();
        }
    }

    /** Adds the command that the first argument names, or else all. Reading the options of all takes a while. */
    static void addCommands(CommandLine commandLine, String... arguments) {
        Optional<Class<?>> named = COMMANDS.stream()
                .filter(each -> arguments.length > 0
                        && each.getAnnotation(Command.class).name().equals(arguments[0]))
                .findFirst();
        if (named.isPresent()) {
            commandLine.addSubcommand(named.get());
        } else {
            COMMANDS.forEach(commandLine::addSubcommand);
            ServiceLoader.load(AddedCommand.class).forEach(commandLine::addSubcommand);
        }
    }

    private static int checkAndRun(ParseResult parsed) {
        if (!parsed.asCommandLineList().stream().anyMatch(RedPacket::asksForHelp)) {
            Ranges.check(parsed);
        }
        return new RunLast().execute(parsed);
    }

    private static boolean asksForHelp(CommandLine command) {
        return command.isUsageHelpRequested() || command.isVersionHelpRequested();
    }

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return ExitCode.USAGE;
    }

    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() throws IOException {
            Properties properties = new Properties();
            try (InputStream stream = RedPacket.class.getResourceAsStream("version.properties")) {
                properties.load(stream);
            }
            return new String[] {"redpacket " + properties.getProperty("version")};
        }
    }
}
