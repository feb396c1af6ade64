package redpacket.topology.takeover;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.apache.kafka.streams.state.HostInfo;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code HOST:PORT}, or {@code :PORT} with the host name of this machine. */
public final class PeerAddress implements ITypeConverter<HostInfo> {
    private static final int LAST_PORT = 65_535;

    @Override
    public HostInfo convert(String text) throws UnknownHostException {
        int colon = text.lastIndexOf(':');
        String port = text.substring(colon + 1);
        if (colon < 0 || !port.matches("[0-9]{1,5}") || Integer.parseInt(port) > LAST_PORT) {
            throw new TypeConversionException("'" + text + "' must be HOST:PORT with a port from 0 to " + LAST_PORT);
        }
        String host = colon == 0 ? InetAddress.getLocalHost().getHostName() : text.substring(0, colon);
        return new HostInfo(host, Integer.parseInt(port));
    }
}
