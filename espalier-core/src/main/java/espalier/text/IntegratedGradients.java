package espalier.text;

import espalier.nn.Module;
import espalier.tensor.Grad;
import espalier.tensor.Scope;
import espalier.tensor.Tensor;
import java.util.Map;

/**
 * What each token of a vocabulary does to a score: the gradient by its vector, averaged on the way from a text of zeros to the
 * text, times the vector. The sum over all tokens is the text's score less that of the zeros.
 *
 * <p>The way is gone by scaling the vectors of all tokens together, so that it works for any network that begins with such
 * a table, and a token has one number however often it stands in the texts.
 *
 * @see <a href="https://arxiv.org/abs/1703.01365">Sundararajan, Taly and Yan, Axiomatic attribution for deep networks, 2017</a>
 */
final class IntegratedGradients {
    private static final int STEPS = 16;

    private final Module network;
    private final Tensor vectors;

    private IntegratedGradients(Module network, Tensor vectors) {
        this.network = network;
        this.vectors = vectors;
    }

    /** Of a network in evaluation mode, whose weights are changed meanwhile and are the same again in the end. */
    static IntegratedGradients of(Module network) {
        return new IntegratedGradients(
                network,
                network.parameters().entrySet().stream()
                        .filter(one -> one.getKey().endsWith("embedding.weight")
                                || one.getKey().endsWith("encoder.weight"))
                        .map(Map.Entry::getValue)
                        .findFirst()
                        .orElseThrow(() -> new IllegalStateException("the network has no vectors of tokens")));
    }

    /**
     * What the tokens do to the score of a class against the mean of all, or to a single score, summed over texts.
     *
     * @param texts int64 {@code [N, T]}
     * @return {@code [V]}
     */
    double[] ofTokens(Tensor texts, int label) {
        boolean required = vectors.requiresGrad();
        try (var scope = Scope.open()) {
            Tensor whole = vectors.detach().copy();
            Tensor sum = whole.mul(0);
            try {
                vectors.requiresGrad(true);
                for (int step = 0; step < STEPS; step++) {
                    fill(whole.mul((step + 0.5) / STEPS));
                    sum = sum.add(slope(texts, label)); // [V, D]
                }
            } finally {
                fill(whole);
                vectors.requiresGrad(required);
            }
            return sum.mul(whole).sum(1).div(STEPS).toDoubleArray(); // [V]
        }
    }

    private void fill(Tensor values) {
        try (var off = Grad.off()) {
            vectors.copy_(values);
        }
    }

    private Tensor slope(Tensor texts, int label) {
        try (var on = Grad.on()) {
            return Grad.of(score(texts, label), vectors).detach();
        }
    }

    /** The score of the texts together. */
    Tensor score(Tensor texts, int label) {
        Tensor scores = network.forward(texts); // [N, K]
        Tensor own = scores.select(1, label); // [N]
        return (scores.size(1) > 1 ? own.sub(scores.mean(1)) : own).sum();
    }
}
