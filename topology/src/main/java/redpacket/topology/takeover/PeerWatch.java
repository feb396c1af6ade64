package redpacket.topology.takeover;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.kafka.streams.state.HostInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees at once when the process of another instance ends. Every instance listens on a port and holds a connection to
 * each other instance. No data is sent.
 *
 * <p>When a process ends, the kernel of its host closes its connections and refuses new ones within milliseconds. The
 * connections of a paused process stay open. So a connection that closes, followed by a refused one, means that the
 * process has ended. Silence says nothing: the network may drop packets, or the host may be gone. Then the session
 * timeout of the consumer group decides, as it does without this class.
 */
public final class PeerWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PeerWatch.class);

    /** Between looks at the list of instances, and between attempts to connect to one. */
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final Selector selector;
    private final ServerSocketChannel listening;
    private final HostInfo address;
    private final Map<HostInfo, Peer> peers = new HashMap<>();
    private final ByteBuffer ignored = ByteBuffer.allocate(64);
    private final AtomicInteger connected = new AtomicInteger();
    private final Thread thread = new Thread(this::run, "peer-watch");

    /** Set before the thread starts. */
    private Supplier<Set<HostInfo>> instances;

    private Listener listener;

    private volatile boolean closed;

    /** Is called by the thread of the watch, and may take seconds. */
    public interface Listener {
        /** An instance was reached for the first time, or again. */
        void met(HostInfo peer);

        /** The process of an instance that had been met has ended. */
        void died(HostInfo peer);

        /** An instance is no longer among the instances of the group. */
        void left(HostInfo peer);
    }

    private static final class Peer {
        private final HostInfo address;

        /** Null while not connected. */
        private SocketChannel channel;

        /** Only a peer that was reached at its address can be told dead by a refusal there. */
        private boolean met;

        Peer(HostInfo address) {
            this.address = address;
        }
    }

    private PeerWatch(Selector selector, ServerSocketChannel listening, HostInfo address) {
        this.selector = selector;
        this.listening = listening;
        this.address = address;
    }

    /**
     * Listens at an address.
     *
     * @param address under which the other instances reach this one; port 0 for any free port
     * @throws UncheckedIOException if the port is taken
     */
    public static PeerWatch listen(HostInfo address) {
        try {
            Selector selector = Selector.open();
            ServerSocketChannel listening = ServerSocketChannel.open();
            listening.bind(new InetSocketAddress(address.port()));
            listening.configureBlocking(false);
            listening.register(selector, SelectionKey.OP_ACCEPT);
            int port = ((InetSocketAddress) listening.getLocalAddress()).getPort();
            return new PeerWatch(selector, listening, new HostInfo(address.host(), port));
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot listen on port %d for the other instances".formatted(address.port()), e);
        }
    }

    /** With the port that is listened on. */
    public HostInfo address() {
        return address;
    }

    /**
     * Starts to watch.
     *
     * @param allInstances those of the group; this one may be among them. Throws IllegalStateException if unknown
     */
    public void watch(Supplier<Set<HostInfo>> allInstances, Listener events) {
        instances = allInstances;
        listener = events;
        thread.setDaemon(true);
        thread.start();
    }

    /** Instances that are connected now. */
    public int connected() {
        return connected.get();
    }

    @Override
    public void close() {
        closed = true;
        selector.wakeup();
        try {
            if (thread.isAlive()) {
                thread.join();
            }
            listening.close();
            selector.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.debug("Could not close the port for the other instances", e);
        }
    }

    private void run() {
        long lookAtNanos = System.nanoTime();
        while (!closed) {
            try {
                if (System.nanoTime() - lookAtNanos >= 0) {
                    lookAtNanos = System.nanoTime() + INTERVAL.toNanos();
                    look();
                }
                selector.select(this::handle, INTERVAL.toMillis());
            } catch (IOException | RuntimeException e) {
                LOG.warn("The watch of the other instances failed, and goes on", e);
            }
        }
        peers.values().forEach(this::disconnect);
    }

    private void look() {
        Set<HostInfo> now;
        try {
            now = new HashSet<>(instances.get());
        } catch (IllegalStateException e) {
            LOG.debug("The instances are not known at the moment", e);
            return;
        }
        now.remove(address);
        now.remove(HostInfo.unavailable());
        for (HostInfo left : Set.copyOf(peers.keySet())) {
            if (!now.contains(left)) {
                disconnect(peers.remove(left));
                listener.left(left);
            }
        }
        for (HostInfo instance : now) {
            Peer peer = peers.computeIfAbsent(instance, Peer::new);
            if (peer.channel == null) {
                connect(peer);
            }
        }
    }

    private void handle(SelectionKey key) {
        try {
            if (key.isAcceptable()) {
                accept();
            } else if (key.attachment() instanceof Peer peer) {
                handle(key, peer);
            } else if (isClosed((SocketChannel) key.channel())) {
                key.channel().close();
            }
        } catch (IOException e) {
            LOG.debug("A connection of another instance failed", e);
        }
    }

    private void accept() throws IOException {
        SocketChannel accepted = listening.accept();
        if (accepted != null) {
            accepted.configureBlocking(false);
            accepted.register(selector, SelectionKey.OP_READ);
        }
    }

    private void handle(SelectionKey key, Peer peer) {
        if (key.isConnectable()) {
            finishConnect(peer);
        } else if (isClosed(peer.channel)) {
            disconnect(peer);
            connect(peer);
        }
    }

    private void connect(Peer peer) {
        try {
            peer.channel = SocketChannel.open();
            peer.channel.configureBlocking(false);
            peer.channel.register(selector, SelectionKey.OP_CONNECT, peer);
            // Resolves the name again, since the instance may have moved.
            if (peer.channel.connect(new InetSocketAddress(peer.address.host(), peer.address.port()))) {
                finishConnect(peer);
            }
        } catch (IOException | RuntimeException e) {
            failed(peer, e);
        }
    }

    private void finishConnect(Peer peer) {
        try {
            peer.channel.finishConnect();
            peer.channel.keyFor(selector).interestOps(SelectionKey.OP_READ);
            peer.met = true;
            connected.incrementAndGet();
            listener.met(peer.address);
        } catch (IOException | RuntimeException e) {
            failed(peer, e);
        }
    }

    private void failed(Peer peer, Exception e) {
        disconnect(peer);
        if (isRefusal(e) && peer.met) {
            peer.met = false;
            listener.died(peer.address);
        } else {
            LOG.debug("Instance {} cannot be reached", peer.address, e);
        }
    }

    /** A connection that times out is no refusal, although Java has one type for both. */
    private static boolean isRefusal(Exception e) {
        return e instanceof ConnectException && String.valueOf(e.getMessage()).contains("refused");
    }

    private boolean isClosed(SocketChannel channel) {
        try {
            ignored.clear();
            return channel.read(ignored) < 0;
        } catch (IOException e) {
            return true;
        }
    }

    private void disconnect(Peer peer) {
        if (peer.channel != null) {
            if (peer.channel.isConnected()) {
                connected.decrementAndGet();
            }
            try {
                peer.channel.close();
            } catch (IOException e) {
                LOG.debug("Could not close a connection to {}", peer.address, e);
            }
            peer.channel = null;
        }
    }
}
