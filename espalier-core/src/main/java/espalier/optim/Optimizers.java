package espalier.optim;

import java.util.List;
import java.util.Optional;

/**
 * The catalogue of optimisers.
 *
 * <pre>{@code
 * var optimizer = Optimizers.adam().weightDecay(0.1).create(List.of(ParameterGroup.of(parameters)));
 * }</pre>
 */
public final class Optimizers {
    private Optimizers() {}

    /** Sums of squares, with PyTorch's defaults. */
    public static Adagrad adagrad() {
        return Adagrad.standard();
    }

    /** Adam with decoupled weight decay and fastai's defaults: what {@code Learner} uses unless told otherwise. */
    public static Adam adam() {
        return Adam.standard();
    }

    /** Adam scaled by each parameter's size, for large batches. */
    public static Lamb lamb() {
        return Lamb.standard();
    }

    /** Rectified Adam with fastai's defaults. */
    public static RAdam radam() {
        return RAdam.standard();
    }

    /** RMSprop with PyTorch's defaults. */
    public static RmsProp rmsprop() {
        return RmsProp.standard();
    }

    /** Stochastic gradient descent, without momentum unless asked for. */
    public static Sgd sgd() {
        return Sgd.standard();
    }

    /** All of them with their defaults, by name in alphabetical order. */
    public static List<OptimizerFactory> all() {
        return List.of(adagrad(), adam(), lamb(), radam(), rmsprop(), sgd());
    }

    /** The optimiser of a name such as {@code "adam"}, with its defaults. */
    public static Optional<OptimizerFactory> named(String name) {
        return all().stream().filter(factory -> factory.name().equals(name)).findFirst();
    }
}
