package espalier.nn;

import espalier.tensor.Functional.BatchNormState;
import espalier.tensor.Grad;
import espalier.tensor.Scope;
import espalier.tensor.Tensor;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A convolution with the resting batch norm behind it multiplied in: weight {@code w s} and bias
 * {@code (b - mean) s + beta} with {@code s = gamma / sqrt(var + eps)}. Convolution and norm share it, so that both use
 * it or neither does.
 *
 * <p>In training it is computed for each batch and recorded: gradients reach the parameters of both as they would through
 * the norm itself, without its two passes over every activation. In evaluation it is computed once.
 */
final class Fold {
    private final Conv2d convolution;
    private final BatchNorm2d norm;
    private volatile @Nullable Taps kept;

    /** The weight and bias that a convolution uses: its own, or with the norm multiplied in. */
    record Taps(Tensor weight, Optional<Tensor> bias) {}

    Fold(Conv2d convolution, BatchNorm2d norm) {
        this.convolution = convolution;
        this.norm = norm;
    }

    /** A norm that normalises by the batch cannot be folded. */
    boolean inUse() {
        return !norm.isTraining();
    }

    Taps taps() {
        if (convolution.isTraining() || recorded()) {
            return compute();
        }
        Taps before = kept;
        if (before != null) {
            return before;
        }
        try (var scope = Scope.open();
                var off = Grad.off()) {
            Taps computed = compute();
            var now = new Taps(scope.keep(computed.weight), computed.bias.map(scope::keep));
            kept = now;
            return now;
        }
    }

    /** Computes anew next time, because parameters may change. */
    void forget() {
        kept = null;
    }

    private boolean recorded() {
        BatchNormState state = norm.state;
        return Grad.isOn()
                && Stream.of(Optional.of(convolution.weight()), convolution.bias(), state.weight(), state.bias())
                        .flatMap(Optional::stream)
                        .anyMatch(Tensor::requiresGrad);
    }

    private Taps compute() {
        BatchNormState state = norm.state;
        Tensor scale = state.runningVar().add(state.eps()).rsqrt();
        scale = state.weight().map(scale::mul).orElse(scale); // [out]
        Tensor shift = convolution.bias().map(state.runningMean()::sub).orElse(state.runningMean());
        Tensor bias = shift.mul(scale).neg();
        bias = state.bias().map(bias::add).orElse(bias); // [out]
        return new Taps(convolution.weight().mul(scale.reshape(-1, 1, 1, 1)), Optional.of(bias));
    }
}
