package redpacket.local;

/** What a command tells the shell; the help explains them in words. */
final class ExitCode {
    static final int GOOD = 0;
    static final int FAILED = 1;
    static final int USAGE = 2;
    static final int SETUP = 3;

    private ExitCode() {}
}
