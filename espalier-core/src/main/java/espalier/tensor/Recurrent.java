package espalier.tensor;

import espalier.tensor.Functional.RecurrentOutput;
import espalier.tensor.Functional.RecurrentShape;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.T_TensorTensorTensor_T;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** The calls behind {@link Functional#recurrent}, for the three kinds of cell, padded and packed. */
final class Recurrent {
    private Recurrent() {}

    static RecurrentOutput padded(Tensor x, List<Tensor> states, List<Tensor> weights, RecurrentShape shape) {
        return Native.run("recurrent", () -> {
            TensorVector w = Native.vector(weights);
            var h = states.get(0).raw();
            boolean train = Grad.isOn();
            return switch (shape.cell()) {
                case RNN ->
                    two(torch.rnn_tanh(x.raw(), h, w, true, shape.layers(), 0, train, shape.bidirectional(), true));
                case GRU -> two(torch.gru(x.raw(), h, w, true, shape.layers(), 0, train, shape.bidirectional(), true));
                case LSTM ->
                    three(torch.lstm(
                            x.raw(),
                            Native.vector(states),
                            w,
                            true,
                            shape.layers(),
                            0,
                            train,
                            shape.bidirectional(),
                            true));
            };
        });
    }

    static RecurrentOutput packed(
            Tensor x, Tensor lengths, List<Tensor> states, List<Tensor> weights, RecurrentShape shape) {
        return Native.run("recurrentPacked", () -> {
            long[] items = lengths.toLongArray();
            var order = new Packing(items, x.size(1));
            var flat = x.reshape(x.size(0) * x.size(1), x.size(2)); // [N * T, D]
            var data = flat.indexSelect(0, Tensor.of(order.rows, order.rows.length)); // [sum of lengths, D]
            var sizes = Tensor.of(order.batchSizes, order.batchSizes.length);
            var out = packedCells(data.raw(), sizes.raw(), states, weights, shape);
            long features = out.output().size(1);
            var padded = Tensor.cat(java.util.List.of(out.output(), Tensor.zeros(1, features)), 0);
            var output = padded.indexSelect(0, Tensor.of(order.places, order.places.length))
                    .reshape(x.size(0), x.size(1), features); // [N, T, D']
            return new RecurrentOutput(output, out.hidden(), out.cell());
        });
    }

    private static RecurrentOutput packedCells(
            org.bytedeco.pytorch.Tensor data,
            org.bytedeco.pytorch.Tensor sizes,
            List<Tensor> states,
            List<Tensor> weights,
            RecurrentShape shape) {
        TensorVector w = Native.vector(weights);
        var h = states.get(0).raw();
        boolean train = Grad.isOn();
        return switch (shape.cell()) {
            case RNN -> two(torch.rnn_tanh(data, sizes, h, w, true, shape.layers(), 0, train, shape.bidirectional()));
            case GRU -> two(torch.gru(data, sizes, h, w, true, shape.layers(), 0, train, shape.bidirectional()));
            case LSTM ->
                three(torch.lstm(
                        data, sizes, Native.vector(states), w, true, shape.layers(), 0, train, shape.bidirectional()));
        };
    }

    private static RecurrentOutput two(T_TensorTensor_T result) {
        return new RecurrentOutput(Native.takeCopy(result.get0()), Native.takeCopy(result.get1()), Optional.empty());
    }

    private static RecurrentOutput three(T_TensorTensorTensor_T result) {
        return new RecurrentOutput(
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
