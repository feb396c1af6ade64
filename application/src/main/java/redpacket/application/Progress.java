package redpacket.application;

import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;

/** Progress bars on standard error: seen on a terminal, absent from log files. */
public final class Progress {
    /** Set by the launcher, since Java cannot tell whether standard error is a terminal. */
    private static final boolean TERMINAL = Boolean.getBoolean("redpacket.terminal");

    private Progress() {}

    /**
     * Starts a bar.
     *
     * @param most how many steps there are, -1 when nobody knows
     */
    public static ProgressBar of(String task, long most) {
        ProgressBarBuilder builder = new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(most)
                .setUpdateIntervalMillis(200)
                .showSpeed();
        return (TERMINAL ? builder : builder.setConsumer(new DelegatingProgressBarConsumer(line -> {}))).build();
    }
}
