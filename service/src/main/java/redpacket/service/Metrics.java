package redpacket.service;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.logging.LogbackMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.Collector;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** The metrics of a process, in the text format of Prometheus. Closing it closes every binder that is closeable. */
public final class Metrics implements AutoCloseable {
    /** The content type of {@link #scrape}. */
    public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final List<MeterBinder> binders = new ArrayList<>();

    /** Measures the JVM, and counts log messages. Others {@linkplain #bind bind} more. */
    public Metrics() {
        bind(new JvmMemoryMetrics());
        bind(new JvmGcMetrics());
        bind(new JvmThreadMetrics());
        bind(new ProcessorMetrics());
        bind(new UptimeMetrics());
        bind(new LogbackMetrics());
    }

    public void bind(MeterBinder binder) {
        binder.bindTo(registry);
        binders.add(binder);
    }

    /** Adds metrics for which Micrometer has no meter. */
    public void collect(Collector collector) {
        registry.getPrometheusRegistry().register(collector);
    }

    /** Adds the gauges {@code redpacket_live} and {@code redpacket_ready}, each 1 or 0. */
    public void tell(Supplier<Health> health) {
        Gauge.builder("redpacket.live", () -> health.get().live() ? 1 : 0)
                .description("0 if the process needs a restart")
                .register(registry);
        Gauge.builder("redpacket.ready", () -> health.get().ready() ? 1 : 0)
                .description("1 while the process does its work")
                .register(registry);
    }

    public MeterRegistry registry() {
        return registry;
    }

    public String scrape() {
        return registry.scrape(CONTENT_TYPE);
    }

    @Override
    public void close() {
        for (MeterBinder binder : binders) {
            if (binder instanceof AutoCloseable closeable) {
                try {
                    closeable.close();
                } catch (Exception e) {
                    throw new IllegalStateException("cannot close " + binder, e);
                }
            }
        }
        registry.close();
    }
}
