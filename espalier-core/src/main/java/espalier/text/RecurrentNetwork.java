package espalier.text;

import espalier.nn.Linear;
import espalier.nn.RecurrentLayer;
import espalier.tensor.Functional;
import espalier.tensor.Recurrent.Output;
import espalier.tensor.Tensor;
import espalier.text.TextArchitecture.Pooling;
import espalier.text.TextArchitecture.Recurrent;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A recurrent network, which reads the text token by token, and what its states at all tokens, or the last one, are made into. */
final class RecurrentNetwork extends TextNetwork {
    /** How many times the texts' own tokens a batch may hold to be computed whole. */
    private static final long MOST_WASTE = 2;

    private final RecurrentLayer encoder;
    private final Optional<Linear> attention;
    private final Linear predictor;
    private final Recurrent options;

    RecurrentNetwork(Tokens tokens, Recurrent options, int classes) {
        super(tokens);
        this.options = options;
        this.encoder =
                child("encoder", RecurrentLayer.of(options.build(), tokens.dim(), options.hidden(), tokens.dropout()));
        this.attention = options.pooling() == Pooling.ATTENTION
                ? Optional.of(child("attention", Linear.of(options.features(), 1)))
                : Optional.empty();
        this.predictor = child("predictor", Linear.of(options.features(), classes));
    }

    @Override
    Tensor features(Tensor x, long... lengths) {
        return runsOverPadding(x, lengths) ? padded(x, lengths) : packed(x, lengths);
    }

    /**
     * A network that reads from the beginning alone does not see what stands behind a text's end before that end. To compute
     * it regardless costs less than packing, as libtorch has faster kernels for whole batches, unless most of it is padding.
     */
    private boolean runsOverPadding(Tensor x, long... lengths) {
        return !options.bidirectional() && MOST_WASTE * Arrays.stream(lengths).sum() >= x.size(0) * x.size(1);
    }

    private Tensor padded(Tensor x, long... lengths) {
        Tensor states = encoder.run(x).output(); // [N, T, F]
        long n = states.size(0);
        long steps = states.size(1);
        return switch (options.pooling()) {
            case ATTENTION -> attended(states, lengths);
            case LAST -> {
                long[] ends = new long[(int) n];
                Arrays.setAll(ends, i -> i * steps + lengths[i] - 1);
                yield states.reshape(n * steps, options.features()) // [N * T, F]
                        .indexSelect(0, Tensor.of(ends, n).to(states.device())); // [N, F]
            }
            case MAX -> max(states, lengths);
            case MEAN -> {
                var behind = behind(steps, lengths).to(states.device()).unsqueeze(2); // [N, T, 1]
                yield mean(states.maskedFill(behind, 0), lengths);
            }
        };
    }

    private Tensor packed(Tensor x, long... lengths) {
        var out = encoder.runPacked(x, Tensor.of(lengths, lengths.length));
        return switch (options.pooling()) {
            case ATTENTION -> attended(out.output(), lengths);
            case LAST -> last(out);
            case MAX -> max(out.output(), lengths);
            case MEAN -> mean(out.output(), lengths);
        };
    }

    /** The last layer's state at the end of each text, and at its beginning where there is a second direction. */
    private Tensor last(Output out) {
        long states = out.hidden().size(0);
        return options.bidirectional()
                ? Tensor.cat(
                        List.of(out.hidden().select(0, states - 2), out.hidden().select(0, states - 1)), 1)
                : out.hidden().select(0, states - 1); // [N, F]
    }

    /** The mean of the states, each weighted by how much it says of itself. */
    private Tensor attended(Tensor states, long... lengths) {
        Tensor scores = attention
                .orElseThrow()
                .forward(states)
                .squeeze(2) // [N, T]
                .maskedFill(behind(states.size(1), lengths).to(states.device()), Double.NEGATIVE_INFINITY);
        return Functional.softmax(scores, 1).unsqueeze(2).mul(states).sum(1); // [N, F]
    }

    @Override
    Linear predictor() {
        return predictor;
    }
}
