package espalier.nn;

import espalier.tensor.Recurrent.Cell;

/**
 * Elman's recurrent network over sequences. Each step, {@code h' = tanh(W x + b + U h + d)}.
 * Starts uniformly in ±1/sqrt(hidden), as PyTorch's. Batch first, unlike PyTorch's default.
 *
 * @paper Elman 1990, "Finding structure in time"
 * @shape {@code [N, T, in]} to {@code [N, T, directions * hidden]}; for layer k weight_ih_lk
 *     {@code [hidden, in]}, weight_hh_lk {@code [hidden, hidden]}, bias_ih_lk and bias_hh_lk
 *     {@code [hidden]}, the second direction's with {@code _reverse} behind
 */
public final class Rnn extends RecurrentLayer {
    Rnn(Options options) {
        super(options);
    }

    /** One layer, forwards, from {@code in} to {@code hidden} features. */
    public static Rnn of(int in, int hidden) {
        return new Rnn(Options.of(Cell.RNN, in, hidden));
    }

    /** A layer of so many stacked ones; its weights are drawn anew. */
    public Rnn layers(int layers) {
        return new Rnn(options.layers(layers));
    }

    /** A layer with a second direction, which reads from the end; its weights are drawn anew. */
    public Rnn bidirectional() {
        return new Rnn(options.bothDirections());
    }

    /** A layer without biases; its weights are drawn anew. */
    public Rnn noBias() {
        return new Rnn(options.noBias());
    }

    /** A layer that in training drops outputs between stacked layers with probability {@code p} in [0, 1). */
    public Rnn dropout(double p) {
        Dropout.of(p); // checks the range
        return new Rnn(options.dropout(p));
    }

    /** A layer with ReLU in the place of tanh. */
    public Rnn relu() {
        return new Rnn(options.cell(Cell.RNN_RELU));
    }
}
