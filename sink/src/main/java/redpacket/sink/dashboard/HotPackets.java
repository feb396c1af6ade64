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

/** Looks up the hottest packets in the read model. Uses its own thread, so that no snapshot waits for Redis. */
final class HotPackets implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HotPackets.class);

    private static final int SHOWN = 10;

    /** How long a snapshot waits for the lookup. The topics are not read while it waits. */
    private static final Duration LOOKUP_TIMEOUT = Duration.ofMillis(100);

    private final Views views;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread created = new Thread(task, "dashboard-packets");
        created.setDaemon(true);
        return created;
    });

    private Future<Optional<List<PacketView>>> answer;

    /** The latest answer; null before the first. Empty if the read model was unavailable. */
    private Optional<List<PacketView>> latest;

    HotPackets(Views views) {
        this.views = views;
    }

    /** The hottest packets, as of the latest answer. Empty while the read model is unavailable. Not thread-safe. */
    Optional<List<Snapshot.HotPacket>> of(GrabRates rates) throws InterruptedException {
        if (answer == null || answer.isDone()) {
            List<String> hottest = rates.hottest(SHOWN);
            answer = thread.submit(() -> lookUp(hottest));
        }
        try {
            latest = latest == null ? answer.get() : answer.get(LOOKUP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.debug("Redis is slow; the dashboard keeps the previous answer");
        } catch (ExecutionException e) {
            throw new IllegalStateException("Cannot look up the hottest packets", e.getCause());
        }
        return latest.map(packets -> packets.stream()
                .map(packet -> new Snapshot.HotPacket(packet, rates.grabsPerSecond(packet.packetId())))
                .toList());
    }

    /** Waits for the current lookup, so that the connection may be closed. The timeout of commands bounds the wait. */
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
            LOG.debug("The hottest packets are unavailable", e);
            return Optional.empty();
        }
    }
}
