package espalier.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import espalier.tensor.Tensor;
import espalier.testing.NoLeaks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What every metric does; a test of one extends this. */
@ExtendWith(NoLeaks.class)
abstract class MetricContract {
    /** A new metric. */
    abstract Metric metric();

    /** Scores and target of at least ten items that fit the metric and give a value. */
    abstract Tensor scores();

    abstract Tensor target();

    /** The value of all items together. */
    abstract double expected();

    @Test
    void value_isEmptyBeforeTheFirstItem() {
        assertThat(metric().value()).isEmpty();
    }

    @Test
    void value_ofOneBatch_isRight() {
        var metric = metric();
        metric.update(scores(), target());
        assertThat(metric.value().orElseThrow()).isCloseTo(expected(), within(1e-6));
    }

    @Test
    void value_doesNotDependOnTheBatches() {
        var metric = metric();
        long n = scores().size(0);
        long[] cuts = {0, 1, 4, 9, n};
        for (int i = 0; i + 1 < cuts.length; i++) {
            long length = cuts[i + 1] - cuts[i];
            metric.update(scores().narrow(0, cuts[i], length), target().narrow(0, cuts[i], length));
        }
        assertThat(metric.value().orElseThrow()).isCloseTo(expected(), within(1e-6));
    }

    @Test
    void fresh_sharesNothing() {
        var metric = metric();
        metric.update(scores(), target());
        var other = metric.fresh();
        assertThat(other.value()).isEmpty();
        assertThat(other.name()).isEqualTo(metric.name());
        assertThat(other.direction()).isEqualTo(metric.direction());
        other.update(scores(), target());
        assertThat(other.value()).isEqualTo(metric.value());
    }

    @Test
    void update_isNotRecorded() {
        var metric = metric();
        metric.update(scores().requiresGrad(true), target());
        assertThat(metric.value()).isPresent();
    }
}
