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

    /** Steps in the parameters' own unit, with PyTorch's defaults; its usual learning rate is 1. */
    public static Adadelta adadelta() {
        return Adadelta.standard();
    }

    /** Sums of squares, with PyTorch's defaults. */
    public static Adagrad adagrad() {
        return Adagrad.standard();
    }

    /** Adam with decoupled weight decay and fastai's defaults: what {@code Learner} uses unless told otherwise. */
    public static Adam adam() {
        return Adam.standard();
    }

    /** Adam by the largest gradient of the past, with PyTorch's defaults. */
    public static Adamax adamax() {
        return Adamax.standard();
    }

    /** Adam scaled by each parameter's size, for large batches. */
    public static Lamb lamb() {
        return Lamb.standard();
    }

    /** LARS with rates of at most the group's own, with fastai's defaults. */
    public static Lars larc() {
        return Lars.standard().withClipping();
    }

    /** Gradient descent whose rate fits each parameter's size, for large batches. */
    public static Lars lars() {
        return Lars.standard();
    }

    /** Steps of one size by the sign of the momentum, with the paper's defaults. */
    public static Lion lion() {
        return Lion.standard();
    }

    /** Adam with Nesterov's look ahead, with PyTorch's defaults. */
    public static NAdam nadam() {
        return NAdam.standard();
    }

    /** Rectified Adam with fastai's defaults. */
    public static RAdam radam() {
        return RAdam.standard();
    }

    /** Lookahead around rectified Adam, with fastai's defaults. */
    public static Lookahead ranger() {
        return Lookahead.ranger();
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
        return List.of(
                adadelta(),
                adagrad(),
                adam(),
                adamax(),
                lamb(),
                larc(),
                lars(),
                lion(),
                nadam(),
                radam(),
                ranger(),
                rmsprop(),
                sgd());
    }

    /** The optimiser of a name such as {@code "adam"}, with its defaults. */
    public static Optional<OptimizerFactory> named(String name) {
        return all().stream().filter(factory -> factory.name().equals(name)).findFirst();
    }
}
