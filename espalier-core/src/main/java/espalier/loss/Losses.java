package espalier.loss;

import java.util.List;
import java.util.Optional;

/** The catalogue of losses. */
public final class Losses {
    private Losses() {}

    /** For items with any number of labels. */
    public static BceWithLogits bceWithLogits() {
        return BceWithLogits.standard();
    }

    /** For items with exactly one label. */
    public static CrossEntropy crossEntropy() {
        return CrossEntropy.standard();
    }

    /** Cross entropy in which easy items count little; gamma 2. */
    public static Focal focal() {
        return Focal.standard();
    }

    /** Squares of small differences, sizes of large ones; width 1. */
    public static Regression huber() {
        return Regression.of(Regression.Kind.HUBER);
    }

    /** For items with a probability for each class, such as another network's answers. */
    public static KlDivergence klDivergence() {
        return new KlDivergence();
    }

    /** Sizes of differences. */
    public static Regression l1() {
        return Regression.of(Regression.Kind.L1);
    }

    /** Squares of differences. */
    public static Regression mse() {
        return Regression.of(Regression.Kind.MSE);
    }

    /** Huber's loss divided by its width; width 1. */
    public static Regression smoothL1() {
        return Regression.of(Regression.Kind.SMOOTH_L1);
    }

    /** All of them with their defaults, by name in alphabetical order. */
    public static List<Loss> all() {
        return List.of(bceWithLogits(), crossEntropy(), focal(), huber(), klDivergence(), l1(), mse(), smoothL1());
    }

    /** The loss of a name such as {@code "cross_entropy"}, with its defaults. */
    public static Optional<Loss> named(String name) {
        return all().stream().filter(loss -> loss.name().equals(name)).findFirst();
    }
}
