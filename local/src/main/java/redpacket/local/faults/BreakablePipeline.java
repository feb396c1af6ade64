package redpacket.local.faults;

import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import redpacket.audit.SinkStores;
import redpacket.clients.KafkaAddress;
import redpacket.clients.RedisAddress;
import redpacket.clients.RedisConnection;
import redpacket.clients.Topics;
import redpacket.parts.Ending;
import redpacket.parts.LocalKafka;
import redpacket.parts.LocalKafkaCluster;
import redpacket.parts.LocalPostgres;
import redpacket.parts.LocalRedis;
import redpacket.parts.TemporaryFolder;

/** Runs the whole pipeline on this machine, and gives access to every part to break it. Needs a POSIX system. */
public final class BreakablePipeline implements AutoCloseable {
    public static final int PARTITIONS = 4;

    /** The default of the topology's application id. */
    static final String GROUP = "redpacket";

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final String secret;
    private final TemporaryFolder folder = TemporaryFolder.create("redpacket-faults-");
    private final List<PipelineProcess> instances = new ArrayList<>();

    /** Either this or {@link #brokers} is null. */
    private final LocalKafka kafka;

    private final LocalKafkaCluster brokers;
    private final LocalRedis redis;
    private final BreakableLog log;
    private final FaultyNetwork network;

    /** A direct connection, which bypasses the faulty network. */
    private final RedisConnection redisConnection;

    private final Ending ending;
    private LocalPostgres postgres;
    private PipelineProcess sink;
    private PipelineProcess gateway;
    private boolean keepsLogs;

    /** Returns when Kafka and Redis answer. The instances are still starting then. */
    public static BreakablePipeline start(String secret, int instances) {
        return startOn(LocalKafka.start(), secret, instances);
    }

    /** Like {@link #start}, on this broker. The pipeline closes it. */
    public static BreakablePipeline startOn(LocalKafka broker, String secret, int instances) {
        return start(new BreakablePipeline(secret, broker, null), instances);
    }

    /** Like {@link #start}, on three brokers. The pipeline closes them. */
    public static BreakablePipeline startOn(LocalKafkaCluster brokers, String secret, int instances) {
        return start(new BreakablePipeline(secret, null, brokers), instances);
    }

    private static BreakablePipeline start(BreakablePipeline pipeline, int instances) {
        try (Admin admin = Admin.create(pipeline.kafkaAddress().clientSettings())) {
            Topics.create(admin, PARTITIONS, pipeline.replicas(), Map.of());
            for (int i = 0; i < instances; i++) {
                pipeline.addInstance().start();
            }
        } catch (RuntimeException e) {
            pipeline.close();
            throw e;
        }
        return pipeline;
    }

    /** Like {@link #start}, with a sink that writes a read model and a ledger. */
    public static BreakablePipeline startWithSink(String secret, int instances) {
        return withSink(start(secret, instances));
    }

    /** Like {@link #startOn(LocalKafkaCluster, String, int)}, with a sink that writes a read model and a ledger. */
    public static BreakablePipeline startWithSinkOn(LocalKafkaCluster brokers, String secret, int instances) {
        return withSink(startOn(brokers, secret, instances));
    }

    private static BreakablePipeline withSink(BreakablePipeline pipeline) {
        try {
            pipeline.postgres = LocalPostgres.start();
            pipeline.sink = PipelineProcess.sink(
                    pipeline.folder.path(),
                    pipeline.kafkaAddress(),
                    pipeline.redisBehindNetwork(),
                    pipeline.postgres.address());
            pipeline.sink.start();
        } catch (RuntimeException e) {
            pipeline.close();
            throw e;
        }
        return pipeline;
    }

    private BreakablePipeline(String secret, LocalKafka brokerOrNull, LocalKafkaCluster brokersOrNull) {
        this.secret = secret;
        redis = LocalRedis.start();
        brokers = brokersOrNull;
        kafka = brokerOrNull;
        log = new BreakableLog(kafkaAddress());
        network = FaultyNetwork.before(redis.port());
        redisConnection = RedisConnection.open(redis.address());
        // Registered after Kafka and Redis, so that it runs before their own Endings.
        ending = Ending.of(this::end);
    }

    public KafkaAddress kafkaAddress() {
        return brokers == null ? kafka.address() : brokers.address();
    }

    /** The three brokers; null if there is only one. */
    public LocalKafkaCluster brokers() {
        return brokers;
    }

    private short replicas() {
        return brokers == null ? 1 : (short) LocalKafkaCluster.BROKERS;
    }

