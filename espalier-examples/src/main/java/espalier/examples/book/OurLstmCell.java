package espalier.examples.book;

import espalier.nn.Linear;
import espalier.nn.Module;
import espalier.tensor.Tensor;

/** One step of a long short-term memory, written out. */
// region cell
public final class OurLstmCell extends Module {
    private final Linear fromInput;
    private final Linear fromState;
    private final int hidden;

    public OurLstmCell(int in, int hidden) {
        this.hidden = hidden;
        fromInput = child("from_input", Linear.of(in, 4 * hidden));
        fromState = child("from_state", Linear.of(hidden, 4 * hidden));
    }

    /** The hidden state and the memory, each {@code [N, hidden]}. */
    public record State(Tensor h, Tensor c) {}

    public State step(Tensor x, State before) {
        var gates = fromInput.forward(x).add(fromState.forward(before.h())).chunk(4, 1); // 4 times [N, hidden]
        Tensor write = gates.get(0).sigmoid();
        Tensor keep = gates.get(1).sigmoid();
        Tensor news = gates.get(2).tanh();
        Tensor show = gates.get(3).sigmoid();
        Tensor c = keep.mul(before.c()).add(write.mul(news));
        return new State(show.mul(c.tanh()), c);
    }

    /** The state after the last token. */
    @Override
    public Tensor forward(Tensor x) { // [N, T, in]
        Tensor zero = Tensor.zeros(x.size(0), hidden);
        var state = new State(zero, zero);
        for (int t = 0; t < x.size(1); t++) {
            state = step(x.select(1, t), state); // [N, in]
        }
        return state.h(); // [N, hidden]
    }
}
// endregion
