package espalier.optim;

import static espalier.testing.TensorAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import espalier.rng.Rng;
import espalier.tensor.Tensor;
import espalier.testing.NoLeaks;
import java.util.HashMap;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What every optimiser does; a test of one extends this. */
@ExtendWith(NoLeaks.class)
abstract class OptimizerContract {
    abstract OptimizerFactory factory();

    private static List<Tensor> parameters() {
        return List.of(
                Tensor.randn(Rng.of(1), 4, 3).requiresGrad(true),
                Tensor.randn(Rng.of(2), 3).requiresGrad(true),
                Tensor.randn(Rng.of(3), 2, 2, 3, 3).channelsLast().requiresGrad(true));
    }

    /** Gradients that depend on the step alone. */
    private static void gradients(List<Tensor> parameters, int step) {
        for (int i = 0; i < parameters.size(); i++) {
            var shape = parameters.get(i).shape().sizes();
            parameters.get(i).setGrad(Tensor.randn(Rng.of(10).derive(step, i), shape));
        }
    }

    private Optimizer optimizer(List<Tensor> parameters) {
        return factory()
                .create(List.of(
                        ParameterGroup.of(parameters.subList(0, 1)).lr(0.01).weightDecay(0.1),
                        ParameterGroup.of(parameters.subList(1, 2))
                                .withoutDecay(parameters.subList(2, 3))
                                .lr(0.02)
                                .weightDecay(0.1)));
    }

    private static List<double[]> values(List<Tensor> parameters) {
        return parameters.stream().map(p -> p.detach().toDoubleArray()).toList();
    }

    @Test
    void loss_falls() {
        var x = Tensor.of(new float[] {3, -2, 1}, 3).requiresGrad(true);
        try (var optimizer =
                factory().create(List.of(ParameterGroup.of(List.of(x)).lr(0.1)))) {
            double first = x.square().sum().item();
            for (int i = 0; i < 100; i++) {
                x.square().sum().backward();
                optimizer.step();
                optimizer.zeroGrad();
            }
            assertThat(x.square().sum().item()).isLessThan(first / 2);
        }
    }

    @Test
    void step_passesOverFrozenGroupsAndMissingGradients() {
        var parameters = parameters();
        var before = values(parameters);
        try (var optimizer = optimizer(parameters)) {
            gradients(parameters, 0);
            parameters.get(1).clearGrad();
            optimizer.groups().get(0).frozen(true);
            optimizer.step();
            assertThat(parameters.get(0).detach()).isCloseTo(before.get(0), 0);
            assertThat(parameters.get(1).detach()).isCloseTo(before.get(1), 0);
            assertThat(parameters.get(2).detach().toDoubleArray()).isNotEqualTo(before.get(2));
            assertThat(optimizer.state().keySet()).allMatch(name -> name.startsWith("1.1."));
        }
    }

    @Test
    void zeroGrad_forgetsGradients() {
        var parameters = parameters();
        try (var optimizer = optimizer(parameters)) {
            gradients(parameters, 0);
            optimizer.zeroGrad();
            assertThat(parameters).allMatch(p -> p.grad().isEmpty());
        }
    }

    @Test
    void weightDecay_isLeftOutWhereAsked() {
        var decayed = Tensor.ones(2).requiresGrad(true);
        var not = Tensor.ones(2).requiresGrad(true);
        var group = ParameterGroup.of(List.of(decayed))
                .withoutDecay(List.of(not))
                .lr(0.1)
                .weightDecay(0.5);
        try (var optimizer = factory().create(List.of(group))) {
            decayed.setGrad(Tensor.zeros(2));
            not.setGrad(Tensor.zeros(2));
            optimizer.step();
            assertThat(decayed.detach()).isCloseTo(new double[] {0.95, 0.95}, 1e-6);
            assertThat(not.detach()).isCloseTo(new double[] {1, 1}, 0);
        }
    }

    @Test
    void state_loadsIntoAnotherAndGoesOnAlike() {
        var one = parameters();
        var other = parameters();
        try (var first = optimizer(one);
                var second = optimizer(other)) {
            run(first, one, 0, 3);
            var saved = new HashMap<String, Tensor>();
            first.state().forEach((name, tensor) -> saved.put(name, tensor.copy()));
            run(second, other, 5, 6);
            for (int i = 0; i < one.size(); i++) {
                other.get(i).setData(one.get(i).detach().copy());
            }
            second.loadState(saved);
            run(first, one, 3, 6);
            run(second, other, 3, 6);
            for (int i = 0; i < one.size(); i++) {
                assertThat(other.get(i).detach()).isCloseTo(one.get(i).detach(), 0);
            }
        }
    }

    @Test
    void clearState_startsAnew() {
        var one = parameters();
        var other = parameters();
        try (var first = optimizer(one);
                var second = optimizer(other)) {
            run(first, one, 0, 3);
            first.clearState();
            assertThat(first.state()).isEmpty();
            for (int i = 0; i < one.size(); i++) {
                other.get(i).setData(one.get(i).detach().copy());
            }
            run(first, one, 3, 5);
            run(second, other, 3, 5);
            for (int i = 0; i < one.size(); i++) {
                assertThat(other.get(i).detach()).isCloseTo(one.get(i).detach(), 0);
            }
        }
    }

    @Test
    void layout_mayChangeBetweenSteps() {
        var one = parameters();
        var other = parameters();
        try (var first = optimizer(one);
                var second = optimizer(other)) {
            run(first, one, 0, 2);
            run(second, other, 0, 2);
            other.get(2).setData(other.get(2).detach().contiguous());
            run(first, one, 2, 4);
            run(second, other, 2, 4);
            assertThat(other.get(2).detach()).isCloseTo(one.get(2).detach(), 1e-6);
        }
    }

    @Test
    void loadState_refusesWhatDoesNotFit() {
        var parameters = parameters();
        try (var optimizer = optimizer(parameters)) {
            run(optimizer, parameters, 0, 1);
            var state = new HashMap<>(optimizer.state());
            state.put("7.0.step", Tensor.of(new long[] {1}));
            assertThatThrownBy(() -> optimizer.loadState(state))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("7.0.step")
                    .hasMessageContaining("Maybe");
            state.remove("7.0.step");
            state.remove("0.0.step");
            assertThatThrownBy(() -> optimizer.loadState(state)).hasMessageContaining("lacks [step]");
            state.put("0.0.step", Tensor.of(new long[] {1}));
            optimizer.loadState(state);
            assertThat(optimizer.state()).hasSameSizeAs(state);
        }
    }

    @Test
    void create_refusesAParameterInTwoGroups() {
        var group = ParameterGroup.of(parameters().subList(0, 1));
        assertThatThrownBy(() -> factory().create(List.of(group, group)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("twice");
    }

    private static void run(Optimizer optimizer, List<Tensor> parameters, int from, int to) {
        for (int step = from; step < to; step++) {
            gradients(parameters, step);
            optimizer.step();
        }
    }
}
