package espalier.nn;

import espalier.tensor.Recurrent.Cell;

/**
 * A gated recurrent unit over sequences. Each step,
 * with reset gate r and update gate z:
 * {@code n = tanh(W x + b + r * (U h + d))}, {@code h' = (1 - z) * n + z * h}.
 * Starts uniformly in ±1/sqrt(hidden), as PyTorch's. Batch first, unlike PyTorch's default.
 *
 * @paper Cho et al. 2014, "Learning phrase representations using RNN encoder-decoder"; as in PyTorch the reset gate acts after U
 * @shape {@code [N, T, in]} to {@code [N, T, directions * hidden]}; for layer k weight_ih_lk
 *     {@code [3 * hidden, in]}, weight_hh_lk {@code [3 * hidden, hidden]}, bias_ih_lk and bias_hh_lk
 *     {@code [3 * hidden]}, the second direction's with {@code _reverse} behind
 */
public final class Gru extends RecurrentLayer {
    Gru(Options options) {
        super(options);
    }

    /** One layer, forwards, from {@code in} to {@code hidden} features. */
    public static Gru of(int in, int hidden) {
        return new Gru(Options.of(Cell.GRU, in, hidden));
    }

    /** A layer of so many stacked ones; its weights are drawn anew. */
    public Gru layers(int layers) {
        return new Gru(options.layers(layers));
    }

    /** A layer with a second direction, which reads from the end; its weights are drawn anew. */
    public Gru bidirectional() {
        return new Gru(options.bothDirections());
    }

    /** A layer without biases; its weights are drawn anew. */
    public Gru noBias() {
        return new Gru(options.noBias());
    }

    /** A layer that in training drops outputs between stacked layers with probability {@code p} in [0, 1). */
    public Gru dropout(double p) {
        Dropout.of(p); // checks the range
        return new Gru(options.dropout(p));
    }
}
