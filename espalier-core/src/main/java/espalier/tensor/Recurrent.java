package espalier.tensor;

import espalier.format.DType;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.T_TensorTensorTensor_T;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** Stacks of recurrent layers over sequences: RNN, LSTM and GRU, as {@code torch.lstm} and its siblings. */
public final class Recurrent {
    private Recurrent() {}

    /** The kinds of recurrent cell. */
    public enum Cell {
        /** Elman's cell with tanh. */
        RNN,
        /** Elman's cell with ReLU. */
        RNN_RELU,
        /** Long short-term memory. */
        LSTM,
        /** Gated recurrent unit. */
        GRU;

        /** How many rows of weights each number of a state has. */
        public int gates() {
            return switch (this) {
                case RNN, RNN_RELU -> 1;
                case GRU -> 3;
                case LSTM -> 4;
            };
        }
    }

    /**
     * What a recurrent network gives.
     *
     * @param output the last layer's hidden state at each step, {@code [N, T, directions * D]}
     * @param hidden the last hidden state of each layer and direction, {@code [layers * directions, N, D]}
     * @param cell the last cell state, for LSTM
     */
    public record Output(Tensor output, Tensor hidden, Optional<Tensor> cell) {}

    /**
     * How a recurrent network is built.
     *
     * @param cell the kind of cell
     * @param layers how many are stacked
     * @param bidirectional whether a second one reads from the end
     */
    public record Build(Cell cell, int layers, boolean bidirectional) {
        int directions() {
            return bidirectional ? 2 : 1;
        }

        boolean hasBiases(List<Tensor> weights) {
            return weights.size() == 4 * layers * directions();
        }
    }

    /**
     * The network's output for a batch, batch first, without dropout between layers.
     *
     * @shape x {@code [N, T, D]}; states {@code [layers * directions, N, D]}
     * @param states h, and for LSTM c
     * @param weights in PyTorch's order: for each layer and direction weight_ih, weight_hh, bias_ih, bias_hh, or
     *     without the biases
     */
    public static Output padded(Tensor x, List<Tensor> states, List<Tensor> weights, Build shape) {
        Operands.dims("recurrent", x, 3, "[N, T, D]");
        Operands.size("recurrent", x, 2, weights.get(0).size(1), "features");
        boolean train = Grad.isOn();
        boolean bias = shape.hasBiases(weights);
        boolean both = shape.bidirectional();
        int layers = shape.layers();
        Tensor h = states.get(0);
        // Tensors in the order x, states, weights: a recording notes them as they are used.
        return Native.run(
                "recurrent",
                () -> switch (shape.cell()) {
                    case RNN ->
                        two(torch.rnn_tanh(
                                x.raw(), h.raw(), Native.vector(weights), bias, layers, 0, train, both, true));
                    case RNN_RELU ->
                        two(torch.rnn_relu(
                                x.raw(), h.raw(), Native.vector(weights), bias, layers, 0, train, both, true));
                    case GRU ->
                        two(torch.gru(x.raw(), h.raw(), Native.vector(weights), bias, layers, 0, train, both, true));
                    case LSTM ->
                        three(torch.lstm(
                                x.raw(),
                                Native.vector(states),
                                Native.vector(weights),
                                bias,
                                layers,
                                0,
                                train,
                                both,
                                true));
                },
                shape,
                bias);
    }

    /**
     * The same over sequences of different lengths, longest first, without computing the padding.
     *
     * @shape x {@code [N, T, D]}, lengths {@code [N]} int64, falling; gives output {@code [N, T, D']} with zeros behind
     *     each sequence's end, and the hidden states at each sequence's own end
     * @throws ShapeException when lengths rise, or do not lie in 1 to T
     */
    public static Output packed(Tensor x, Tensor lengths, List<Tensor> states, List<Tensor> weights, Build shape) {
        Operands.dims("recurrent", x, 3, "[N, T, D]");
        Operands.size("recurrent", lengths, 0, x.size(0), "lengths");
        var order = new Packing(lengths.toLongArray(), x.size(1));
        var flat = x.reshape(x.size(0) * x.size(1), x.size(2)); // [N * T, D]
        var data = flat.indexSelect(0, Tensor.of(order.rows, order.rows.length).to(x.device())); // [sum of lengths, D]
        var sizes = Tensor.of(order.batchSizes, order.batchSizes.length); // on the CPU, whatever the device
        var out = Native.run("recurrentPacked", () -> packedCells(data.raw(), sizes.raw(), states, weights, shape));
        long features = out.output().size(1);
        var padded = Tensor.cat(List.of(out.output(), Tensor.zeros(DType.FLOAT32, x.device(), 1, features)), 0);
        var output = padded.indexSelect(
                        0, Tensor.of(order.places, order.places.length).to(x.device()))
                .reshape(x.size(0), x.size(1), features); // [N, T, D']
        return new Output(output, out.hidden(), out.cell());
    }

    private static Output packedCells(
            org.bytedeco.pytorch.Tensor data,
            org.bytedeco.pytorch.Tensor sizes,
            List<Tensor> states,
            List<Tensor> weights,
            Build shape) {
        TensorVector w = Native.vector(weights);
        var h = states.get(0).raw();
        boolean train = Grad.isOn();
        boolean bias = shape.hasBiases(weights);
        boolean both = shape.bidirectional();
        int layers = shape.layers();
        return switch (shape.cell()) {
            case RNN -> two(torch.rnn_tanh(data, sizes, h, w, bias, layers, 0, train, both));
            case RNN_RELU -> two(torch.rnn_relu(data, sizes, h, w, bias, layers, 0, train, both));
            case GRU -> two(torch.gru(data, sizes, h, w, bias, layers, 0, train, both));
            case LSTM -> three(torch.lstm(data, sizes, Native.vector(states), w, bias, layers, 0, train, both));
        };
    }

    private static Output two(T_TensorTensor_T result) {
        return new Output(Native.takeCopy(result.get0()), Native.takeCopy(result.get1()), Optional.empty());
    }

    private static Output three(T_TensorTensorTensor_T result) {
        return new Output(
                Native.takeCopy(result.get0()),
                Native.takeCopy(result.get1()),
                Optional.of(Native.takeCopy(result.get2())));
    }

    /** Which row of the flattened batch each packed step is, and where each step of the batch is in the packed data. */
    private static final class Packing {
        final long[] rows;
        final long[] batchSizes;
        final long[] places;

        Packing(long[] lengths, long steps) {
            checkFalling(lengths, steps);
            int total = (int) java.util.Arrays.stream(lengths).sum();
            rows = new long[total];
            places = new long[(int) (lengths.length * steps)];
            java.util.Arrays.fill(places, total); // the row of zeros behind the packed data
            batchSizes = new long[(int) lengths[0]];
            int next = 0;
            for (int t = 0; t < lengths[0]; t++) {
                for (int n = 0; n < lengths.length && lengths[n] > t; n++) {
                    int row = (int) (n * steps + t);
                    rows[next] = row;
                    places[row] = next++;
                    batchSizes[t]++;
                }
            }
        }

        private static void checkFalling(long[] lengths, long steps) {
            for (int i = 0; i < lengths.length; i++) {
                if (lengths[i] < 1 || lengths[i] > steps || (i > 0 && lengths[i] > lengths[i - 1])) {
                    throw new ShapeException("recurrentPacked: lengths must fall and lie in 1 to " + steps
                            + ", received " + java.util.Arrays.toString(lengths)
                            + ". Maybe sort the batch by length, longest first.");
                }
            }
        }
    }
}
