package redpacket.topology.stores;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.rocksdb.RocksDB;
import redpacket.clients.Causes;

/** What the stores need of the machine. RocksDB is native code. It is unpacked to a temporary folder and run there. */
public final class NativeStores {
    /** Overrides the temporary folder for RocksDB alone. */
    private static final String FOLDER_VARIABLE = "ROCKSDB_SHAREDLIB_DIR";

    private NativeStores() {}

    /**
     * Tries to load RocksDB, and to write to the state directory.
     *
     * @throws IllegalStateException with the folder that cannot be used, and what to set
     */
    public static void requireUsable(Path stateDirectory) {
        try {
            Files.createDirectories(stateDirectory);
            Files.delete(Files.createTempFile(stateDirectory, "writable", ""));
        } catch (IOException e) {
            throw new IllegalStateException(
                    "The state directory %s cannot be written to (%s). Set --state-dir to a folder that can."
                            .formatted(stateDirectory.toAbsolutePath(), e),
                    null);
        }
        try {
            RocksDB.loadLibrary();
        } catch (RuntimeException | LinkageError e) {
            throw new IllegalStateException(
                    ("RocksDB cannot be loaded from the temporary folder %s (%s). Set -Djava.io.tmpdir=FOLDER, for"
                                    + " example in JAVA_TOOL_OPTIONS, or %s to a folder that can be written to and"
                                    + " whose files can be executed.")
                            .formatted(temporaryFolder(), reason(e), FOLDER_VARIABLE),
                    null);
        }
    }

    private static String temporaryFolder() {
        String chosen = System.getenv(FOLDER_VARIABLE);
        return chosen == null || chosen.isEmpty() ? System.getProperty("java.io.tmpdir") : chosen;
    }

    private static String reason(Throwable failure) {
        return String.valueOf(Causes.root(failure).getMessage());
    }
}
