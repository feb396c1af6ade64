package redpacket.sink.dashboard;

import io.lettuce.core.RedisException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redpacket.sink.readmodel.NotServingException;
import redpacket.sink.readmodel.PacketView;
import redpacket.sink.readmodel.Views;

/** What the read model knows of the hottest packets, asked in a thread of its own: no picture waits for a Redis that is away. */
final class HotPackets implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HotPackets.class);

    private static final int SHOWN = 10;

    /** The topics are not read meanwhile. */
    private static final Duration PATIENCE = Duration.ofMillis(100);

    private final Views views;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread made = new Thread(task, "dashboard-packets");
        made.setDaemon(true);
        return made;
    });

    private Future<Optional<List<PacketView>>> answer;

    /** The last answer that came; null before the first. */
    private Optional<List<PacketView>> latest;

    HotPackets(Views views) {
        this.views = views;
    }

    /** As of a moment ago; empty while the read model cannot tell. To be called by one thread. */
    Optional<List<Snapshot.HotPacket>> of(GrabRates heat) throws InterruptedException {
        if (answer == null || answer.isDone()) {
            List<String> hottest = heat.hottest(SHOWN);
            answer = thread.submit(() -> lookUp(hottest));
        }
        try {
            latest = latest == null ? answer.get() : answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.debug("The last answer stands: a slow Redis is not one that is away");
        } catch (ExecutionException e) {
            throw new IllegalStateException("The hottest packets cannot be looked up", e.getCause());
        }
        return latest.map(packets -> packets.stream()
                .map(packet -> new Snapshot.HotPacket(packet, heat.grabsPerSecond(packet.packetId())))
                .toList());
    }

    /** Waits for what is being asked, which Redis's own timeout bounds: then the connection may be closed. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            thread.awaitTermination(1, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Optional<List<PacketView>> lookUp(List<String> packetIds) {
        List<PacketView> found = new ArrayList<>();
        try {
            for (String packetId : packetIds) {
                views.packet(packetId).ifPresent(found::add);
            }
            return Optional.of(found);
        } catch (RedisException | NotServingException e) {
            LOG.debug("No packets to show", e);
            return Optional.empty();
        }
    }
}
