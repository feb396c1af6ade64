package redpacket.benchmark.contestants;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;
import redpacket.benchmark.load.Workload;
import redpacket.events.AwardResult;
import redpacket.events.Grab;
import redpacket.events.Outcome;
import redpacket.events.Share;

/**
 * One Lua script that decides a grab in Redis: it finds an earlier answer, or pops a share and stores it. The
 * contestants {@code sync-lua} and {@code redis-lua} use it. It has no deadlines and closes no packets, which makes it
 * a little faster than a complete solution.
 */
final class GrabScript {
    /** Shares per command when filling the queues. */
    private static final int CHUNK = 1_000;

    private final String prefix;
    private final RedisClusterAsyncCommands<byte[], byte[]> redis;
    private final LongAdder calls = new LongAdder();
    private final String script;

    /**
     * Loads the script.
     *
     * @param prefix of all keys
     */
    GrabScript(String prefix, RedisClusterAsyncCommands<byte[], byte[]> redis) {
        this.prefix = prefix;
        this.redis = redis;
        try (InputStream text = GrabScript.class.getResourceAsStream("grab.lua")) {
            script = redis.scriptLoad(text.readAllBytes()).toCompletableFuture().join();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Fills the queues of all packets. */
    void open(Workload workload) {
        workload.openStream().forEach(open -> {
            byte[] key = key(open.packetId(), "shares");
            for (int from = 0; from < open.shares(); from += CHUNK) {
                byte[][] shares = new byte[Math.min(CHUNK, open.shares() - from)][];
                for (int i = 0; i < shares.length; i++) {
                    shares[i] = (from + i + " " + open.totalCents() / open.shares()).getBytes(US_ASCII);
                }
                calls.increment();
                redis.rpush(key, shares).toCompletableFuture().join();
            }
        });
    }

    /** Returns Redis's reply, which {@link #result} reads. */
    CompletionStage<byte[]> grab(Grab grab) {
        calls.increment();
        byte[][] keys = {key(grab.packetId(), "winners"), key(grab.packetId(), "shares")};
        return redis.evalsha(
                script,
                ScriptOutputType.VALUE,
                keys,
                grab.userId().getBytes(US_ASCII),
                grab.grabId().getBytes(US_ASCII));
    }

    /** Number of calls since the script was loaded. */
    long calls() {
        return calls.sum();
    }

    static AwardResult result(Grab grab, byte[] reply, long grabbedAtMillis, long offset) {
        Outcome outcome = Outcome.SOLD_OUT;
        Share share = null;
        boolean repeat = false;
        if (reply != null) {
            String[] words = new String(reply, US_ASCII).split(" ", 4);
            boolean sameGrab = words[1].equals(grab.grabId());
            outcome = sameGrab ? Outcome.AWARDED : Outcome.ALREADY_GRABBED;
            share = new Share(Integer.parseInt(words[2]), Long.parseLong(words[3]));
            repeat = sameGrab && words[0].equals("held");
        }
        return new AwardResult(
                grab.packetId(), grab.grabId(), grab.userId(), null, outcome, share, repeat, grabbedAtMillis, offset);
    }

    private byte[] key(String packetId, String part) {
        return (prefix + ":{" + packetId + "}:" + part).getBytes(US_ASCII);
    }
}
