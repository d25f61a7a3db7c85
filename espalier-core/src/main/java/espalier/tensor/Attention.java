package espalier.tensor;

import espalier.format.DType;
import java.util.Optional;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.global.torch;

/** Attention, the core of transformers. */
public final class Attention {
    private Attention() {}

    /**
     * {@code softmax(Q Kᵀ / √D + mask) V}: for each query the values, weighted by how well their keys fit.
     *
     * @shape query {@code [..., L, D]}, key {@code [..., S, D]}, value {@code [..., S, V]}, mask {@code [..., L, S]}
     *     (bool: true takes part; or added to the scores); gives {@code [..., L, V]}
     * @throws ShapeException when the sizes do not fit
     * @paper Vaswani et al. 2017, "Attention Is All You Need", equation 1
     */
    public static Tensor scaledDotProduct(Tensor query, Tensor key, Tensor value, Optional<Tensor> mask) {
        check(query, key, value);
        return Native.call(
                "scaledDotProductAttention",
                () -> torch.scaled_dot_product_attention(
                        query.raw(),
                        key.raw(),
                        value.raw(),
                        Native.optional(mask.orElse(null)),
                        0,
                        false,
                        new DoubleOptional(),
                        false));
    }

    /** The same where each query sees the keys up to its own position only, as in a language model. */
    public static Tensor causal(Tensor query, Tensor key, Tensor value) {
        long queries = query.size(-2);
        Tensor upToItself =
                Tensor.ones(queries, key.size(-2)).tril(0).to(DType.BOOL).to(query.device()); // [L, S]
        return scaledDotProduct(query, key, value, Optional.of(upToItself));
    }

    private static void check(Tensor query, Tensor key, Tensor value) {
        for (Tensor x : new Tensor[] {query, key, value}) {
            if (x.dim() < 2) {
                throw new ShapeException("attention: expected [..., positions, features], received " + x.shape()
                        + ". Maybe the positions are missing: unsqueeze(0).");
            }
        }
        Operands.size("attention", key, -1, query.size(-1), "features of the keys");
        Operands.size("attention", value, -2, key.size(-2), "values");
    }
}
