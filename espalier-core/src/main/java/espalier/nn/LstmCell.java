package espalier.nn;

import espalier.format.DType;
import espalier.rng.Rng;
import espalier.tensor.Functional;
import espalier.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * One step of an LSTM, for loops of your own: {@code c' = f c + i g}, {@code h' = o tanh(c')} with gates i, f, g, o of
 * the input and of h. Named {@code LSTMCell} in PyTorch.
 *
 * @paper Hochreiter and Schmidhuber 1997, "Long short-term memory", with the forget gate of Gers et al. 2000
 * @shape input {@code [N, in]}, states {@code [N, hidden]}; weight_ih {@code [4 hidden, in]}, weight_hh {@code [4 hidden,
 *     hidden]}, bias_ih and bias_hh {@code [4 hidden]}
 */
public final class LstmCell extends Module {
    private final int hidden;
    private final Tensor weightInput;
    private final Tensor weightHidden;
    private final Tensor biasInput;
    private final Tensor biasHidden;

    /**
     * What a step takes and gives.
     *
     * @param hidden the output, {@code [N, hidden]}
     * @param cell the memory, {@code [N, hidden]}
     */
    public record State(Tensor hidden, Tensor cell) {}

    private LstmCell(int in, int hidden) {
        this.hidden = hidden;
        weightInput = parameter("weight_ih", Tensor.zeros(4L * hidden, in));
        weightHidden = parameter("weight_hh", Tensor.zeros(4L * hidden, hidden));
        biasInput = parameter("bias_ih", Tensor.zeros(4L * hidden));
        biasHidden = parameter("bias_hh", Tensor.zeros(4L * hidden));
        reset(Rng.of(0));
    }

    /** From {@code in} features to {@code hidden}. */
    public static LstmCell of(int in, int hidden) {
        return new LstmCell(in, hidden);
    }

    /** The hidden state after a step from states of zero. */
    @Override
    public Tensor forward(Tensor x) {
        Tensor zero = Tensor.zeros(DType.FLOAT32, x.device(), x.size(0), hidden);
        return seen(step(x, new State(zero, zero)).hidden()); // [N, hidden]
    }

    /** The states after a step. */
    public State step(Tensor x, State state) {
        Tensor fromInput = Functional.linear(x, weightInput, Optional.of(biasInput));
        Tensor fromHidden = Functional.linear(state.hidden(), weightHidden, Optional.of(biasHidden));
        List<Tensor> gates = fromInput.add(fromHidden).chunk(4, 1); // 4 times [N, hidden]
        Tensor kept = gates.get(1).sigmoid().mul(state.cell());
        Tensor added = gates.get(0).sigmoid().mul(gates.get(2).tanh());
        Tensor cell = kept.add(added); // [N, hidden]
        return new State(gates.get(3).sigmoid().mul(cell.tanh()), cell);
    }

    @Override
    protected void resetParameters(Rng rng) {
        double bound = 1 / Math.sqrt(hidden);
        ownParameters().values().forEach(value -> Init.uniform(-bound, bound).apply(value, rng));
    }
}
