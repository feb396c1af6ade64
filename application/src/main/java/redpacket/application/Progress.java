package redpacket.application;

import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;

/** Progress bars on standard error if that is a terminal. */
public final class Progress {
    /** Set by the launcher, because Java cannot tell whether standard error is a terminal. */
    private static final boolean TERMINAL = Boolean.getBoolean("redpacket.terminal");

    private Progress() {}

    /**
     * Starts a bar.
     *
     * @param most number of steps; -1 if unknown
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
