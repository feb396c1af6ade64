package redpacket.local.faults;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** A TCP proxy on 127.0.0.1 in front of a server. On request it delays, cuts or swallows the data. */
public final class FaultyNetwork implements AutoCloseable {
    private static final int BUFFER_BYTES = 64 * 1024;

    private enum Fault {
        NONE,
        CUT,
        SILENCE
    }

    private final ServerSocket listener;
    private final int serverPort;
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private volatile Fault fault = Fault.NONE;
    private volatile long delayMillis;

    private FaultyNetwork(ServerSocket listener, int serverPort) {
        this.listener = listener;
        this.serverPort = serverPort;
    }

    /** Forwards connections to a port of 127.0.0.1. Begins without faults. */
    public static FaultyNetwork before(int serverPort) {
        try {
            FaultyNetwork network =
                    new FaultyNetwork(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), serverPort);
            daemon(network::accept);
            return network;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** Delays all data from now on, in each direction. */
    public void delay(long millis) {
        delayMillis = millis;
    }

    /** Resets every connection in the middle of the next reply. */
    public void cutReplies() {
        fault = Fault.CUT;
    }

    /** Makes connections half-open: accepts every byte and forwards none. */
    public void swallow() {
        fault = Fault.SILENCE;
    }

    /** Ends the faults. Resets connections with swallowed bytes, like a host that does not know them. */
    public void heal() {
        delayMillis = 0;
        fault = Fault.NONE;
        links.stream().filter(link -> link.swallowed).forEach(Link::reset);
    }

    @Override
    public void close() {
        closeQuietly(listener);
        links.forEach(Link::reset);
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                Link link = new Link(client);
                links.add(link);
                daemon(link::run);
            } catch (IOException e) {
                // This network is closed, or the client has disconnected.
            }
        }
    }

    /** A connection of a client with its connection to the server. */
    private final class Link {
        private final Socket client;
        private volatile Socket server;
        private volatile boolean swallowed;

        Link(Socket client) {
            this.client = client;
        }

        void run() {
            try {
                server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
                client.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
                daemon(() -> pump(server, client, true));
                pump(client, server, false);
            } catch (IOException e) {
                reset();
            }
        }

        private void pump(Socket from, Socket to, boolean replies) {
            byte[] buffer = new byte[BUFFER_BYTES];
            try {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                    if (delayMillis > 0) {
                        TimeUnit.MILLISECONDS.sleep(delayMillis);
                    }
                    if (swallowed || fault == Fault.SILENCE) {
                        // Later bytes would make no sense without these.
                        swallowed = true;
                    } else if (replies && fault == Fault.CUT) {
                        out.write(buffer, 0, length / 2);
                        break;
                    } else {
                        out.write(buffer, 0, length);
                    }
                }
            } catch (IOException e) {
                // One side has disconnected. The other one is reset below.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            // A silent network does not report that the server has disconnected.
            if (!(swallowed && replies)) {
                reset();
            }
        }

        void reset() {
            links.remove(this);
            reset(client);
            if (server != null) {
                reset(server);
            }
        }

        private void reset(Socket socket) {
            try {
                // With a linger time of 0, closing sends a reset.
                socket.setSoLinger(true, 0);
            } catch (IOException alreadyClosed) {
                return;
            }
            closeQuietly(socket);
        }
    }

    private static void closeQuietly(Closeable closeable) {
        try {
            closeable.close();
        } catch (IOException e) {
            // Closed or not, it is not used any more.
        }
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "faulty-network");
        thread.setDaemon(true);
        thread.start();
    }
}
