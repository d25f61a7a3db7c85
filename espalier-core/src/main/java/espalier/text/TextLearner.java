package espalier.text;

import espalier.data.Loaders;
import espalier.nn.Module;
import espalier.rng.Rng;
import espalier.tensor.Grad;
import espalier.tensor.Scope;
import espalier.tensor.SingleBlasThread;
import espalier.tensor.Tensor;
import espalier.token.WordVectors;
import espalier.train.Callback;
import espalier.train.Exporter;
import espalier.train.Fit;
import espalier.train.Learner;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes learners for texts: a network of an architecture, with the target's own loss.
 *
 * <pre>{@code
 * try (var learner = TextLearner.of(loaders, TextArchitecture.lstm()).metrics(Metrics.accuracy())) {
 *     learner.fit(5, Rates.of(2e-3));
 *     learner.export(Path.of("tweets.safetensors"));
 * }
 * }</pre>
 */
public final class TextLearner {
    private TextLearner() {}

    /**
     * How the network starts.
     *
     * @param vectors of the vocabulary's tokens; empty: drawn by chance, as all else
     * @param seed of what is drawn by chance, and of dropout
     * @param details what model files are to say besides, see {@link espalier.format.ModelDocument#details}
     */
    public record Start(Optional<WordVectors> vectors, long seed, Map<String, Object> details) {
        /** Everything by chance, seed 42. */
        public static Start scratch() {
            return new Start(Optional.empty(), 42, Map.of());
        }

        /** The same with pretrained vectors. */
        public Start vectors(WordVectors vectors) {
            return new Start(Optional.of(vectors), seed, details);
        }

        /** The same with another seed. */
        public Start seed(long seed) {
            return new Start(vectors, seed, details);
        }

        /** The same with other details. */
        public Start details(Map<String, Object> details) {
            return new Start(vectors, seed, details);
        }
    }

    /** A learner that starts by chance. */
    public static Learner<List<String>> of(Loaders<List<String>> loaders, TextArchitecture architecture) {
        return of(loaders, architecture, Start.scratch());
    }

    /**
     * A learner that starts as told.
     *
     * @throws IllegalArgumentException when the loaders are of no {@link TextBlock}, or the vectors
     *     have another length
     */
    public static Learner<List<String>> of(Loaders<List<String>> loaders, TextArchitecture architecture, Start start) {
        if (!(loaders.input() instanceof TextBlock block)) {
            throw new IllegalArgumentException("a learner for texts needs loaders of a TextBlock, but got "
                    + loaders.input().name() + ". Maybe make them by TextLoaders.");
        }
        var reader = block.reader();
        var network = architecture
                .network(
                        reader.vocabulary().size(),
                        reader.pad(),
                        loaders.classes().size())
                .reset(Rng.of(start.seed()));
        start.vectors().ifPresent(vectors -> fill(network, vectors, architecture));
        var model = loaders.target()
                .output()
                .<Module>map(output -> new RescaledNetwork(network, output))
                .orElse(network);
        return Learner.of(loaders, model, loaders.target().loss())
                .seed(start.seed())
                .callback(new SingleThread())
                .exporter(exporter(block, architecture, Map.of(), start.details()));
    }

    /**
     * How a learner writes its model.
     *
     * @param metrics figures besides those of the last epoch, such as of a test
     */
    public static Exporter exporter(
            TextBlock block,
            TextArchitecture architecture,
            Map<String, ? extends Object> metrics,
            Map<String, Object> details) {
        return (learner, file) ->
                new TextNetworkFile(architecture, block.reader(), metrics, details).save(file, learner);
    }

    /** The products of a recurrent network are so small that OpenBLAS waits for its threads longer than it computes. */
    private static final class SingleThread implements Callback {
        private Optional<SingleBlasThread> blas = Optional.empty();

        @Override
        public void beforeFit(Fit fit) {
            blas = Optional.of(SingleBlasThread.open());
        }

        @Override
        public void afterFit(Fit fit) {
            blas.ifPresent(SingleBlasThread::close);
        }
    }

    private static void fill(Module network, WordVectors vectors, TextArchitecture architecture) {
        if (vectors.dim() != architecture.embedding()) {
            throw new IllegalArgumentException(
                    "the network's vectors have " + architecture.embedding() + " numbers, but the pretrained ones "
                            + vectors.dim() + ". Maybe embedding(" + vectors.dim() + ").");
        }
        try (var scope = Scope.open();
                var off = Grad.off()) {
            var weight = network.parameters().get("embedding.weight");
            if (weight != null) {
                weight.copy_(Tensor.of(vectors.values(), weight.shape().sizes()));
            }
        }
    }
}
