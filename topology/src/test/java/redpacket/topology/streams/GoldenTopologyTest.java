package redpacket.topology.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import redpacket.topology.inputs.DrainedInputs;
import redpacket.topology.inputs.LookAhead;
import redpacket.topology.packet.SeedSecret;
import redpacket.topology.stores.InputTopics;

/**
 * Asserts the names on which running installations depend. Read {@link RedPacketTopology} before you change the file.
 */
class GoldenTopologyTest {
    private static final Path GOLDEN = Path.of("src/test/resources/topology.txt");

    @Test
    void shouldStayAsDescribedWhenBuilt() throws IOException {
        String description = RedPacketTopology.build(
                        TopologyDependencies.of(SeedSecret.of("not needed to describe"), null),
                        1,
                        new LookAhead(),
                        new DrainedInputs(),
                        InputTopics.UNKNOWN)
                .describe()
                .toString();

        Files.writeString(Path.of("target/topology.txt"), description);
        assertThat(description).isEqualToNormalizingNewlines(Files.readString(GOLDEN));
    }
}
