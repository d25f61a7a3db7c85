package espalier.text;

import espalier.nn.Dropout;
import espalier.nn.Embedding;
import espalier.nn.Linear;
import espalier.nn.Module;
import espalier.tensor.Tensor;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * A network for texts: tokens become vectors, the vectors features, the features scores. Padding changes nothing: the same
 * text has the same scores alone and in any batch.
 *
 * <p>The parameters have the names of the tutorial's {@code OurFirstLSTM}: {@code embedding}, {@code encoder}, {@code predictor}.
 *
 * @shape int64 {@code [N, T]}, padded at the end, to {@code [N, K]}
 */
abstract sealed class TextNetwork extends Module permits BagNetwork, ConvolutionalNetwork, RecurrentNetwork {
    private final Embedding embedding;
    private final long pad;
    private final Dropout before;
    private final Dropout behind;

    /**
     * What all have in common.
     *
     * @param vocabulary the number of tokens, V
     * @param pad the index of padding
     * @param dim the numbers of a token's vector, D
     * @param dropout probability for the vectors' and for the features' numbers
     */
    record Tokens(int vocabulary, int pad, int dim, double dropout) {}

    TextNetwork(Tokens tokens) {
        this.embedding =
                child("embedding", Embedding.of(tokens.vocabulary, tokens.dim).paddingIndex(tokens.pad));
        this.pad = tokens.pad;
        this.before = child("dropout", Dropout.of(tokens.dropout));
        this.behind = child("dropout2", Dropout.of(tokens.dropout));
    }

    /** The features of texts. @shape {@code [N, T, D]}, lengths falling, to {@code [N, F]} */
    abstract Tensor features(Tensor x, long... lengths);

    /** From features to scores. */
    abstract Linear predictor();

    @Override
    public final Tensor forward(Tensor x) {
        int n = (int) x.size(0);
        long[] lengths = lengths(x.toLongArray(), n, pad);
        int[] falling = IntStream.range(0, n)
                .boxed()
                .sorted(Comparator.comparingLong((Integer i) -> -lengths[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        boolean sorted = IntStream.range(0, n).allMatch(i -> falling[i] == i);
        Tensor ids = sorted ? x : x.indexSelect(0, positions(falling).to(x.device()));
        long[] own = Arrays.stream(falling).mapToLong(i -> lengths[i]).toArray();
        Tensor vectors = before.forward(embedding.forward(ids)); // [N, T, D]
        Tensor scores = predictor().forward(behind.forward(features(vectors, own))); // [N, K]
        return seen(
                sorted
                        ? scores
                        : scores.indexSelect(0, positions(inverse(falling)).to(x.device())));
    }

    /** How many tokens there are before the padding at the end; of an empty text one, whose vector is zero. */
    static long[] lengths(long[] ids, int n, long pad) {
        int steps = ids.length / n;
        long[] lengths = new long[n];
        for (int i = 0; i < n; i++) {
            int end = steps;
            while (end > 1 && ids[i * steps + end - 1] == pad) {
                end--;
            }
            lengths[i] = end;
        }
        return lengths;
    }

    private static Tensor positions(int... positions) {
        return Tensor.of(Arrays.stream(positions).asLongStream().toArray(), positions.length);
    }

    private static int[] inverse(int... order) {
        int[] inverse = new int[order.length];
        for (int i = 0; i < order.length; i++) {
            inverse[order[i]] = i;
        }
        return inverse;
    }

    /** True behind the end of each text. @shape {@code [N, T]} */
    static Tensor behind(long steps, long... lengths) {
        boolean[] mask = new boolean[Math.toIntExact(steps * lengths.length)];
        for (int i = 0; i < lengths.length; i++) {
            Arrays.fill(mask, (int) (i * steps + lengths[i]), (int) ((i + 1) * steps), true);
        }
        return Tensor.of(mask, lengths.length, steps);
    }

    /** The largest value of each feature before the end. @shape {@code [N, T, F]} to {@code [N, F]} */
    static Tensor max(Tensor x, long... lengths) {
        return x.maskedFill(behind(x.size(1), lengths).to(x.device()).unsqueeze(2), Double.NEGATIVE_INFINITY)
                .amax(false, 1); // [N, F]
    }

    /** The mean of each feature; what stands behind the end is zero. @shape {@code [N, T, F]} to {@code [N, F]} */
    static Tensor mean(Tensor x, long... lengths) {
        return x.sum(1).div(Tensor.of(lengths, lengths.length, 1).to(x.device()).to(x.dtype())); // [N, F]
    }
}
