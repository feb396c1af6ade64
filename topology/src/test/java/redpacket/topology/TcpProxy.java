package redpacket.topology;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/** An address on 127.0.0.1 that leads to a server. It can lead to another server later, and can alter replies. */
public final class TcpProxy implements AutoCloseable {
    private static final int BUFFER_BYTES = 64 * 1024;

    private final ServerSocket listener;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile int serverPort;
    private volatile UnaryOperator<byte[]> replies = UnaryOperator.identity();

    private TcpProxy(ServerSocket listener, int serverPort) {
        this.listener = listener;
        this.serverPort = serverPort;
    }

    public static TcpProxy before(int serverPort) {
        try {
            TcpProxy proxy = new TcpProxy(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), serverPort);
            daemon(proxy::accept);
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** New connections lead to another server of this machine; those that are there stay where they are. */
    public void leadTo(int port) {
        serverPort = port;
    }

    /** Passes on what servers answer in an altered form. */
    public void alterReplies(UnaryOperator<byte[]> alter) {
        replies = alter;
    }

    @Override
    public void close() {
        closeQuietly(listener);
        sockets.forEach(TcpProxy::closeQuietly);
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                sockets.add(client);
                Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
                sockets.add(server);
                client.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
                daemon(() -> pump(client, server, UnaryOperator.identity()));
                daemon(() -> pump(server, client, bytes -> replies.apply(bytes)));
            } catch (IOException e) {
                // Closed, or one side is gone already: the client will see it.
            }
        }
    }

    private static void pump(Socket from, Socket to, UnaryOperator<byte[]> alter) {
        byte[] buffer = new byte[BUFFER_BYTES];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                out.write(alter.apply(Arrays.copyOf(buffer, length)));
            }
        } catch (IOException e) {
            // One side is gone: so is the other now.
        }
    }

    private static void closeQuietly(Closeable closeable) {
        try {
            closeable.close();
        } catch (IOException e) {
            // It is of no more use in either case.
        }
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "tcp-proxy");
        thread.setDaemon(true);
        thread.start();
    }
}
