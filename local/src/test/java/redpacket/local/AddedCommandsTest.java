package redpacket.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redpacket.application.RedPacket;

class AddedCommandsTest {
    @ParameterizedTest
    @ValueSource(strings = {"demo", "chaos"})
    void shouldBeOnTheCommandLineWhenThisModuleIsOnTheClassPath(String command) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();

        int exitCode = RedPacket.run(Map.of(), new PrintWriter(out), new PrintWriter(err), command, "--help");

        assertThat(exitCode).isZero();
        assertThat(out.toString()).contains("Usage: redpacket " + command, "--seed", "--config");
        assertThat(err.toString()).isEmpty();
    }
}
