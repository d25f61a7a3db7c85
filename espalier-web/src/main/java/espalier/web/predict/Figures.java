package espalier.web.predict;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.function.Supplier;

/** What Prometheus is told. */
final class Figures implements AutoCloseable {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final DistributionSummary batches = DistributionSummary.builder("espalier_batch_pictures")
            .description("Pictures that a run of a model had")
            .serviceLevelObjectives(1, 2, 4, 8)
            .register(registry);
    private final Timer forward = Timer.builder("espalier_model_run")
            .description("Time that a run of a model took")
            .register(registry);

    Figures() {
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
    }

    /** Watches a number. */
    void gauge(String name, String description, Supplier<Number> number) {
        Gauge.builder(name, number).description(description).register(registry);
    }

    /** A request was answered; {@code route} as it is written in the routes, never as it came. */
    void answered(String route, int status, Duration time) {
        Timer.builder("espalier_requests")
                .description("Requests by route and status")
                .tag("route", route)
                .tag("status", Integer.toString(status))
                .register(registry)
                .record(time);
    }

    /** A model has run. */
    void ran(double seconds, int pictures) {
        batches.record(pictures);
        forward.record(Duration.ofNanos((long) (seconds * 1e9)));
    }

    /** All of it in Prometheus' text format. */
    String text() {
        return registry.scrape();
    }

    @Override
    public void close() {
        registry.close();
    }
}
