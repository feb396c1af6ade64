package redpacket.application;

/** What a command tells the shell; the help explains them in words. */
public final class ExitCode {
    public static final int GOOD = 0;
    public static final int FAILED = 1;
    public static final int USAGE = 2;
    public static final int SETUP = 3;

    private ExitCode() {}
}
