package espalier.nn;

import espalier.rng.Rng;
import espalier.tensor.Functional;
import espalier.tensor.Grad;
import espalier.tensor.Tensor;
import java.util.Optional;

/**
 * Attention in several heads: {@code softmax(Q Kᵀ / sqrt(dim / heads)) V} in each, joined and projected. Batches come
 * first, as with PyTorch's {@code batch_first=True}; starts as PyTorch's.
 *
 * @paper Vaswani et al. 2017, "Attention is all you need", section 3.2
 * @shape query {@code [N, T, dim]}, key and value {@code [N, S, dim]}, to {@code [N, T, dim]}; in_proj_weight
 *     {@code [3 dim, dim]}, in_proj_bias {@code [3 dim]}
 */
public final class MultiheadAttention extends Module {
    private final int dim;
    private final int heads;
    private final double dropout;
    private final Tensor weight;
    private final Tensor bias;
    private final Linear out;
    private Rng rng = Rng.of(0);

    private MultiheadAttention(int dim, int heads, double dropout, Tensor weight, Tensor bias, Linear out) {
        this.dim = dim;
        this.heads = heads;
        this.dropout = Dropping.checked(dropout);
        this.weight = parameter("in_proj_weight", weight);
        this.bias = parameter("in_proj_bias", bias);
        this.out = child("out_proj", out);
    }

    /** For {@code dim} features in {@code heads} heads. @throws IllegalArgumentException when heads do not divide dim */
    public static MultiheadAttention of(int dim, int heads) {
        if (heads < 1 || dim % heads != 0) {
            throw new IllegalArgumentException(
                    "the heads must divide the features: received " + heads + " heads for " + dim + " features.");
        }
        var layer = new MultiheadAttention(
                dim, heads, 0, Tensor.zeros(3L * dim, dim), Tensor.zeros(3L * dim), Linear.of(dim, dim));
        layer.reset(Rng.of(0));
        return layer;
    }

    /** The same layer with dropout of the attention weights in training. */
    public MultiheadAttention dropout(double p) {
        return new MultiheadAttention(dim, heads, p, weight, bias, out);
    }

    /** Self-attention: the items of a sequence attend to each other. @shape {@code [N, T, dim]}, kept */
    @Override
    public Tensor forward(Tensor x) {
        return seen(attend(x, x, x, Optional.empty()));
    }

    /**
     * Attention of a query to keys with their values.
     *
     * @param hidden true where a query must not look, as PyTorch's boolean {@code attn_mask}; broadcasts to
     *     {@code [N, heads, T, S]}, such as {@code [T, S]} for causal or {@code [N, 1, 1, S]} for padding. A query that
     *     may look nowhere gives NaN
     */
    public Tensor attend(Tensor query, Tensor key, Tensor value, Optional<Tensor> hidden) {
        Tensor q = split(project(query, 0)).mul(1 / Math.sqrt((double) dim / heads)); // [N, heads, T, dim / heads]
        Tensor k = split(project(key, 1)); // [N, heads, S, dim / heads]
        Tensor v = split(project(value, 2)); // [N, heads, S, dim / heads]
        Tensor scores = q.matmul(k.transpose(2, 3)); // [N, heads, T, S]
        if (hidden.isPresent()) {
            scores = scores.maskedFill(hidden.get(), Double.NEGATIVE_INFINITY);
        }
        Tensor weights = Functional.softmax(scores, -1);
        weights = isTraining() ? Functional.dropout(weights, dropout, rng) : weights;
        Tensor joined = weights.matmul(v).transpose(1, 2).flatten(2, 3); // [N, T, dim]
        return out.forward(joined);
    }

    private Tensor project(Tensor x, int part) {
        long from = (long) part * dim;
        return Functional.linear(x, weight.narrow(0, from, dim), Optional.of(bias.narrow(0, from, dim)));
    }

    private Tensor split(Tensor x) {
        return x.unflatten(2, heads, dim / heads).transpose(1, 2); // [N, heads, T, dim / heads]
    }

    @Override
    protected void resetParameters(Rng rng) {
        Init.xavierUniform().apply(weight, rng);
        try (var off = Grad.off()) {
            bias.zero_();
            out.bias().ifPresent(Tensor::zero_);
        }
    }

    @Override
    protected void reseed(Rng rng) {
        this.rng = rng;
    }
}
