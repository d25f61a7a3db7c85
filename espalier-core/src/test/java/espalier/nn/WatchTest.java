package espalier.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import espalier.tensor.Grad;
import espalier.tensor.Scope;
import espalier.tensor.Tensor;
import espalier.testing.NoLeaks;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
class WatchTest {
    /** A number to four, a ReLU, and their weighted sum: 1, 2, 3 and 4 times what is above 0. */
    private final Sequential model =
            Sequential.of(Linear.of(1, 4).noBias(), ReLU.of(), Linear.of(4, 1).noBias());

    @BeforeEach
    void weights() {
        try (var off = Grad.off()) {
            model.parameters().get("0.weight").copy_(Tensor.ofNested(new float[][] {{1}, {-1}, {0}, {3}}));
            model.parameters().get("2.weight").copy_(Tensor.ofNested(new float[][] {{1, 2, 3, 4}}));
        }
    }

    @AfterEach
    void close() {
        model.close();
    }

    private Tensor loss() {
        return model.forward(Tensor.ofNested(new float[][] {{1}, {-2}})).sum();
    }

    @Test
    void gradients_areThoseOfTheOutputs() {
        var names = new ArrayList<String>();
        var gradients = new ArrayList<Tensor>();
        try (var scope = Scope.open();
                var watch = Watch.gradients()) {
            loss().backward();
            watch.forEachGradient((module, gradient) -> {
                names.add(module.getClass().getSimpleName());
                gradients.add(gradient);
            });
            assertThat(names).containsExactly("Sequential", "Linear", "ReLU", "Linear"); // the last layer first
            assertThat(gradients.get(1).toDoubleArray()).containsExactly(1, 1);
            assertThat(gradients.get(2).toDoubleArray()).containsExactly(1, 2, 3, 4, 1, 2, 3, 4);
            // -1 and 0, then -2, 0 and -6, are not above 0: nothing passes the ReLU
            assertThat(gradients.get(3).toDoubleArray()).containsExactly(1, 0, 0, 4, 0, 2, 0, 0);
        }
    }

    @Test
    void gradients_areToldOnce() {
        try (var scope = Scope.open();
                var watch = Watch.gradients()) {
            var seen = new ArrayList<Module>();
            for (int batch = 1; batch <= 2; batch++) {
                loss().backward();
                watch.forEachGradient((module, gradient) -> seen.add(module));
                assertThat(seen).hasSize(4 * batch);
            }
        }
    }

    @Test
    void gradients_needABackward() {
        try (var scope = Scope.open();
                var watch = Watch.gradients()) {
            loss();
            assertThatThrownBy(() -> watch.forEachGradient((module, gradient) -> {}))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("the 4 outputs")
                    .hasMessageContaining("Maybe backward()");
        }
    }

    @Test
    void gradients_leaveOutWhatIsNotRecorded() {
        try (var scope = Scope.open();
                var watch = Watch.gradients()) {
            try (var off = Grad.off()) {
                loss();
            }
            loss().backward();
            var seen = new ArrayList<Module>();
            watch.forEachGradient((module, gradient) -> seen.add(module));
            assertThat(seen).hasSize(4);
        }
    }

    @Test
    void gradients_goOnBesideAnotherWatch() {
        var outputs = new ArrayList<Module>();
        try (var scope = Scope.open();
                var watch = Watch.gradients();
                var inner = Watch.start((module, output) -> outputs.add(module))) {
            loss().backward();
            var seen = new ArrayList<Module>();
            watch.forEachGradient((module, gradient) -> seen.add(module));
            assertThat(seen).hasSameSizeAs(outputs);
        }
    }

    @Test
    void layerGradients_tellMeanDeviationLargestAndZeros() {
        LayerGradients gradients;
        try (var scope = Scope.open();
                var watch = Watch.gradients()) {
            loss().backward();
            gradients = LayerGradients.of(model, watch);
        }
        List<LayerGradients.Row> rows = gradients.rows();
        assertThat(rows).extracting(LayerGradients.Row::path).containsExactly("2", "1", "0");
        assertThat(rows.get(1).mean()).isCloseTo(2.5, within(1e-6)); // 1 2 3 4
        assertThat(rows.get(1).std()).isCloseTo(Math.sqrt(1.25), within(1e-6));
        assertThat(rows.get(1).zeros()).isZero();
        assertThat(rows.get(2).mean()).isCloseTo(7 / 8.0, within(1e-6)); // 1 0 0 4 and 0 2 0 0
        assertThat(rows.get(2).std()).isCloseTo(Math.sqrt(21 / 8.0 - 49 / 64.0), within(1e-6));
        assertThat(rows.get(2).largest()).isEqualTo(4);
        assertThat(rows.get(2).zeros()).isEqualTo(5 / 8.0);
        assertThat(gradients.toString()).contains("0 Linear", "[2, 4]", "1.4e+00", "4.0e+00", "62.5 %");
    }
}
