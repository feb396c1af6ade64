package redpacket.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** In a process of its own, since what is tested is how a process ends. */
@Timeout(60)
class StopTest {
    /** Of a process that ends by SIGTERM: 128 and the number of the signal. */
    private static final int ENDED_BY_SIGTERM = 143;

    private Process process;
    private BufferedReader said;

    @BeforeEach
    void start() throws IOException {
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Worker.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        said = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
    }

    @AfterEach
    void end() {
        process.destroyForcibly();
    }

    @Test
    void shouldEndWhenTheWorkHasEndedWellAndNotBeforeWhenTheSignalComes() throws Exception {
        assertThat(said.readLine()).isEqualTo("works");

        // Its handle, since destroying the process itself would close the streams to it.
        process.toHandle().destroy();

        assertThat(said.readLine()).isEqualTo("stops");
        assertThat(process.isAlive()).isTrue();
        letItEnd();
        assertThat(said.readLine()).isEqualTo("has ended well");
        assertThat(process.waitFor()).isEqualTo(ENDED_BY_SIGTERM);
    }

    @Test
    void shouldEndByItselfWhenItsWorkIsDoneWithoutASignal() throws Exception {
        assertThat(said.readLine()).isEqualTo("works");

        letItEnd();

        assertThat(said.readLine()).isEqualTo("stops");
        assertThat(said.readLine()).isEqualTo("has ended well");
        assertThat(process.waitFor()).isZero();
    }

    private void letItEnd() throws IOException {
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
    }

    /** Works until the signal comes or it is given a line, and ends well only when it is given one. */
    static final class Worker {
        private Worker() {}

        public static void main(String[] arguments) throws Exception {
            try (Stop stop = Stop.onSignal()) {
                System.out.println("works");
                boolean stopped = false;
                while (!stopped && System.in.available() == 0) {
                    stopped = stop.await(Duration.ofMillis(10));
                }
                System.out.println("stops");
                System.in.read();
                System.out.println("has ended well");
            }
        }
    }
}
