package espalier.nn;

import java.util.Iterator;

/**
 * Multiplies resting batch norms into the convolutions before them, which saves a pass over every activation, and two more
 * in the backward pass. Outputs and gradients stay equal to rounding; parameters and state dict are untouched.
 *
 * <p>A norm is folded when it directly follows a convolution of as many channels among the children of a
 * {@link Sequential} or of a module that is {@link InOrder}. The fold is used while the norm is in evaluation mode. Where
 * the convolution is too, it is computed once, and anew after {@code train()}, {@code reset}, {@code loadStateDict} and
 * moves.
 */
public final class FoldBatchNorm {
    private FoldBatchNorm() {}

    /** Marks modules whose convolutions and norms run in the order in which they were entered as children. */
    public interface InOrder {}

    /** Folds what can be folded in the whole tree, from now on; gives the number of norms that were. */
    public static int apply(Module model) {
        int folded = 0;
        for (Module parent : model.modules().values()) {
            if (parent instanceof Sequential || parent instanceof InOrder) {
                folded += children(parent.children().values().iterator());
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
                var fold = new Fold(convolution, norm);
                convolution.fold(fold);
                norm.fold(fold);
                folded++;
            }
            before = child;
        }
        return folded;
    }
}
