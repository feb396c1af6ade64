package redpacket.topology.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import redpacket.clients.KafkaAddress;
import redpacket.clients.RedisAddress;

/** A topology that cannot start says why. */
class StartIT {
    /** Nothing listens there. */
    private static final String NOBODY = "127.0.0.1:1";

    @TempDir
    private Path folder;

    @Test
    void shouldWaitForAKafkaThatDoesNotAnswerAndSaySo() throws Exception {
        try (TopologyProcess process = begin(folder.resolve("state"))) {
            await().atMost(RunningPipeline.TIMEOUT).until(() -> output().contains(
                            "Kafka at 127.0.0.1:1 did not answer within 10 s. Is it running, and is --kafka"
                                    + " right? The topology waits for it"));

            process.stop();
            // 128 + SIGTERM.
            assertThat(process.exitCode()).isEqualTo(143);
        }
    }

    @Test
    @Timeout(60)
    void shouldNameTheFolderWhenRocksDbCannotBeUnpacked() throws Exception {
        Path missing = folder.resolve("missing");
        try (TopologyProcess process = begin(folder.resolve("state"), "-Djava.io.tmpdir=" + missing)) {
            assertThat(process.exitCode()).isEqualTo(1);
            assertThat(output())
                    .contains(
                            "RocksDB cannot be loaded from the temporary folder " + missing, "-Djava.io.tmpdir=FOLDER");
        }
    }

    @Test
    @Timeout(60)
    void shouldNameTheFolderWhenItsFilesCannotBeExecuted() throws Exception {
        Path mounted = Files.createDirectory(folder.resolve("noexec"));
        List<String> launcher = List.of(
                "unshare",
                "-rm",
                "sh",
                "-c",
                "mount -t tmpfs -o noexec none \"$0\" && exec \"$@\"",
                mounted.toString());
        assumeTrue(canRun(launcher), "needs a mount namespace: unshare -rm, as root or with user namespaces");
        try (TopologyProcess process = TopologyProcess.begin(
                launcher,
                KafkaAddress.of(NOBODY),
                RedisAddress.of("redis://" + NOBODY),
                folder.resolve("state"),
                folder.resolve("output.txt"),
                "-Djava.io.tmpdir=" + mounted)) {
            assertThat(process.exitCode()).isEqualTo(1);
            assertThat(output())
                    .contains("RocksDB cannot be loaded from the temporary folder " + mounted, "can be executed");
        }
    }

    @Test
    @Timeout(60)
    void shouldNameTheStateDirectoryWhenItIsNone() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "no folder");
        try (TopologyProcess process = begin(file.resolve("state"))) {
            assertThat(process.exitCode()).isEqualTo(1);
            assertThat(output()).contains("The state directory " + file.resolve("state"), "Set --state-dir");
        }
    }

    private static boolean canRun(List<String> launcher) throws InterruptedException {
        List<String> command = new ArrayList<>(launcher);
        command.add("true");
        try {
            return new ProcessBuilder(command).start().waitFor() == 0;
        } catch (IOException noUnshare) {
            return false;
        }
    }

    private TopologyProcess begin(Path stateDirectory, String... jvmOptions) {
        return TopologyProcess.begin(
                KafkaAddress.of(NOBODY),
                RedisAddress.of("redis://" + NOBODY),
                stateDirectory,
                folder.resolve("output.txt"),
                jvmOptions);
    }

    private String output() throws IOException {
        return Files.readString(folder.resolve("output.txt"));
    }
}
