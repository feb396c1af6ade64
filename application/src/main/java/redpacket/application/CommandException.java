package redpacket.application;

/** Ends a command. The message is a sentence for the user. */
public final class CommandException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    private CommandException(int exitCode, String message, Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    /** The command line is wrong. */
    static CommandException usage(String message) {
        return new CommandException(ExitCode.USAGE, message, null);
    }

    /** The command is valid and the servers answer, but the operation failed. */
    public static CommandException failed(String message) {
        return new CommandException(ExitCode.FAILED, message, null);
    }

    /** A server or file that the command needs is not available. */
    public static CommandException setup(String message, Throwable cause) {
        return new CommandException(ExitCode.SETUP, message, cause);
    }

    /** A failure that Kafka reports. The exit code tells whether a retry can help. */
    static CommandException kafka(String message, Throwable cause) {
        return new CommandException(ExitCode.of(cause), message, cause);
    }

    int exitCode() {
        return exitCode;
    }
}
