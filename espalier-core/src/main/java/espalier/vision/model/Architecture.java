package espalier.vision.model;

import espalier.tensor.Rng;
import java.util.function.IntFunction;

/**
 * A light description of a model in the catalogue: nothing is allocated before {@link #create} or {@link #transfer}.
 *
 * @param name its name on the command line, in model files and in the catalogue of weights
 * @param paper where it was described
 * @param inputSize the side of the pictures that it was designed for, in pixels
 * @param factory makes the network for a number of classes
 */
public record Architecture(String name, String paper, int inputSize, IntFunction<Backbone> factory) {
    /** A classification network for {@code classes} classes; published ImageNet weights fit 1000. */
    public Backbone create(int classes) {
        if (classes < 1) {
            throw new IllegalArgumentException("a classifier needs a class or more, received " + classes + ".");
        }
        return factory.apply(classes);
    }

    /**
     * A body of this architecture with a new head for {@code classes} classes, all drawn from {@code rng}. For a
     * pretrained body load the weights into {@code create(1000)} and use {@link TransferModel#of}.
     */
    public TransferModel transfer(int classes, Rng rng) {
        var model = TransferModel.of(create(1), classes, rng);
        model.reset(rng);
        return model;
    }

    @Override
    public String toString() {
        return name;
    }
}
