package redpacket.ledger;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import redpacket.clients.LedgerAddress;
import redpacket.clients.UnreachableKafkaException;
import redpacket.options.KafkaOptions;
import redpacket.options.LedgerOptions;

/** {@code redpacket ledger}: runs the ledger until the process is stopped. Exit code 1 means that the ledger failed. */
@Command(
        name = "ledger",
        description = {
            "Writes every movement of money exactly once into PostgreSQL, for accounting, until SIGTERM or Ctrl-C.",
            "Creates its tables in the schema redpacket. Several processes may use one database: one writes, the others"
                    + " stand by."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:Stopped by SIGTERM or Ctrl-C.",
            "1:PostgreSQL refuses, or a record breaks a rule.",
            "2:The command line is wrong."
        })
public final class LedgerCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(LedgerCommand.class);

    @Spec
    private CommandSpec spec;

    @Mixin
    private KafkaOptions kafka;

    @Mixin
    private LedgerOptions ledger;

    @Override
    public Integer call() {
        LedgerAddress postgres = ledger.address()
                .orElseThrow(() -> new ParameterException(spec.commandLine(), "Missing required option: --ledger=URL"));
        PrintWriter out = spec.commandLine().getOut();
        tellIfKafkaIsAway();
        try (Ledger running = Ledger.start(kafka.address(), postgres)) {
            Runtime.getRuntime().addShutdownHook(new Thread(running::close, "redpacket-ledger-stop"));
            running.ready().thenRun(() -> {
                out.printf("The ledger follows Kafka at %s and is in PostgreSQL at %s%n", kafka.address(), postgres);
                out.flush();
            });
            running.await();
            return 0;
        } catch (LedgerException e) {
            PrintWriter err = spec.commandLine().getErr();
            err.println(e.getMessage());
            err.flush();
            return 1;
        }
    }

    private void tellIfKafkaIsAway() {
        try {
            kafka.address().requireReachable();
        } catch (UnreachableKafkaException e) {
            LOG.warn("{} The ledger waits for it", e.getMessage());
        }
    }
}
