package redpacket.application;

/** Ends a command: the message is the one sentence that its user reads. */
public final class CommandException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    private CommandException(int exitCode, String message, Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    /** The command makes no sense. */
    static CommandException usage(String message) {
        return new CommandException(ExitCode.USAGE, message, null);
    }

    /** The command was fine, and so was the machine, but it did not work out. */
    public static CommandException failed(String message) {
        return new CommandException(ExitCode.FAILED, message, null);
    }

    /** Something that the command needs is not there. */
    public static CommandException setup(String message, Throwable cause) {
        return new CommandException(ExitCode.SETUP, message, cause);
    }

    /** Something that Kafka said: to wait would help, or not. */
    static CommandException kafka(String message, Throwable cause) {
        return new CommandException(ExitCode.of(cause), message, cause);
    }

    int exitCode() {
        return exitCode;
    }
}
