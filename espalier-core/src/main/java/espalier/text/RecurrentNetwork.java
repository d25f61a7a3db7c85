package espalier.text;

import espalier.nn.Linear;
import espalier.nn.RecurrentLayer;
import espalier.tensor.Functional;
import espalier.tensor.Recurrent.Output;
import espalier.tensor.Tensor;
import espalier.text.TextArchitecture.Pooling;
import espalier.text.TextArchitecture.Recurrent;
import java.util.List;
import java.util.Optional;

/** A recurrent network, which reads the text token by token, and what its states at all tokens, or the last one, are made into. */
final class RecurrentNetwork extends TextNetwork {
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
