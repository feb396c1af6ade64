package redpacket.gateway;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Traces with OpenTelemetry, as a client and a reader of the pipeline do. */
final class Spans implements AutoCloseable {
    private static final W3CTraceContextPropagator W3C = W3CTraceContextPropagator.getInstance();

    private final InMemorySpanExporter exporter = InMemorySpanExporter.create();
    private final SdkTracerProvider provider = SdkTracerProvider.builder()
            .addSpanProcessor(SimpleSpanProcessor.create(exporter))
            .build();
    private final Tracer tracer = provider.get("redpacket");

    /** Makes a span in the trace of headers that were received, and returns the headers that are sent in it. */
    Map<String, String> start(String name, Map<String, String> received) {
        Span span = tracer.spanBuilder(name)
                .setParent(W3C.extract(Context.root(), received, Map::get))
                .startSpan();
        Map<String, String> sent = new HashMap<>();
        W3C.inject(Context.root().with(span), sent, Map::put);
        span.end();
        return sent;
    }

    /** In the order of their making. */
    List<SpanData> ended() {
        return exporter.getFinishedSpanItems();
    }

    @Override
    public void close() {
        provider.close();
    }
}
