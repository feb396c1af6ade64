package redpacket.service;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import org.slf4j.ILoggerFactory;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;

/**
 * Ends the process when it is out of memory. Any thread may have failed anywhere then. Without one of them, such as the
 * thread of a Kafka producer, the process would go on and do nothing. {@code -XX:+ExitOnOutOfMemoryError} does the same
 * in a JVM that is started with it.
 */
public final class OutOfMemory {
    private static final int EXIT_CODE = 1;

    private OutOfMemory() {}

    /**
     * From now on the process ends if a thread dies from it. Libraries catch it too, and log it: that also counts.
     */
    public static void endsTheProcess() {
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> {
            endProcessIfItIs(failure);
            if (before != null) {
                before.uncaughtException(thread, failure);
            } else {
                LoggerFactory.getLogger(OutOfMemory.class).error("Thread {} died", thread.getName(), failure);
            }
        });
        ILoggerFactory logs = LoggerFactory.getILoggerFactory();
        if (logs instanceof LoggerContext logback) {
            logback.addTurboFilter(new LoggedFailures());
        }
    }

    /** Does not return if the failure, or one of its causes, is an {@link OutOfMemoryError}. */
    public static void endProcessIfItIs(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof OutOfMemoryError) {
                end(cause);
            }
        }
    }

    /** Without shutdown hooks, which may need memory too. */
    private static void end(Throwable outOfMemory) {
        try {
            System.err.println("redpacket ends: out of memory (" + outOfMemory.getMessage()
                    + "). Give it more memory (-Xmx), or less to do. Nothing that was answered is lost.");
        } finally {
            Runtime.getRuntime().halt(EXIT_CODE);
        }
    }

    /** Sees every failure that is logged. */
    private static final class LoggedFailures extends TurboFilter {
        @Override
        public FilterReply decide(
                Marker marker, Logger logger, Level level, String format, Object[] parameters, Throwable failure) {
            endProcessIfItIs(failure);
            if (failure == null && parameters != null && parameters.length > 0) {
                Object last = parameters[parameters.length - 1];
                endProcessIfItIs(last instanceof Throwable thrown ? thrown : null);
            }
            return FilterReply.NEUTRAL;
        }
    }
}
