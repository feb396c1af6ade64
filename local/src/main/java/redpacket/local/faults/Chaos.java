package redpacket.local.faults;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One fault after the other, of all kinds alike and in an order that the seed decides: like cards, dealt from a shuffled
 * deck. What lasts is still going on when the next comes, unless both concern the same part.
 */
public final class Chaos {
    /** From one fault to the next. */
    private static final int LEAST_GAP_MILLIS = 4_000;

    private static final int MOST_GAP_MILLIS = 9_000;
    private static final Duration LOOK = Duration.ofMillis(50);

    private final BreakablePipeline pipeline;
    private final Random random;
    private final Consumer<String> log;
    private final Deque<Fault> deck = new ArrayDeque<>();
    private final List<Lasting> lasting = new ArrayList<>();
    private final Map<Fault, Integer> struck = new EnumMap<>(Fault.class);
    private final Map<Fault, Integer> missed = new EnumMap<>(Fault.class);

    private record Lasting(Fault fault, Runnable heal, long untilNanos) {}

    /**
     * @param log is told of every fault, as it begins and as it ends
     */
    public Chaos(BreakablePipeline pipeline, long seed, Consumer<String> log) {
        this.pipeline = pipeline;
        this.random = new Random(seed);
        this.log = log;
    }

    /** Strikes for so long, or until it is told to stop, and then heals everything. */
    public void run(Duration howLong, CountDownLatch stop) throws InterruptedException {
        long end = System.nanoTime() + howLong.toNanos();
        long next = System.nanoTime();
        while (System.nanoTime() < end && !stop.await(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
            healWhatIsOver();
            if (System.nanoTime() >= next && strikeNext()) {
                int gapMillis = LEAST_GAP_MILLIS + random.nextInt(MOST_GAP_MILLIS - LEAST_GAP_MILLIS);
                next = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(gapMillis);
            }
        }
        lasting.clear();
        pipeline.heal();
        log.accept("all is healed");
    }

    /** How often each kind struck. */
    public Map<Fault, Integer> struck() {
        return Collections.unmodifiableMap(struck);
    }

    /** How often a kind found nothing to break: no queue in a Redis that was just emptied, say. These do not count as struck. */
    public Map<Fault, Integer> missed() {
        return Collections.unmodifiableMap(missed);
    }

    public int count() {
        return struck.values().stream().mapToInt(Integer::intValue).sum();
    }

    private void healWhatIsOver() {
        List<Lasting> over = lasting.stream()
                .filter(each -> System.nanoTime() >= each.untilNanos())
                .toList();
        lasting.removeAll(over);
        for (Lasting each : over) {
            each.heal().run();
            log.accept("  over: " + each.fault());
        }
    }

    /** False when the next fault has to wait for another that concerns the same part. */
    private boolean strikeNext() {
        if (deck.isEmpty()) {
            List<Fault> all = new ArrayList<>(EnumSet.allOf(Fault.class));
            Collections.shuffle(all, random);
            deck.addAll(all);
        }
        Set<Fault.Part> busy = EnumSet.noneOf(Fault.Part.class);
        lasting.forEach(each -> busy.add(each.fault().part()));
        if (busy.contains(deck.element().part())) {
            return false;
        }

        Fault fault = deck.remove();
        long millis = fault.millis(random);
        log.accept(fault + (millis > 0 ? String.format(Locale.ROOT, ", for %.1f s", millis / 1e3) : ""));
        Runnable heal = fault.strike(pipeline, random);
        if (heal == Fault.MISSED) {
            missed.merge(fault, 1, Integer::sum);
            log.accept("  missed: there was nothing to break");
            return true;
        }
        struck.merge(fault, 1, Integer::sum);
        if (millis > 0) {
            lasting.add(new Lasting(fault, heal, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis)));
        } else {
            heal.run();
        }
        return true;
    }
}
