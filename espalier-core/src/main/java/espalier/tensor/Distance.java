package espalier.tensor;

import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.global.torch;

/** How far vectors are from each other, and vectors of length 1, as in {@code torch.nn.functional}. */
public final class Distance {
    private Distance() {}

    /**
     * The distance of each vector of {@code a} to each of {@code b}: the {@code p}-norm of their difference, 2 for
     * Euclid's.
     *
     * @shape a {@code [..., N, D]}, b {@code [..., M, D]}; gives {@code [..., N, M]}
     */
    public static Tensor cdist(Tensor a, Tensor b, double p) {
        if (a.dim() < 2 || b.dim() < 2) {
            throw new ShapeException("cdist: expected [..., N, D] and [..., M, D], received " + a.shape() + " and "
                    + b.shape() + ". Maybe one vector was given: unsqueeze(0).");
        }
        Operands.size("cdist", b, -1, a.size(-1), "features");
        return Native.call("cdist", () -> torch.cdist(a.raw(), b.raw(), p, new LongOptional()), p);
    }

    /**
     * The cosine of the angle between vectors along {@code dim}: -1 to 1.
     *
     * @throws ShapeException when the shapes do not broadcast
     */
    public static Tensor cosineSimilarity(Tensor a, Tensor b, int dim) {
        Operands.check("cosineSimilarity", a, b);
        int axis = Operands.axis("cosineSimilarity", a, dim);
        return Native.call("cosineSimilarity", () -> torch.cosine_similarity(a.raw(), b.raw(), axis, 1e-8), axis);
    }

    /** Vectors along {@code dim} divided by their {@code p}-norm, which then is 1; a vector of zeros stays. */
    public static Tensor normalize(Tensor x, double p, int dim) {
        return x.div(x.norm(p, true, dim).clampMin(1e-12));
    }
}
