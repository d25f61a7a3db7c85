package espalier.nn;

import espalier.tensor.Recurrent.Cell;

/**
 * Long short-term memory over sequences. Each step,
 * with gates i, f, g, o of {@code W x + b + U h + d}:
 * {@code c' = sigmoid(f) * c + sigmoid(i) * tanh(g)}, {@code h' = sigmoid(o) * tanh(c')}.
 * Starts uniformly in ±1/sqrt(hidden), as PyTorch's. Batch first, unlike PyTorch's default.
 *
 * @paper Hochreiter and Schmidhuber 1997, "Long short-term memory"
 * @shape {@code [N, T, in]} to {@code [N, T, directions * hidden]}; for layer k weight_ih_lk
 *     {@code [4 * hidden, in]}, weight_hh_lk {@code [4 * hidden, hidden]}, bias_ih_lk and bias_hh_lk
 *     {@code [4 * hidden]}, the second direction's with {@code _reverse} behind
 */
public final class Lstm extends RecurrentLayer {
    Lstm(Options options) {
        super(options);
    }

    /** One layer, forwards, from {@code in} to {@code hidden} features. */
    public static Lstm of(int in, int hidden) {
        return new Lstm(Options.of(Cell.LSTM, in, hidden));
    }

    /** A layer of so many stacked ones; its weights are drawn anew. */
    public Lstm layers(int layers) {
        return new Lstm(options.layers(layers));
    }

    /** A layer with a second direction, which reads from the end; its weights are drawn anew. */
    public Lstm bidirectional() {
        return new Lstm(options.bothDirections());
    }

    /** A layer without biases; its weights are drawn anew. */
    public Lstm noBias() {
        return new Lstm(options.noBias());
    }

    /** A layer that in training drops outputs between stacked layers with probability {@code p} in [0, 1). */
    public Lstm dropout(double p) {
        Dropout.of(p); // checks the range
        return new Lstm(options.dropout(p));
    }
}
