package espalier.text;

import espalier.nn.Module;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * ULMFiT's network: an AWD-LSTM with a head on the last, largest and mean states. It is worth its time with an encoder that was
 * trained as a language model, see {@link PretrainedEncoder}. The architecture's dropout is a factor of all of its probabilities,
 * fastai's {@code drop_mult}.
 *
 * @param hidden the numbers of a state but for the last layer's, 1,152
 * @param layers how many LSTMs are stacked, 3
 */
public record AwdEncoder(int hidden, int layers) implements TextArchitecture.Encoder {
    static final String NAME = "awd-lstm";
    private static final int MOST = 65_536;
    private static final int MOST_LAYERS = 64;

    public AwdEncoder {
        if (hidden < 1 || hidden > MOST || layers < 1 || layers > MOST_LAYERS) {
            throw new IllegalArgumentException("an AWD-LSTM needs states of 1 to " + MOST + " numbers and 1 to "
                    + MOST_LAYERS + " layers, but got " + hidden + " and " + layers + ". Maybe they were swapped.");
        }
    }

    /** fastai's: three layers with states of 1,152 numbers, over vectors of 400. */
    public static AwdEncoder standard() {
        return new AwdEncoder(1_152, 3);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int features(int dim) {
        return 3 * dim;
    }

    @Override
    public long weights(long dim, int classes) {
        return AwdClassifier.weights(dim, hidden, layers, classes);
    }

    @Override
    public Map<String, Object> options() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("hidden", hidden);
        map.put("layers", layers);
        return map;
    }

    @Override
    public AwdEncoder options(Map<String, Object> options) {
        return new AwdEncoder(TextArchitecture.number(options, "hidden"), TextArchitecture.number(options, "layers"));
    }

    @Override
    public Module network(int vocabulary, int pad, TextArchitecture of, int classes) {
        return new AwdClassifier(sizes(vocabulary, pad, of.embedding()), of.dropout(), classes);
    }

    AwdLstm.Sizes sizes(int vocabulary, int pad, int embedding) {
        return new AwdLstm.Sizes(vocabulary, pad, embedding, hidden, layers);
    }
}
