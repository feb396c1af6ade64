package redpacket.benchmark.contestants;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.NettyCustomizer;
import io.netty.channel.Channel;
import io.netty.handler.flush.FlushConsolidationHandler;
import java.util.concurrent.CompletionStage;
import redpacket.benchmark.load.Workload;
import redpacket.clients.RedisAddress;
import redpacket.events.AwardResult;
import redpacket.events.Grab;

/**
 * The contestant {@code redis-lua}, the fast solution without Kafka: one script call per grab on one connection, as
 * many as come without waiting for each other.
 *
 * <p>Redis is the only place that knows the answers. What a killed Redis had not saved is lost, although users were
 * told. Nobody else learns of an award, unless the caller tells them, and the caller may be killed before that.
 */
final class RedisLua implements DirectContestant.Entrant {
    /** Commands that are written to the socket together, if they come at the same time. */
    private static final int TOGETHER = 256;

    private final ClientResources resources = ClientResources.builder()
            .nettyCustomizer(new NettyCustomizer() {
                @Override
                public void afterChannelInitialized(Channel channel) {
                    channel.pipeline().addFirst(new FlushConsolidationHandler(TOGETHER, true));
                }
            })
            .build();
    private final RedisClient client;
    private final StatefulRedisConnection<byte[], byte[]> connection;
    private final GrabScript script;

    RedisLua(RedisAddress redis) {
        this.client = RedisClient.create(resources, redis.uri());
        this.connection = client.connect(ByteArrayCodec.INSTANCE);
        this.script = new GrabScript("redis-lua", connection.async());
    }

    @Override
    public void open(Workload workload) {
        script.open(workload);
    }

    @Override
    public CompletionStage<AwardResult> grab(Grab grab) {
        long nowMillis = System.currentTimeMillis();
        return script.grab(grab).thenApply(reply -> GrabScript.result(grab, reply, nowMillis, 0));
    }

    @Override
    public long redisCalls() {
        return script.calls();
    }

    @Override
    public void close() {
        connection.close();
        client.shutdown();
        var unused = resources.shutdown();
    }
}
