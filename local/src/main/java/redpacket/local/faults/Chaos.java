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
 * Injects one fault after the other. The seed decides the order. All kinds of faults occur equally often, like cards
 * dealt from a shuffled deck. A lasting fault overlaps with later ones, unless they break the same part.
 */
public final class Chaos {
    /** The time from one fault to the next is random, between these limits. */
    private static final int MIN_GAP_MILLIS = 4_000;

    private static final int MAX_GAP_MILLIS = 9_000;
    private static final Duration CHECK_INTERVAL = Duration.ofMillis(50);

    private final BreakablePipeline pipeline;
    private final Random random;
    private final Consumer<String> log;
    private final Deque<Fault> deck = new ArrayDeque<>();
    private final List<Lasting> lasting = new ArrayList<>();
    private final Map<Fault, Integer> struck = new EnumMap<>(Fault.class);
    private final Map<Fault, Integer> missed = new EnumMap<>(Fault.class);

    private record Lasting(Fault fault, Runnable heal, long untilNanos) {}

    /**
     * @param log receives a line for each begin and end of a fault
     */
    public Chaos(BreakablePipeline pipeline, long seed, Consumer<String> log) {
        this.pipeline = pipeline;
        this.random = new Random(seed);
        this.log = log;
    }

    /** Injects faults for this time, or until {@code stop} is counted down. Then heals everything. */
    public void run(Duration duration, CountDownLatch stop) throws InterruptedException {
        long end = System.nanoTime() + duration.toNanos();
        long next = System.nanoTime();
        while (System.nanoTime() < end && !stop.await(CHECK_INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
            healWhatIsOver();
            if (System.nanoTime() >= next && strikeNext()) {
                int gapMillis = MIN_GAP_MILLIS + random.nextInt(MAX_GAP_MILLIS - MIN_GAP_MILLIS);
                next = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(gapMillis);
            }
        }
        lasting.clear();
        pipeline.heal();
        log.accept("all faults are healed");
    }

    /** How often each kind of fault struck. */
    public Map<Fault, Integer> struck() {
        return Collections.unmodifiableMap(struck);
    }

    /**
     * How often each kind of fault found nothing to break, for example no queue in a Redis that was just emptied. A
     * miss does not count as struck.
     */
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

    /** False if the next fault has to wait, because another fault of the same part still lasts. */
    private boolean strikeNext() {
        if (deck.isEmpty()) {
            List<Fault> all = new ArrayList<>(Fault.of(pipeline));
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
