package espalier.nn;

import static espalier.testing.TensorAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import espalier.rng.Rng;
import espalier.tensor.Scope;
import espalier.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.function.Supplier;

/** What every module must do; a test of a new one calls {@link #check}. */
public final class ModuleContract {
    private ModuleContract() {}

    /**
     * Checks a kind of module.
     *
     * @param make makes a new one, each time the same
     * @param x an input
     */
    public static void check(Supplier<? extends Module> make, Tensor x) {
        modes_reachEveryModule(make.get());
        evaluation_isDeterministicAndLeavesNothing(make.get(), x);
        stateDict_roundTrips(make.get(), make.get(), x);
        gradients_reachEveryParameter(make.get(), x);
        seed_decidesTheTrainingOutput(make.get(), x);
    }

    private static void modes_reachEveryModule(Module module) {
        assertThat(module.isTraining()).isTrue();
        assertThat(module.eval().modules().values()).noneMatch(Module::isTraining);
        assertThat(module.train().modules().values()).allMatch(Module::isTraining);
    }

    private static void evaluation_isDeterministicAndLeavesNothing(Module module, Tensor x) {
        module.eval();
        double[] before = x.toDoubleArray();
        long live = Scope.live();
        double[] first;
        try (var scope = Scope.open()) {
            first = module.forward(x.copy()).detach().toDoubleArray();
            assertThat(module.forward(x.copy())).isCloseTo(first, 0);
        }
        assertThat(Scope.live()).isEqualTo(live);
        assertThat(x).isCloseTo(before, 0);
        assertThat(first).isNotEmpty();
    }

    private static void stateDict_roundTrips(Module from, Module to, Tensor x) {
        from.reset(Rng.of(11));
        to.reset(Rng.of(12));
        var copies = new LinkedHashMap<String, Tensor>();
        from.stateDict()
                .forEach((name, value) -> copies.put(name, value.detach().copy()));
        to.loadStateDict(copies);
        from.eval();
        to.eval();
        assertThat(to.forward(x.copy()))
                .isCloseTo(from.forward(x.copy()).detach().toDoubleArray(), 0);
    }

    private static void gradients_reachEveryParameter(Module module, Tensor x) {
        module.train();
        Tensor y = module.forward(x.copy());
        if (module.parameters().isEmpty()) {
            return;
        }
        y.mul(Tensor.randn(Rng.of(5), y.shape().sizes())).sum().backward();
        module.parameters()
                .forEach((name, parameter) ->
                        assertThat(parameter.grad()).as("gradient of " + name).isPresent());
    }

    private static void seed_decidesTheTrainingOutput(Module module, Tensor x) {
        module.train();
        module.seed(Rng.of(3));
        double[] first = module.forward(x.copy()).detach().toDoubleArray();
        module.seed(Rng.of(3));
        assertThat(module.forward(x.copy())).isCloseTo(first, 0);
    }
}
