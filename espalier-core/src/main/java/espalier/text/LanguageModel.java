package espalier.text;

import espalier.nn.Module;
import espalier.rng.Rng;
import espalier.tensor.Functional;
import espalier.tensor.Functional.Reduction;
import espalier.tensor.Scope;
import espalier.tensor.Tensor;
import espalier.text.AwdLstm.Sizes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A language model, which says which token comes next, and how wrong it was: its output is the mean loss of each row. The scores of
 * tokens are products with the same vectors that the encoder looks up (tied weights). From one batch to the next it goes on
 * from the states that it ended in, without gradients between batches.
 *
 * <p>In training the output holds the activation regularisation too: {@code 2 * mean(h^2)} of the dropped states, and
 * {@code mean((h[t + 1] - h[t])^2)} of the states as they are.
 *
 * @shape int64 {@code [N, T + 1]} to {@code [N]}
 */
final class LanguageModel extends Module {
    private static final double ALPHA = 2;
    private static final double BETA = 1;

    private final AwdLstm encoder;
    private final Decoder decoder;
    private List<List<Tensor>> states = List.of();
    private Rng rng = Rng.of(0);

    /** What the scores have besides the tied weights. */
    private static final class Decoder extends Module {
        private final Tensor bias;

        Decoder(int vocabulary) {
            this.bias = child("decoder", new Bias(vocabulary)).bias;
        }

        @Override
        public Tensor forward(Tensor x) {
            return x.add(bias);
        }
    }

    private static final class Bias extends Module {
        private final Tensor bias;

        Bias(int vocabulary) {
            this.bias = parameter("bias", Tensor.zeros(vocabulary));
        }

        @Override
        public Tensor forward(Tensor x) {
            return x.add(bias);
        }

        @Override
        protected void resetParameters(Rng rng) {
            try (var off = espalier.tensor.Grad.off()) {
                bias.zero_();
            }
        }
    }

    LanguageModel(Sizes sizes, AwdLstm.Dropouts dropouts) {
        this.encoder = child("0", new AwdLstm(sizes, dropouts));
        this.decoder = child("1", new Decoder(sizes.vocabulary()));
    }

    AwdLstm encoder() {
        return encoder;
    }

    /** The parameters in fastai's groups: each layer, then the vectors with the bias of the scores. */
    List<List<Tensor>> groups() {
        var own = encoder.groups();
        List<List<Tensor>> groups = new ArrayList<>(own.subList(1, own.size()));
        groups.add(List.of(encoder.weight(), decoder.bias));
        return groups;
    }

    /** Forgets what was read: the next batch begins anew. */
    void restart() {
        states.forEach(layer -> layer.forEach(Tensor::close));
        states = List.of();
    }

    @Override
    public Tensor forward(Tensor x) {
        long steps = x.size(1) - 1;
        Tensor in = x.narrow(1, 0, steps); // [N, T]
        boolean goesOn = !states.isEmpty() && states.get(0).get(0).size(1) == x.size(0);
        var run = encoder.run(in, goesOn ? states : encoder.zeros(x));
        keep(run.states());
        Tensor raw = run.output(); // [N, T, E]
        Tensor dropped = AwdLstm.steady(raw, encoder.dropouts().output(), this, rng);
        Tensor next = x.narrow(1, 1, steps).reshape(x.size(0) * steps); // [N * T]
        Tensor losses = Functional.crossEntropy(
                        scores(dropped)
                                .reshape(next.size(0), encoder.sizes().vocabulary())
                                .to(espalier.format.DType.FLOAT32),
                        next,
                        Optional.empty(),
                        Reduction.NONE,
                        0)
                .reshape(x.size(0), steps)
                .mean(1); // [N]
        return seen(isTraining() ? losses.add(regularisation(raw, dropped)) : losses);
    }

    /** The scores of each next token. @shape {@code [N, T, E]} to {@code [N, T, V]} */
    Tensor scores(Tensor states) {
        return Functional.linear(states, encoder.weight(), Optional.of(decoder.bias));
    }

    private static Tensor regularisation(Tensor raw, Tensor dropped) {
        Tensor size = dropped.square().mean().mul(ALPHA);
        long steps = raw.size(1);
        return steps < 2
                ? size
                : size.add(raw.narrow(1, 1, steps - 1)
                        .sub(raw.narrow(1, 0, steps - 1))
                        .square()
                        .mean()
                        .mul(BETA));
    }

    private void keep(List<List<Tensor>> last) {
        try (var scope = Scope.open()) {
            List<List<Tensor>> kept = new ArrayList<>();
            for (var layer : last) {
                kept.add(layer.stream()
                        .map(state -> scope.keep(state.detach().copy()))
                        .toList());
            }
            restart();
            states = kept;
        }
    }

    @Override
    protected void forget() {
        restart();
    }

    @Override
    protected void reseed(Rng rng) {
        this.rng = rng;
    }
}
