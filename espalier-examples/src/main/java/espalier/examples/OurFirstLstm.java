package espalier.examples;

import espalier.nn.Embedding;
import espalier.nn.Linear;
import espalier.nn.Lstm;
import espalier.nn.Module;
import espalier.tensor.Tensor;

/** The tutorial's network for tweets by hand: vectors of words, a long short-term memory, and a linear layer on its last state. */
// region network
final class OurFirstLstm extends Module {
    private final Embedding embedding;
    private final Lstm encoder;
    private final Linear predictor;

    OurFirstLstm(int hidden, int dim, int vocabulary) {
        embedding = child("embedding", Embedding.of(vocabulary, dim));
        encoder = child("encoder", Lstm.of(dim, hidden));
        predictor = child("predictor", Linear.of(hidden, 2));
    }

    @Override
    public Tensor forward(Tensor x) { // [N, T]
        var states = encoder.run(embedding.forward(x)); // [N, T, dim] to [1, N, hidden]
        return predictor.forward(states.hidden().select(0, 0)); // [N, 2]
    }
}
// endregion
