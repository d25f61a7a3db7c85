package espalier.text;

import espalier.nn.Init;
import espalier.nn.Module;
import espalier.nn.ModuleList;
import espalier.rng.Rng;
import espalier.tensor.Functional;
import espalier.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * The encoder of ULMFiT: vectors of tokens and stacked LSTMs, with dropout wherever it can be: whole tokens' vectors, the same
 * numbers of a text's vectors at each step, weights between states. The names of the parameters are those of fastai's
 * {@code AWD_LSTM}.
 *
 * @shape int64 {@code [N, T]} to {@code [N, T, E]}
 * @paper Merity et al. 2017, "Regularizing and Optimizing LSTM Language Models",
 *     <a href="https://arxiv.org/abs/1708.02182">arXiv:1708.02182</a>
 */
final class AwdLstm extends Module {
    private static final double INIT = 0.1;

    private final Table table;
    private final List<WeightDropLstm> layers = new ArrayList<>();
    private final Sizes sizes;
    private final Dropouts dropouts;
    private Rng rng = Rng.of(0);

    /**
     * How large it is.
     *
     * @param vocabulary the number of tokens, V
     * @param pad the index of padding
     * @param embedding the numbers of a token's vector, and of the last layer's states, E
     * @param hidden the numbers of the other layers' states
     * @param layers how many LSTMs are stacked
     */
    record Sizes(int vocabulary, int pad, int embedding, int hidden, int layers) {
        /** The weights of the LSTMs. */
        static long recurrent(long embedding, long hidden, int layers) {
            long weights = 0;
            for (int layer = 0; layer < layers; layer++) {
                long in = layer == 0 ? embedding : hidden;
                long out = layer == layers - 1 ? embedding : hidden;
                weights += 4 * out * (in + out + 2);
            }
            return weights;
        }
    }

    /**
     * The probabilities of dropout, fastai's words.
     *
     * @param output for what the last layer gives
     * @param hidden between the layers
     * @param input for the tokens' vectors
     * @param embed for whole tokens
     * @param weight for the weights from state to state
     */
    record Dropouts(double output, double hidden, double input, double embed, double weight) {
        static final Dropouts NONE = new Dropouts(0, 0, 0, 0, 0);

        /** fastai's for a language model. */
        static Dropouts languageModel() {
            return new Dropouts(0.1, 0.15, 0.25, 0.02, 0.2);
        }

        /** fastai's for a classifier. */
        static Dropouts classifier() {
            return new Dropouts(0.4, 0.3, 0.4, 0.05, 0.5);
        }

        /** All of them so many times as large; fastai's {@code drop_mult}. */
        Dropouts times(double factor) {
            return new Dropouts(output * factor, hidden * factor, input * factor, embed * factor, weight * factor);
        }
    }

    /**
     * What a run gives.
     *
     * @param output the last layer's states {@code [N, T, E]}
     * @param states h and c of each layer at the end, to go on from
     */
    record Run(Tensor output, List<List<Tensor>> states) {}

    /** The tokens' vectors. */
    private static final class Table extends Module {
        private final Tensor weight;
        private final int pad;

        Table(int vocabulary, int embedding, int pad) {
            this.weight = parameter("weight", Tensor.zeros(vocabulary, embedding));
            this.pad = pad;
        }

        @Override
        public Tensor forward(Tensor x) {
            return Functional.embedding(x, weight, pad);
        }

        @Override
        protected void resetParameters(Rng rng) {
            Init.uniform(-INIT, INIT).apply(weight, rng); // padding's too, as in fastai; it is never looked at
        }
    }

    AwdLstm(Sizes sizes, Dropouts dropouts) {
        this.sizes = sizes;
        this.dropouts = dropouts;
        this.table = child("encoder", new Table(sizes.vocabulary, sizes.embedding, sizes.pad));
        for (int layer = 0; layer < sizes.layers; layer++) {
            layers.add(new WeightDropLstm(
                    layer == 0 ? sizes.embedding : sizes.hidden,
                    layer == sizes.layers - 1 ? sizes.embedding : sizes.hidden,
                    dropouts.weight));
        }
        child("rnns", ModuleList.of(layers));
    }

    /** The tokens' vectors, which a language model uses once more at its end. @shape {@code [V, E]} */
    Tensor weight() {
        return table.weight;
    }

    /** Its parameters in groups from input to output: the vectors, then each layer. */
    List<List<Tensor>> groups() {
        List<List<Tensor>> groups = new ArrayList<>();
        groups.add(List.of(table.weight));
        layers.forEach(layer -> groups.add(List.copyOf(layer.parameters().values())));
        return groups;
    }

    Sizes sizes() {
        return sizes;
    }

    Dropouts dropouts() {
        return dropouts;
    }

    /** States of zero. @shape {@code [1, N, hidden]} */
    List<List<Tensor>> zeros(Tensor x) {
        List<List<Tensor>> states = new ArrayList<>();
        for (int layer = 0; layer < sizes.layers; layer++) {
            long dim = layer == sizes.layers - 1 ? sizes.embedding : sizes.hidden;
            var zero = Tensor.zeros(espalier.format.DType.FLOAT32, x.device(), 1, x.size(0), dim);
            states.add(List.of(zero, zero));
        }
        return states;
    }

    @Override
    public Tensor forward(Tensor x) {
        return seen(run(x, zeros(x)).output);
    }

    /** A run from the given states. */
    Run run(Tensor x, List<List<Tensor>> states) {
        Tensor h = steady(vectors(x), dropouts.input, this, rng.derive(1)); // [N, T, E]
        List<List<Tensor>> last = new ArrayList<>();
        for (int layer = 0; layer < sizes.layers; layer++) {
            var out = layers.get(layer).run(h, states.get(layer));
            last.add(List.of(out.hidden(), out.cell().orElseThrow()));
            h = layer < sizes.layers - 1
                    ? steady(out.output(), dropouts.hidden, this, rng.derive(2 + layer))
                    : out.output();
        }
        return new Run(h, last);
    }

    private Tensor vectors(Tensor x) {
        if (!isTraining() || dropouts.embed == 0) {
            return table.forward(x);
        }
        var mask = Functional.dropout(Tensor.ones(sizes.vocabulary, 1).to(x.device()), dropouts.embed, rng.derive(0));
        return Functional.embedding(x, table.weight.mul(mask), sizes.pad);
    }

    /** Drops the same numbers at each step of a text, in training. @shape {@code [N, T, D]}, kept */
    static Tensor steady(Tensor x, double p, Module of, Rng rng) {
        if (!of.isTraining() || p == 0) {
            return x;
        }
        var mask = Functional.dropout(Tensor.ones(x.size(0), 1, x.size(2)).to(x.device()), p, rng);
        return x.mul(mask.to(x.dtype()));
    }

    @Override
    protected void reseed(Rng rng) {
        this.rng = rng;
    }
}
