package redpacket.gateway;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import redpacket.events.AwardResult;
import redpacket.events.Grab;
import redpacket.events.TraceContext;
import redpacket.producer.PacketClient;
import redpacket.reader.Committed;

/** The example of {@code docs/tracing.md}; {@link TracingExampleTest} holds the two together. */
abstract class TracingExample {
    CompletableFuture<AwardResult> grab(PacketClient client, Grab grab) {
        Map<String, String> headers = new HashMap<>();
        W3CTraceContextPropagator.getInstance().inject(Context.current(), headers, Map::put);
        return client.grab(grab, TraceContext.of(headers));
    }

    Span read(Tracer tracer, Committed<AwardResult> award) {
        Map<String, String> headers = award.trace().headers();
        return tracer.spanBuilder("award")
                .setParent(W3CTraceContextPropagator.getInstance().extract(Context.root(), headers, Map::get))
                .startSpan();
    }
}
