package redpacket.gateway;

import io.javalin.http.Context;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** Measures requests, from when their body has been read until their answer is ready. */
final class RequestMeters {
    private static final String OPERATION = "operation";
    private static final String BEGAN_NANOS = "began";

    /** From 1 ms to 16 s. */
    private static final Duration[] BUCKETS =
            IntStream.range(0, 15).mapToObj(i -> Duration.ofMillis(1L << i)).toArray(Duration[]::new);

    private final MeterRegistry registry;

    RequestMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    void begin(String operation, Context ctx) {
        ctx.attribute(OPERATION, operation);
        ctx.attribute(BEGAN_NANOS, System.nanoTime());
    }

    void end(Context ctx) {
        String operation = ctx.attribute(OPERATION);
        Long beganNanos = ctx.attribute(BEGAN_NANOS);
        if (operation != null && beganNanos != null) {
            Timer.builder("redpacket.gateway.requests")
                    .description("Requests by operation and HTTP status")
                    .tag(OPERATION, operation)
                    .tag("status", String.valueOf(ctx.status().getCode()))
                    .serviceLevelObjectives(BUCKETS)
                    .register(registry)
                    .record(System.nanoTime() - beganNanos, TimeUnit.NANOSECONDS);
        }
    }
}
