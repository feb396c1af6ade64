package redpacket.ledger;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import redpacket.clients.LedgerAddress;
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
            "1:PostgreSQL cannot be used, or a record breaks a rule.",
            "2:The command line is wrong."
        })
public final class LedgerCommand implements Callable<Integer> {
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
        try (Ledger running = Ledger.start(kafka.address(), postgres)) {
            Runtime.getRuntime().addShutdownHook(new Thread(running::close, "redpacket-ledger-stop"));
            running.await();
            return 0;
        } catch (LedgerException e) {
            PrintWriter err = spec.commandLine().getErr();
            err.println(e.getMessage());
            err.flush();
            return 1;
        }
    }
}
