package espalier.text;

import espalier.nn.BatchNorm1d;
import espalier.nn.Dropout;
import espalier.nn.Linear;
import espalier.nn.Module;
import espalier.nn.ReLU;
import espalier.nn.Sequential;
import espalier.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * ULMFiT's classifier: the encoder of a language model; of its states the last, the largest and the mean of each text; and a head
 * of two layers. The names of the parameters are those of fastai's {@code get_text_classifier}.
 *
 * @shape int64 {@code [N, T]}, padded at the end, to {@code [N, K]}
 * @paper Howard and Ruder 2018, "Universal Language Model Fine-tuning for Text Classification",
 *     <a href="https://arxiv.org/abs/1801.06146">arXiv:1801.06146</a>; fastai cuts gradients after 72 tokens, here they go through
 *     the whole text
 */
final class AwdClassifier extends Module {
    /** The numbers between the head's layers, fastai's. */
    static final int HEAD = 50;

    private static final double LAST_DROPOUT = 0.1;

    private final Sentences sentences;
    private final Head head;

    /** The encoder, one level down as in fastai. */
    private static final class Sentences extends Module {
        private final AwdLstm encoder;

        Sentences(AwdLstm encoder) {
            this.encoder = child("module", encoder);
        }

        @Override
        public Tensor forward(Tensor x) {
            return encoder.forward(x);
        }
    }

    private static final class Head extends Module {
        private final Sequential layers;

        Head(int in, int classes, double dropout, double last) {
            this.layers = child(
                    "layers",
                    Sequential.of(
                            Sequential.of(
                                    BatchNorm1d.of(in),
                                    Dropout.of(dropout),
                                    Linear.of(in, HEAD).noBias(),
                                    ReLU.of()),
                            Sequential.of(
                                    BatchNorm1d.of(HEAD),
                                    Dropout.of(last),
                                    Linear.of(HEAD, classes).noBias())));
        }

        @Override
        public Tensor forward(Tensor x) {
            return layers.forward(x);
        }
    }

    /** @param factor of all probabilities of dropout; 0 for none */
    AwdClassifier(AwdLstm.Sizes sizes, double factor, int classes) {
        var dropouts = AwdLstm.Dropouts.classifier().times(factor);
        this.sentences = child("0", new Sentences(new AwdLstm(sizes, dropouts)));
        this.head =
                child("1", new Head(3 * sizes.embedding(), classes, dropouts.output(), factor == 0 ? 0 : LAST_DROPOUT));
    }

    /** How many weights it has, the norms' statistics included, besides the tokens' vectors. */
    static long weights(long embedding, long hidden, int layers, long classes) {
        long in = 3 * embedding;
        return AwdLstm.Sizes.recurrent(embedding, hidden, layers)
                + 4 * in
                + 1
                + in * HEAD
                + 4 * HEAD
                + 1
                + HEAD * classes;
    }

    AwdLstm encoder() {
        return sentences.encoder;
    }

    /** The parameters in groups from input to output: vectors, each layer, head. */
    List<List<Tensor>> groups() {
        List<List<Tensor>> groups = new ArrayList<>(sentences.encoder.groups());
        groups.add(List.copyOf(head.parameters().values()));
        return groups;
    }

    @Override
    public Tensor forward(Tensor x) {
        long n = x.size(0);
        long steps = x.size(1);
        long[] lengths = TextNetwork.lengths(
                x.toLongArray(), (int) n, sentences.encoder.sizes().pad());
        Tensor states = sentences.forward(x); // [N, T, E]
        long[] ends = new long[(int) n];
        Arrays.setAll(ends, i -> i * steps + lengths[i] - 1);
        Tensor last = states.reshape(n * steps, states.size(2)) // [N * T, E]
                .indexSelect(0, Tensor.of(ends, n).to(x.device())); // [N, E]
        Tensor behind = TextNetwork.behind(steps, lengths).to(x.device()).unsqueeze(2); // [N, T, 1]
        Tensor mean = TextNetwork.mean(states.maskedFill(behind, 0), lengths);
        return seen(head.forward(Tensor.cat(List.of(last, TextNetwork.max(states, lengths), mean), 1))); // [N, K]
    }
}
