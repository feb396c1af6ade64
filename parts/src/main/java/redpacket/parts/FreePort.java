package redpacket.parts;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Finds ports on 127.0.0.1 that a server can keep across restarts. */
public final class FreePort {
    /**
     * Below the ports of outgoing connections (from 32768 on Linux, 49152 elsewhere): a client's connection must not
     * take the port of a server that is down.
     */
    private static final int LOWEST = 10_000;

    private static final int COUNT = 12_000;

    /** A node of a Redis Cluster also listens on its port + 10000. */
    private static final int CLUSTER_BUS_DISTANCE = 10_000;

    private static final int ATTEMPTS = 1_000;

    private FreePort() {}

    public static int next() {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int port = LOWEST + ThreadLocalRandom.current().nextInt(COUNT);
            if (isFree(port) && isFree(port + CLUSTER_BUS_DISTANCE)) {
                return port;
            }
        }
        throw new IllegalStateException("No free port on 127.0.0.1 after " + ATTEMPTS + " attempts");
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }
}
