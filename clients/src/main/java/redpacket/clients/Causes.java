package redpacket.clients;

import java.util.Optional;

/** Looks through the causes of a failure. */
public final class Causes {
    private Causes() {}

    /** The last cause, which tells what happened; the failure itself if it has none. */
    public static Throwable root(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    /** The failure itself or its first cause of a type. */
    public static <T extends Throwable> Optional<T> find(Throwable failure, Class<T> type) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return Optional.of(type.cast(cause));
            }
        }
        return Optional.empty();
    }
}
