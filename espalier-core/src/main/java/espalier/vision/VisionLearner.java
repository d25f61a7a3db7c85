package espalier.vision;

import espalier.data.Loader;
import espalier.data.Loaders;
import espalier.format.ModelDocument;
import espalier.image.Image;
import espalier.loss.Loss;
import espalier.report.DataException;
import espalier.rng.Rng;
import espalier.train.Learner;
import espalier.train.Norms;
import espalier.vision.augment.Normalize;
import espalier.vision.model.Architecture;
import espalier.vision.model.Head;
import espalier.vision.model.TransferModel;
import espalier.weights.PretrainedWeights;
import espalier.weights.WeightCache;
import java.util.Map;
import java.util.Optional;

/**
 * Makes learners for pictures: a pretrained body whose batch norms rest, a new head, normalisation by the weights' own
 * statistics, fastai's parameter groups, and the target's own loss and output (cross entropy for classes, binary cross
 * entropy for tags, squared differences for quantities).
 *
 * <pre>{@code
 * try (var learner = VisionLearner.of(loaders, Models.resnet18()).metrics(Metrics.errorRate())) {
 *     learner.fineTune(4);
 *     learner.export(Path.of("dogs.safetensors"));
 * }
 * }</pre>
 */
public final class VisionLearner {
    private VisionLearner() {}

    /**
     * How the model starts.
     *
     * @param weights the published weights of the body; empty: drawn by chance
     * @param cache where the weights are looked for
     * @param head the layers after the body
     * @param loss what is minimised; empty: what fits the targets
     * @param seed the seed of what is drawn by chance
     * @param details what model files are to say besides, see {@link ModelDocument#details}
     * @param normalize how pictures are normalised; empty: as the weights were made with, or by ImageNet's statistics
     */
    public record Start(
            Optional<PretrainedWeights> weights,
            WeightCache cache,
            Head head,
            Optional<Loss> loss,
            long seed,
            Map<String, Object> details,
            Optional<Normalize> normalize) {
        /** The architecture's default weights, from where they are usually found; seed 42. */
        public static Start pretrained(Architecture architecture) {
            return scratch().weights(architecture.published());
        }

        /** No published weights. */
        public static Start scratch() {
            return new Start(
                    Optional.empty(),
                    WeightCache.system(),
                    Head.fastai(),
                    Optional.empty(),
                    42,
                    Map.of(),
                    Optional.empty());
        }

        private Start weights(PretrainedWeights published) {
            return new Start(Optional.of(published), cache, head, loss, seed, details, normalize);
        }

        /** The same with another seed. */
        public Start seed(long seed) {
            return new Start(weights, cache, head, loss, seed, details, normalize);
        }

        /** The same with another cache. */
        public Start cache(WeightCache cache) {
            return new Start(weights, cache, head, loss, seed, details, normalize);
        }

        /** The same with another head; fastai's by default. */
        public Start head(Head head) {
            return new Start(weights, cache, head, loss, seed, details, normalize);
        }

        /** The same with another loss, of the kind that fits the targets. */
        public Start loss(Loss loss) {
            return new Start(weights, cache, head, Optional.of(loss), seed, details, normalize);
        }

        /** The same with another normalisation of pictures, such as {@link Normalize#fromData}. */
        public Start normalize(Normalize statistics) {
            return new Start(weights, cache, head, loss, seed, details, Optional.of(statistics));
        }

        /** The same with other details. */
        public Start details(Map<String, Object> details) {
            return new Start(weights, cache, head, loss, seed, details, normalize);
        }
    }

    /**
     * A learner with the architecture's published weights.
     *
     * @throws espalier.format.ModelFileException when the weights are neither bundled nor cached and cannot be downloaded
     */
    public static Learner<Image> of(Loaders<Image> loaders, Architecture architecture) {
        return of(loaders, architecture, Start.pretrained(architecture));
    }

    /**
     * A learner that starts as told.
     *
     * @throws IllegalArgumentException for batches of one picture: the head's batch norms compare pictures
     * @throws DataException when there is just one picture to train on
     */
    public static Learner<Image> of(Loaders<Image> loaders, Architecture architecture, Start given) {
        checkBatches(loaders.train());
        var scores = loaders.target().firstScores();
        boolean biased = scores.stream().anyMatch(score -> score != 0);
        var start = biased ? given.head(given.head().bias()) : given;
        var normalize = start.normalize()
                .or(() -> start.weights().map(weights -> ImageNetwork.normalize(weights.normalisation())))
                .orElseGet(Normalize::imagenet);
        var output = loaders.target().output();
        var model = model(architecture, loaders.classes().size(), start);
        output.ifPresent(model::output);
        model.firstScores(scores);
        var loss = start.loss().orElseGet(() -> loaders.target().loss());
        var learner = Learner.of(loaders.with(normalize), model, loss)
                .groups(model.parameterGroups())
                .seed(start.seed())
                .exporter(new VisionExporter(
                        architecture,
                        normalize,
                        start.weights().map(start.cache()::identified),
                        start.head(),
                        start.details()));
        if (start.weights().isPresent()) {
            learner.norms(Norms.REST).freeze();
        }
        return learner;
    }

    private static void checkBatches(Loader<Image> train) {
        if (train.options().batchSize() < 2) {
            throw new IllegalArgumentException("the batch size (--batch-size) is 1, expected 2 or more: batch norms"
                    + " compare the pictures of a batch. Maybe 8, when memory is short.");
        }
        if (train.dataset().size() < 2) {
            throw new DataException("there is just one picture to train on: "
                    + train.dataset().items().get(0).id()
                    + ". Maybe add pictures, or keep fewer of them for validation (--valid 0.2).");
        }
    }

    private static TransferModel model(Architecture architecture, int classes, Start start) {
        var rng = Rng.of(start.seed());
        if (start.weights().isEmpty()) {
            return architecture.transfer(start.head(), classes, rng);
        }
        var backbone = architecture.pretrained(start.weights().get(), start.cache());
        return TransferModel.of(backbone, start.head(), classes, rng);
    }
}