    /** Restarts the broker, or three brokers one after the other, as an upgrade does. */
    public void restartKafka() {
        if (brokers == null) {
            kafka.restart();
        } else {
            brokers.restartOneByOne();
        }
    }

    public LocalRedis redis() {
        return redis;
    }

    public FaultyNetwork network() {
        return network;
    }

    /** The topics and the committed offsets. */
    public BreakableLog log() {
        return log;
    }

    /** Null for a pipeline without a sink. */
    public PipelineProcess sink() {
        return sink;
    }

    /** The PostgreSQL of the ledger. Null for a pipeline without a sink. */
    public LocalPostgres postgres() {
        return postgres;
    }

    /** The stores of the sink that the audit compares with the topics. */
    public SinkStores sinkStores() {
        return sink == null ? SinkStores.NONE : SinkStores.both(postgres.address(), redis.address());
    }

    private RedisAddress redisBehindNetwork() {
        return RedisAddress.of("redis://127.0.0.1:" + network.port());
    }

    /** Adds a gateway, and starts it. */
    public PipelineProcess startGateway(int port) {
        gateway = PipelineProcess.gateway(folder.path(), kafkaAddress(), port);
        gateway.start();
        return gateway;
    }

    /** The instances of the topology. */
    public List<PipelineProcess> instances() {
        return List.copyOf(instances);
    }

    /** One of the running instances. */
    public PipelineProcess anyInstance(Random random) {
        List<PipelineProcess> running =
                instances.stream().filter(PipelineProcess::isAlive).toList();
        return running.get(random.nextInt(running.size()));
    }

    /** Adds an instance with its own state directory. The caller starts it. */
    public PipelineProcess addInstance() {
        int number = instances.size() + 1;
        PipelineProcess instance = PipelineProcess.topology(
                number, folder.path(), kafkaAddress(), replicas(), redisBehindNetwork(), secret);
        instances.add(instance);
        return instance;
    }

    /** Deletes the state directory of a dead instance. */
    public void loseState(PipelineProcess dead) {
        Path state = dead.stateDirectory();
        if (!Files.exists(state)) {
            return;
        }
        try (Stream<Path> tree = Files.walk(state)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs a command on Redis, bypassing the faulty network, and waits for the answer. */
    public <T> T onRedis(Function<RedisClusterAsyncCommands<byte[], byte[]>, CompletionStage<T>> command) {
        try {
            redisConnection.requireReachable(PATIENCE);
            return command.apply(redisConnection.commands())
                    .toCompletableFuture()
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("The Redis command failed: " + RedisConnection.reasonOf(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Runs a script on Redis that returns a number. */
    public long onRedis(String script, String... arguments) {
        byte[][] bytes = Stream.of(arguments)
                .map(argument -> argument.getBytes(StandardCharsets.UTF_8))
                .toArray(byte[][]::new);
        return onRedis(commands -> commands.<Long>eval(script, ScriptOutputType.INTEGER, new byte[0][], bytes));
    }

    /** Ends all faults, and starts every part that is not running. */
    public void heal() {
        log.abortTransactions();
        network.heal();
        if (brokers != null) {
            brokers.heal();
        }
        try {
            redis.resume();
            onRedis(RedisClusterAsyncCommands::replicaofNoOne);
            onRedis(commands -> commands.configSet("maxmemory", "0"));
        } catch (RuntimeException e) {
            // Redis has ended or is ending, for example after Ctrl-C. A new process has no faults.
            redis.restart();
        }
        if (postgres != null && !postgres.isAlive()) {
            postgres.restart();
        }
        processes().forEach(process -> {
            process.resume();
            process.start();
        });
    }

    private Stream<PipelineProcess> processes() {
        return Stream.of(instances.stream(), Stream.ofNullable(sink), Stream.ofNullable(gateway))
                .flatMap(each -> each);
    }

    /**
     * Keeps the logs of the instances and of the three brokers after this pipeline is closed. Returns their
     * directories, that of the instances first.
     */
    public List<Path> keepLogs() {
        keepsLogs = true;
        return brokers == null ? List.of(folder.path()) : List.of(folder.path(), brokers.keepLogs());
    }

    @Override
    public void close() {
        ending.close();
    }

    private void end() {
        processes().forEach(PipelineProcess::kill);
        if (postgres != null) {
            postgres.close();
        }
        redisConnection.close();
        network.close();
        try {
            if (brokers == null) {
                kafka.close();
            } else {
                brokers.close();
            }
        } finally {
            redis.close();
            if (keepsLogs) {
                instances.forEach(this::loseState);
            } else {
                folder.delete();
            }
        }
    }
}
