package espalier.loss;

import espalier.format.DType;
import espalier.tensor.Functional;
import espalier.tensor.Functional.Reduction;
import espalier.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * Focal loss: cross entropy times {@code (1 - p) ^ gamma}, so that items which are right already count little.
 *
 * <p>As fastai's, {@code p} is {@code exp(-loss)} of the weighted cross entropy, and the batch's loss is the plain
 * mean over items also with class weights.
 *
 * @param gamma how little easy items count; 0 gives cross entropy
 * @param weights one for each class, or empty
 * @paper Lin et al. 2017, "Focal Loss for Dense Object Detection",
 *     <a href="https://arxiv.org/abs/1708.02002">arXiv:1708.02002</a>
 */
public record Focal(double gamma, List<Double> weights) implements ClassLoss {

    /** Checks the range. */
    public Focal {
        if (!(gamma >= 0)) {
            throw new IllegalArgumentException("gamma must not be negative, received " + gamma + ".");
        }
        weights = List.copyOf(weights);
    }

    /** gamma 2, no weights. */
    public static Focal standard() {
        return new Focal(2, List.of());
    }

    /** The same with another {@link #gamma}. */
    public Focal gamma(double gamma) {
        return new Focal(gamma, weights);
    }

    /** The same with one weight a class, for example {@link ClassWeights#balanced}. */
    public Focal weights(double... weights) {
        return new Focal(gamma, ClassWeights.checked(name(), weights));
    }

    @Override
    public String name() {
        return "focal";
    }

    @Override
    public Tensor losses(Tensor scores, Tensor target) {
        Tensor precise = Activation.precise(scores);
        ClassLoss.labels(name(), precise, target);
        Optional<Tensor> weight = ClassWeights.ifAny(name(), weights, precise);
        Tensor entropy = Functional.crossEntropy(precise, target.to(DType.INT64), weight, Reduction.NONE, 0); // [N]
        if (gamma == 0) {
            return entropy;
        }
        // Rounding can make an entropy of 0 slightly negative, whose power would be NaN.
        Tensor wrong = entropy.neg().exp().neg().add(1).clampMin(0);
        return wrong.pow(gamma).mul(entropy);
    }
}
