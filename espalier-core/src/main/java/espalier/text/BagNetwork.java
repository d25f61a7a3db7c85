package espalier.text;

import espalier.nn.Linear;
import espalier.tensor.Tensor;

/**
 * The mean of the tokens' vectors, in whatever order they stand.
 *
 * @paper Joulin et al. 2016, "Bag of tricks for efficient text classification", arXiv:1607.01759, without its n-grams
 */
final class BagNetwork extends TextNetwork {
    private final Linear predictor;

    BagNetwork(Tokens tokens, int classes) {
        super(tokens);
        this.predictor = child("predictor", Linear.of(tokens.dim(), classes));
    }

    @Override
    Tensor features(Tensor x, long... lengths) {
        return mean(x, lengths); // [N, D]
    }

    @Override
    Linear predictor() {
        return predictor;
    }
}
