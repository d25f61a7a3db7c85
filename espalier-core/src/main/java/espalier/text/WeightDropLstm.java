package espalier.text;

import espalier.nn.Init;
import espalier.nn.Module;
import espalier.rng.Rng;
import espalier.tensor.Functional;
import espalier.tensor.Recurrent;
import espalier.tensor.Recurrent.Build;
import espalier.tensor.Recurrent.Cell;
import espalier.tensor.Recurrent.Output;
import espalier.tensor.Tensor;
import java.util.List;

/**
 * An LSTM of one layer whose weights from state to state are dropped in training, the same ones for a whole batch: DropConnect.
 * The names of the parameters are those of fastai's {@code WeightDropout} around an {@code nn.LSTM}.
 *
 * @paper Merity et al. 2017, "Regularizing and Optimizing LSTM Language Models", section 2
 */
final class WeightDropLstm extends Module {
    private static final Build BUILD = new Build(Cell.LSTM, 1, false);

    private final Tensor raw;
    private final Inputs inputs;
    private final double p;
    private Rng rng = Rng.of(0);

    WeightDropLstm(int in, int hidden, double p) {
        this.raw = parameter("weight_hh_l0_raw", Tensor.zeros(4L * hidden, hidden));
        this.inputs = child("module", new Inputs(in, hidden));
        this.p = p;
    }

    /** The weights that are never dropped. */
    private static final class Inputs extends Module {
        private final Tensor weight;
        private final Tensor inBias;
        private final Tensor stateBias;

        Inputs(int in, int hidden) {
            this.weight = parameter("weight_ih_l0", Tensor.zeros(4L * hidden, in));
            this.inBias = parameter("bias_ih_l0", Tensor.zeros(4L * hidden));
            this.stateBias = parameter("bias_hh_l0", Tensor.zeros(4L * hidden));
        }

        @Override
        public Tensor forward(Tensor x) {
            return Functional.linear(x, weight, java.util.Optional.of(inBias));
        }

        @Override
        protected void resetParameters(Rng rng) {
            double bound = 2 / Math.sqrt(weight.size(0)); // 1 / sqrt(hidden)
            List.of(weight, inBias, stateBias)
                    .forEach(one -> Init.uniform(-bound, bound).apply(one, rng));
        }
    }

    /** States from given ones. @shape x {@code [N, T, in]}; states h and c {@code [1, N, hidden]} */
    Output run(Tensor x, List<Tensor> states) {
        Tensor between = isTraining() ? Functional.dropout(raw, p, rng) : raw;
        return Recurrent.padded(x, states, List.of(inputs.weight, between, inputs.inBias, inputs.stateBias), BUILD);
    }

    @Override
    public Tensor forward(Tensor x) {
        var zero = Tensor.zeros(x.dtype(), x.device(), 1, x.size(0), raw.size(1));
        return seen(run(x, List.of(zero, zero)).output());
    }

    @Override
    protected void resetParameters(Rng rng) {
        double bound = 1 / Math.sqrt(raw.size(1));
        Init.uniform(-bound, bound).apply(raw, rng);
    }

    @Override
    protected void reseed(Rng rng) {
        this.rng = rng;
    }
}
