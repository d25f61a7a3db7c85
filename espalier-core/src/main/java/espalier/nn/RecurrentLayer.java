package espalier.nn;

import espalier.format.DType;
import espalier.rng.Rng;
import espalier.tensor.Functional;
import espalier.tensor.Recurrent;
import espalier.tensor.Recurrent.Build;
import espalier.tensor.Recurrent.Cell;
import espalier.tensor.Recurrent.Output;
import espalier.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the recurrent layers share: parameters by PyTorch's names, states, packed sequences, dropout between layers. */
public abstract sealed class RecurrentLayer extends Module permits Gru, Lstm, Rnn {
    /**
     * How the layer is built; see the copy-setters of the public classes.
     *
     * @param dropout probability for the outputs of all layers but the last
     */
    record Options(Cell cell, int in, int hidden, int layers, boolean bidirectional, boolean bias, double dropout) {
        static Options of(Cell cell, int in, int hidden) {
            return new Options(cell, in, hidden, 1, false, true, 0);
        }

        Options cell(Cell cell) {
            return new Options(cell, in, hidden, layers, bidirectional, bias, dropout);
        }

        Options layers(int layers) {
            if (layers < 1) {
                throw new IllegalArgumentException(
                        "a recurrent network needs a layer or more, received " + layers + ".");
            }
            return new Options(cell, in, hidden, layers, bidirectional, bias, dropout);
        }

        Options bothDirections() {
            return new Options(cell, in, hidden, layers, true, bias, dropout);
        }

        Options noBias() {
            return new Options(cell, in, hidden, layers, bidirectional, false, dropout);
        }

        Options dropout(double dropout) {
            return new Options(cell, in, hidden, layers, bidirectional, bias, dropout);
        }

        int directions() {
            return bidirectional ? 2 : 1;
        }
    }

    final Options options;
    private final List<List<Tensor>> weights = new ArrayList<>(); // of each layer, directions one after the other
    private Rng rng = Rng.of(0);

    /**
     * A layer of any cell.
     *
     * @param in features of the input
     * @param hidden features of the state
     * @param dropout probability for the outputs of all layers but the last
     */
    public static RecurrentLayer of(Build build, int in, int hidden, double dropout) {
        var options = Options.of(build.cell(), in, hidden)
                .layers(build.layers())
                .dropout(Dropout.of(dropout).p());
        var whole = build.bidirectional() ? options.bothDirections() : options;
        return switch (build.cell()) {
            case RNN, RNN_RELU -> new Rnn(whole);
            case GRU -> new Gru(whole);
            case LSTM -> new Lstm(whole);
        };
    }

    RecurrentLayer(Options options) {
        this.options = options;
        for (int layer = 0; layer < options.layers(); layer++) {
            var own = new ArrayList<Tensor>();
            for (int direction = 0; direction < options.directions(); direction++) {
                enter(own, layer, "_l" + layer + (direction == 1 ? "_reverse" : ""));
            }
            weights.add(own);
        }
        reset(Rng.of(0));
    }

    private void enter(List<Tensor> own, int layer, String suffix) {
        int rows = options.cell().gates() * options.hidden();
        int in = layer == 0 ? options.in() : options.hidden() * options.directions();
        own.add(parameter("weight_ih" + suffix, Tensor.zeros(rows, in)));
        own.add(parameter("weight_hh" + suffix, Tensor.zeros(rows, options.hidden())));
        if (options.bias()) {
            own.add(parameter("bias_ih" + suffix, Tensor.zeros(rows)));
            own.add(parameter("bias_hh" + suffix, Tensor.zeros(rows)));
        }
    }

    /** The last layer's hidden state at each step, {@code [N, T, directions * hidden]}, from states of zero. */
    @Override
    public final Tensor forward(Tensor x) {
        return seen(run(x).output());
    }

    /** The outputs and last states for a batch {@code [N, T, in]}, from states of zero. */
    public final Output run(Tensor x) {
        return compute(x, Optional.empty(), zeros(x));
    }

    /** The same from the given states {@code [layers * directions, N, hidden]}: h, and for an LSTM c. */
    public final Output run(Tensor x, List<Tensor> states) {
        return compute(x, Optional.empty(), states);
    }

    /**
     * The outputs and last states for sequences of different lengths, longest first, from states of zero. Outputs
     * behind a sequence's end are zero; padding is not computed, and the last states are those at each one's own end.
     *
     * @shape x {@code [N, T, in]}, lengths int64 {@code [N]}, falling
     */
    public final Output runPacked(Tensor x, Tensor lengths) {
        return compute(x, Optional.of(lengths), zeros(x));
    }

    private List<Tensor> zeros(Tensor x) {
        long states = (long) options.layers() * options.directions();
        var h = Tensor.zeros(DType.FLOAT32, x.device(), states, x.size(0), options.hidden());
        return options.cell() == Cell.LSTM ? List.of(h, h) : List.of(h);
    }

    private Output compute(Tensor x, Optional<Tensor> lengths, List<Tensor> states) {
        if (options.dropout() == 0 || !isTraining() || options.layers() == 1) {
            var all = weights.stream().flatMap(List::stream).toList();
            return call(x, lengths, states, all, options.layers());
        }
        var hidden = new ArrayList<Tensor>();
        var cells = new ArrayList<Tensor>();
        for (int layer = 0; layer < options.layers(); layer++) {
            int first = layer * options.directions();
            var own = states.stream()
                    .map(state -> state.narrow(0, first, options.directions()))
                    .toList();
            var out = call(x, lengths, own, weights.get(layer), 1);
            hidden.add(out.hidden());
            out.cell().ifPresent(cells::add);
            boolean last = layer == options.layers() - 1;
            x = last ? out.output() : Functional.dropout(out.output(), options.dropout(), rng);
        }
        return new Output(
                x, Tensor.cat(hidden, 0), cells.isEmpty() ? Optional.empty() : Optional.of(Tensor.cat(cells, 0)));
    }

    private Output call(Tensor x, Optional<Tensor> lengths, List<Tensor> states, List<Tensor> own, int layers) {
        var build = new Build(options.cell(), layers, options.bidirectional());
        return lengths.isPresent()
                ? Recurrent.packed(x, lengths.get(), states, own, build)
                : Recurrent.padded(x, states, own, build);
    }

    @Override
    protected void resetParameters(Rng rng) {
        double bound = 1 / Math.sqrt(options.hidden());
        weights.forEach(own -> own.forEach(weight -> Init.uniform(-bound, bound).apply(weight, rng)));
    }

    @Override
    protected void reseed(Rng rng) {
        this.rng = rng;
    }
}
