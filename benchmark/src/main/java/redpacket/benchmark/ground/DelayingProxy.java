package redpacket.benchmark.ground;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * Makes a server seem further away: requests arrive later, answers pass at once. Requests that are sent together are
 * delayed together, as on a longer network path.
 */
final class DelayingProxy implements AutoCloseable {
    private static final int BUFFER_BYTES = 64 * 1024;

    private final URI server;
    private final long delayNanos;
    private final ServerSocket listener;
    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "delaying-proxy");
        thread.setDaemon(true);
        return thread;
    });

    /** Empty when the client has disconnected. */
    private static final class Sent {
        final byte[] bytes;
        final long arrivesNanos;

        Sent(byte[] bytes, long arrivesNanos) {
            this.bytes = bytes;
            this.arrivesNanos = arrivesNanos;
        }
    }

    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    /**
     * Listens on a free port.
     *
     * @param server with host and port
     */
    static DelayingProxy before(URI server, Duration delay) {
        try {
            return new DelayingProxy(server, delay);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private DelayingProxy(URI server, Duration delay) throws IOException {
        this.server = server;
        this.delayNanos = delay.toNanos();
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    /** The server's URI with the host and port of this proxy. */
    URI uri() {
        String here = listener.getInetAddress().getHostAddress();
        return URI.create(server.toString()
                .replace(server.getHost() + ":" + server.getPort(), here + ":" + listener.getLocalPort()));
    }

    @Override
    public void close() {
        closeQuietly(listener);
        threads.shutdownNow();
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = listener.accept();
            Socket onward = new Socket(server.getHost(), server.getPort());
            client.setTcpNoDelay(true);
            onward.setTcpNoDelay(true);
            BlockingQueue<Sent> onTheWire = new LinkedBlockingQueue<>();
            start(() -> send(client, onTheWire));
            start(() -> arrive(onTheWire, onward, client));
            start(() -> answer(onward, client));
        }
    }

    private void send(Socket client, BlockingQueue<Sent> onTheWire) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        InputStream in = client.getInputStream();
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            onTheWire.add(new Sent(Arrays.copyOf(buffer, read), System.nanoTime() + delayNanos));
        }
        onTheWire.add(new Sent(new byte[0], 0));
    }

    private void arrive(BlockingQueue<Sent> onTheWire, Socket server, Socket client)
            throws IOException, InterruptedException {
        OutputStream out = server.getOutputStream();
        for (Sent sent = onTheWire.take(); sent.bytes.length > 0; sent = onTheWire.take()) {
            for (long left = delayLeft(sent); left > 0; left = delayLeft(sent)) {
                LockSupport.parkNanos(left);
            }
            out.write(sent.bytes);
        }
        closeQuietly(server);
        closeQuietly(client);
    }

    private static long delayLeft(Sent sent) {
        return sent.arrivesNanos - System.nanoTime();
    }

    private static void answer(Socket server, Socket client) throws IOException {
        server.getInputStream().transferTo(client.getOutputStream());
    }

    private void start(Work work) {
        threads.execute(() -> {
            try {
                work.run();
            } catch (IOException e) {
                // One side has disconnected. The other side finds out at its own read or write.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private static void closeQuietly(AutoCloseable socket) {
        try {
            socket.close();
        } catch (Exception e) {
            // The connection is closed anyway.
        }
    }
}
