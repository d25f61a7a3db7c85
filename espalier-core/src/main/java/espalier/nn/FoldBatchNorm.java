package espalier.nn;

import espalier.tensor.Functional.BatchNormState;
import espalier.tensor.Grad;
import espalier.tensor.Scope;
import espalier.tensor.Tensor;
import java.util.Iterator;

/**
 * The preparation of a model for prediction: batch norms are multiplied into the convolutions before them, which
 * saves a pass over every activation. Outputs stay equal to rounding; parameters and state dict are untouched.
 *
 * <p>A norm is folded when it directly follows a convolution of as many channels among the children of a
 * {@link Sequential} or of a module that is {@link InOrder}. The fold is used in evaluation where no gradients of the
 * weights are recorded, and forgotten by {@code train()}, {@code reset}, {@code loadStateDict} and moves.
 */
public final class FoldBatchNorm {
    private FoldBatchNorm() {}

    /** Marks modules whose convolutions and norms run in the order in which they were entered as children. */
    public interface InOrder {}

    /** Folds what can be folded in the whole tree; gives the number of norms that were. */
    public static int apply(Module model) {
        int folded = 0;
        try (var off = Grad.off()) {
            for (Module parent : model.modules().values()) {
                if (parent instanceof Sequential || parent instanceof InOrder) {
                    folded += children(parent.children().values().iterator());
                }
            }
        }
        return folded;
    }

    private static int children(Iterator<Module> children) {
        int folded = 0;
        Module before = Identity.of();
        while (children.hasNext()) {
            Module child = children.next();
            if (before instanceof Conv2d convolution
                    && child instanceof BatchNorm2d norm
                    && norm.state.runningMean().numel() == convolution.weight().size(0)) {
                pair(convolution, norm);
                folded++;
            }
            before = child;
        }
        return folded;
    }

    private static void pair(Conv2d convolution, BatchNorm2d norm) {
        BatchNormState state = norm.state;
        try (var scope = Scope.open()) {
            Tensor scale = state.runningVar().add(state.eps()).rsqrt();
            scale = state.weight().map(scale::mul).orElse(scale); // [out]
            Tensor shift = convolution.bias().map(state.runningMean()::sub).orElse(state.runningMean());
            Tensor bias = shift.mul(scale).neg();
            bias = state.bias().map(bias::add).orElse(bias); // [out]
            Tensor weight = convolution.weight().mul(scale.reshape(-1, 1, 1, 1));
            var fold = new Fold(norm, scope.keep(weight), scope.keep(bias), convolution.weight());
            convolution.fold(fold);
            norm.fold(fold);
        }
    }
}
