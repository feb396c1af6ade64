package redpacket.benchmark.soak;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Locale;
import java.util.Queue;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import redpacket.application.AddedCommand;
import redpacket.application.CommandException;
import redpacket.application.ExitCode;
import redpacket.events.AwardResult;
import redpacket.events.Grab;
import redpacket.events.OpenPacket;
import redpacket.events.Outcome;
import redpacket.events.PacketEvent;
import redpacket.events.Split;
import redpacket.events.Topic;
import redpacket.options.Range;
import redpacket.parts.LocalServers;
import redpacket.producer.PacketProducer;
import redpacket.reader.Committed;
import redpacket.reader.CommittedReader;
import redpacket.reader.ResultListener;

/** Gives a topology with a small heap more packets and winners than fit into it. Fails if it ends. */
@Command(
        name = "fill",
        description = {
            "Grabs all shares of large packets in turn, then opens many packets and wins one share of each, in a"
                    + " topology in a process of its own. Prints the memory of that process, in MB.",
            "Exit code 1 when the topology ends, or a grab wins nothing. Needs Linux, and 4 GB for Redis. Starts its"
                    + " own Kafka and Redis."
        })
public final class FillCommand implements AddedCommand {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration RETENTION = Duration.ofDays(1);
    private static final long OPEN_FOR_MILLIS = Duration.ofDays(1).toMillis();

    /** Grabs, or opened packets, that may wait for their answers. */
    private static final int MOST_WAITING = 20_000;

    /** Without an answer for this long the topology stands. Longer than a restart of its threads. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--heap",
            paramLabel = "SIZE",
            defaultValue = "256m",
            description = "Heap of the topology, as in -Xmx. Default: ${DEFAULT-VALUE}")
    private String heap;

    @Option(
            names = "--winners",
            paramLabel = "N",
            defaultValue = "5000000",
            description = "Winners of the large packets, altogether. Default: ${DEFAULT-VALUE}")
    @Range(least = "1", most = "100000000")
    private int winners;

    @Option(
            names = "--packets",
            paramLabel = "N",
            defaultValue = "100",
            description = "Large packets. Default: ${DEFAULT-VALUE}")
    @Range(least = "1", most = "100000")
    private int packets;

    @Option(
            names = "--open-packets",
            paramLabel = "N",
            defaultValue = "200000",
            description = "Packets that stay open, with one winner each. Default: ${DEFAULT-VALUE}")
    @Range(least = "0", most = "10000000")
    private int openPackets;

    @Option(
            names = "--shares",
            paramLabel = "N",
            defaultValue = "600",
            description = "Shares of each packet that stays open. Default: ${DEFAULT-VALUE}")
    @Range(least = "2", most = "1000000")
    private int shares;

    @Option(
            names = "--partitions",
            paramLabel = "N",
            defaultValue = "12",
            description = "Partitions of each topic. Default: ${DEFAULT-VALUE}")
    @Range(least = "1", most = "1000")
    private int partitions;

    private SoakedTopology topology;
    private CommittedReader answers;
    private PacketProducer producer;
    private final ResultListener counting = new Counting();
    private final Queue<String> opened = new ArrayDeque<>();
    private long openings;
    private long awarded;
    private long grabs;

    @Override
    public Integer call() {
        try (LocalServers servers = LocalServers.start(partitions);
                SoakedTopology started = SoakedTopology.start(servers, heap, RETENTION);
                PacketProducer sender = PacketProducer.connect(servers.kafka().clientSettings());
                CommittedReader reader = CommittedReader.fromBeginning(
                        servers.kafka().clientSettings(), Set.of(Topic.AWARDS, Topic.PACKETS))) {
            topology = started;
            producer = sender;
            answers = reader;
            topology.awaitReady();
            say("    packets    winners " + Footprint.HEADING.substring("minute".length()));
            report();
            fillLargePackets();
            openManyPackets();
        }
        return ExitCode.GOOD;
    }

    private void fillLargePackets() {
        int each = winners / packets;
        for (int packet = 0; packet < packets; packet++) {
            open("large-" + packet, each);
        }
        await(() -> opened.size() == packets);
        opened.clear();
        sendAll((long) each * packets, i -> grab("large-" + i % packets, "user-" + i / packets));
    }

    /** Each packet is grabbed when its opening is committed. */
    private void openManyPackets() {
        for (int i = 0; i < Math.min(MOST_WAITING, openPackets); i++) {
            open("open-" + i, shares);
        }
        sendAll(openPackets, i -> {
            await(() -> !opened.isEmpty());
            grab(opened.remove(), "user");
            if (i + MOST_WAITING < openPackets) {
                open("open-" + (i + MOST_WAITING), shares);
            }
        });
    }

    /** Sends grabs one after the other, waits for all answers, and tells the memory ten times. */
    private void sendAll(long total, LongConsumer send) {
        for (long i = 0; i < total; i++) {
            if (i > 0 && i % Math.max(1, total / 10) == 0) {
                report();
            }
            send.accept(i);
            if (i % 1_000 == 0) {
                await(() -> grabs - awarded < MOST_WAITING);
            }
        }
        await(() -> awarded == grabs);
        report();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // The answer is awaited.
    private void open(String packetId, int shareCount) {
        producer.open(
                new OpenPacket(packetId, "sender", 10L * shareCount, shareCount, Split.RANDOM, null, OPEN_FOR_MILLIS));
    }

    @SuppressWarnings("FutureReturnValueIgnored") // The answer is awaited.
    private void grab(String packetId, String userId) {
        producer.grab(new Grab("grab-" + grabs, packetId, userId));
        grabs++;
    }

    private void await(BooleanSupplier condition) {
        long lastNanos = System.nanoTime();
        while (!condition.getAsBoolean()) {
            topology.requireAlive();
            if (answers.poll(POLL, counting) > 0) {
                lastNanos = System.nanoTime();
            }
            if (System.nanoTime() - lastNanos > PATIENCE.toNanos()) {
                throw CommandException.failed("The topology answered nothing for " + PATIENCE.toSeconds() + " s; "
                        + awarded + " of " + grabs + " grabs were answered");
            }
        }
    }

    private final class Counting implements ResultListener {
        @Override
        public void onAward(Committed<AwardResult> award) {
            if (award.event().outcome() != Outcome.AWARDED) {
                throw CommandException.failed("A grab won nothing: " + award.event());
            }
            awarded++;
        }

        @Override
        public void onPacketEvent(Committed<PacketEvent> event) {
            if (event.event() instanceof PacketEvent.Opened one) {
                opened.add(one.packetId());
                openings++;
            }
        }
    }

    private void report() {
        Footprint footprint = topology.footprint();
        say("%,11d %,10d %s", openings, awarded, footprint.line(0).substring("minute".length()));
    }

    private void say(String format, Object... arguments) {
        PrintWriter out = spec.commandLine().getOut();
        out.printf(Locale.ROOT, format + "%n", arguments);
        out.flush();
    }
}
