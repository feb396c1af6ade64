package redpacket.topology.takeover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.apache.kafka.streams.state.HostInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class PeerAddressTest {
    @Test
    void shouldReadHostAndPort() throws UnknownHostException {
        assertThat(new PeerAddress().convert("topology-1.internal:9465"))
                .isEqualTo(new HostInfo("topology-1.internal", 9_465));
    }

    @Test
    void shouldTakeTheNameOfThisMachineWhenTheHostIsLeftOut() throws UnknownHostException {
        assertThat(new PeerAddress().convert(":0"))
                .isEqualTo(new HostInfo(InetAddress.getLocalHost().getHostName(), 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "host", "host:", "host:port", "host:-1", "host:65536", "host:999999"})
    void shouldTellTheFormWhenTheAddressIsNone(String text) {
        assertThatThrownBy(() -> new PeerAddress().convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("must be HOST:PORT");
    }
}
