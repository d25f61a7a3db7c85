package espalier.tensor;

import espalier.rng.Rng;
import java.util.List;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/** Operations that count and order values; none can be differentiated but {@code quantile}. */
interface Counting {

    /** The positions along {@code dim} in the order of their values, int64; equal values keep their order. */
    default Tensor argsort(int dim, boolean descending) {
        return ((Tensor) this).sort(dim, descending).indices();
    }

    /** How often each whole number from 0 to the largest occurs, int64. @shape {@code [N]} of int64 */
    default Tensor bincount() {
        Operands.dims("bincount", (Tensor) this, 1, "[N]");
        Operands.indices("bincount", (Tensor) this);
        return Native.call("bincount", () -> torch.bincount(Native.raw(this), new TensorOptional(), 0));
    }

    /**
     * Draws {@code count} positions along the last dimension, each as likely as its value says; int64.
     *
     * @shape weights {@code [K]} or {@code [N, K]}, not negative; gives {@code [count]} or {@code [N, count]}
     * @throws IllegalArgumentException when more are asked for than there are, without replacement
     */
    default Tensor multinomial(long count, boolean replacement, Rng rng) {
        return Drawing.multinomial((Tensor) this, count, replacement, rng);
    }

    /** The number of elements that are not 0, an int64 scalar. */
    default Tensor countNonzero() {
        return Native.call("countNonzero", () -> Native.raw(this).count_nonzero());
    }

    /** The value below which the share {@code q} (0 to 1) of all elements lies, interpolated between two of them. */
    default Tensor quantile(double q) {
        if (!(q >= 0 && q <= 1)) {
            throw new IllegalArgumentException(
                    "quantile: q must be 0 to 1, received " + q + ". Maybe it is in percent.");
        }
        Operands.notEmpty("quantile", this);
        return Native.call("quantile", () -> Native.raw(this).quantile(q));
    }

    /** The different values, in order. @shape any to {@code [N]} */
    default Tensor unique() {
        Tensor sorted = ((Tensor) this).flatten().sort(0, false).values();
        long n = sorted.numel();
        if (n < 2) {
            return sorted;
        }
        Tensor isNew = sorted.narrow(0, 1, n - 1).ne(sorted.narrow(0, 0, n - 1));
        Tensor first = Tensor.of(new boolean[] {true}, 1).to(sorted.device());
        return sorted.maskedSelect(Tensor.cat(List.of(first, isNew), 0));
    }
}
