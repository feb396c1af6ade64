package redpacket.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class OutOfMemoryTest {
    /** A library that catches the error logs it, as the clients of Kafka do. */
    @ParameterizedTest
    @ValueSource(strings = {"thrown", "logged", "logged with a cause"})
    void shouldEndTheProcessWhenAnyThreadIsOutOfMemory(String how) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx32m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        OutOfMemoryTest.class.getName(),
                        how)
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(said).isEqualTo(1);
        assertThat(said).contains("redpacket ends: out of memory (Java heap space)");
    }

    /** Runs a process that is out of memory in a thread of its own, and otherwise would run for ever. */
    public static void main(String[] arguments) throws InterruptedException {
        OutOfMemory.endsTheProcess();
        new Thread(() -> run(arguments[0])).start();
        new CountDownLatch(1).await();
    }

    private static void run(String how) {
        OutOfMemoryError error = new OutOfMemoryError("Java heap space");
        switch (how) {
            case "thrown" -> throw error;
            case "logged" -> LoggerFactory.getLogger("library").error("Uncaught exception in {}", "sender", error);
            default -> LoggerFactory.getLogger("library").warn("Failed", new IllegalStateException(error));
        }
    }
}
