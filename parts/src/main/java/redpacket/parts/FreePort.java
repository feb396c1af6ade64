package redpacket.parts;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Finds ports on 127.0.0.1 that a server can keep across restarts. While this JVM runs, no other call returns the same
 * port, neither here nor in another JVM: several tests run at a time, and a server that was killed does not hold its
 * port.
 */
public final class FreePort {
    /**
     * Below the ports of outgoing connections (from 32768 on Linux, 49152 elsewhere): a client's connection must not
     * take the port of a server that is down.
     */
    private static final int LOWEST = 10_000;

    private static final int COUNT = 6_000;

    /** A node of a Redis Cluster also listens on its port + 10000. */
    private static final int CLUSTER_BUS_DISTANCE = 10_000;

    /** This JVM listens on a port + 16000 for as long as it uses the port. The system ends that with the JVM. */
    private static final int RESERVATION_DISTANCE = 16_000;

    private static final List<ServerSocket> RESERVATIONS = new ArrayList<>();

    private static final int ATTEMPTS = 1_000;

    private FreePort() {}

    public static synchronized int next() {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int port = LOWEST + ThreadLocalRandom.current().nextInt(COUNT);
            if (isFree(port) && isFree(port + CLUSTER_BUS_DISTANCE) && reserve(port)) {
                return port;
            }
        }
        throw new IllegalStateException("No free port on 127.0.0.1 after " + ATTEMPTS + " attempts");
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = listenOn(port)) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }

    private static boolean reserve(int port) {
        try {
            RESERVATIONS.add(listenOn(port + RESERVATION_DISTANCE));
            return true;
        } catch (IOException reserved) {
            return false;
        }
    }

    private static ServerSocket listenOn(int port) throws IOException {
        return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
    }
}
