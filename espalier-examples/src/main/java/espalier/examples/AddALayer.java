package espalier.examples;

import espalier.nn.Init;
import espalier.nn.Module;
import espalier.rng.Rng;
import espalier.tensor.Tensor;

/** The recipe {@code docs/recipes/add-a-layer.md}. */
public final class AddALayer {
    private AddALayer() {}

    // region layer
    /**
     * A factor a feature, learned: {@code y = x * gamma}.
     *
     * @shape {@code [..., D]}, kept; gamma {@code [D]}
     * @paper Touvron et al. 2021, "Going deeper with image transformers", arXiv:2103.17239
     */
    public static final class LayerScale extends Module {
        private final Tensor gamma;
        private final double start;

        private LayerScale(Tensor gamma, double start) {
            this.gamma = parameter("gamma", gamma);
            this.start = start;
        }

        /** A layer of {@code dim} features whose factors start at 0.1. */
        public static LayerScale of(int dim) {
            return new LayerScale(Tensor.full(0.1, dim), 0.1);
        }

        /** A layer whose factors start at {@code start}. */
        public LayerScale start(double start) {
            return new LayerScale(Tensor.full(start, gamma.size(0)), start);
        }

        @Override
        public Tensor forward(Tensor x) {
            return seen(x.mul(gamma)); // [..., D]
        }

        @Override
        protected void resetParameters(Rng rng) {
            Init.constant(start).apply(gamma, rng);
        }
    }
    // endregion
}
