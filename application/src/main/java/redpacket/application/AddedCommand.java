package redpacket.application;

import java.util.concurrent.Callable;

/**
 * A command of a module that this module does not know. It is a public class with picocli's {@code @Command}, found on
 * the class path by {@link java.util.ServiceLoader}.
 */
public interface AddedCommand extends Callable<Integer> {}
