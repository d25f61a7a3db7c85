package espalier.vision;

import espalier.data.DataException;
import espalier.data.Loader;
import espalier.data.Loaders;
import espalier.data.TargetBlock;
import espalier.loss.Loss;
import espalier.loss.Losses;
import espalier.model.ModelDocument;
import espalier.model.PretrainedWeights;
import espalier.model.WeightCache;
import espalier.model.Weights;
import espalier.tensor.Rng;
import espalier.train.Learner;
import espalier.train.Norms;
import espalier.vision.augment.Normalize;
import espalier.vision.image.Image;
import espalier.vision.model.Architecture;
import espalier.vision.model.TransferModel;
import java.util.Map;
import java.util.Optional;

/**
 * Makes learners for pictures: a pretrained body whose batch norms rest, a new head, normalisation by the weights' own
 * statistics, fastai's parameter groups, and the loss that fits the targets (cross entropy for classes, binary cross
 * entropy for tags).
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
     * @param seed the seed of what is drawn by chance
     * @param details what model files are to say besides, see {@link ModelDocument#details}
     */
    public record Start(
            Optional<PretrainedWeights> weights, WeightCache cache, long seed, Map<String, Object> details) {
        /** The architecture's default weights, from where they are usually found; seed 42. */
        public static Start pretrained(Architecture architecture) {
            return scratch().weights(PretrainedWeights.of(architecture.name()));
        }

        /** No published weights. */
        public static Start scratch() {
            return new Start(Optional.empty(), WeightCache.system(), 42, Map.of());
        }

        private Start weights(PretrainedWeights published) {
            return new Start(Optional.of(published), cache, seed, details);
        }

        /** The same with another seed. */
        public Start seed(long seed) {
            return new Start(weights, cache, seed, details);
        }

        /** The same with another cache. */
        public Start cache(WeightCache cache) {
            return new Start(weights, cache, seed, details);
        }

        /** The same with other details. */
        public Start details(Map<String, Object> details) {
            return new Start(weights, cache, seed, details);
        }
    }

    /**
     * A learner with the architecture's published weights.
     *
     * @throws espalier.model.ModelFileException when the weights are neither bundled nor cached and cannot be downloaded
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
    public static Learner<Image> of(Loaders<Image> loaders, Architecture architecture, Start start) {
        checkBatches(loaders.train());
        var normalize = start.weights()
                .map(weights -> normalize(weights.normalisation()))
                .orElseGet(Normalize::imagenet);
        var model = model(architecture, loaders.classes().size(), start);
        var learner = Learner.of(loaders.with(normalize), model, loss(loaders.target()))
                .groups(model.parameterGroups())
                .seed(start.seed())
                .exporter(new VisionExporter(architecture, normalize, start.weights(), start.details()));
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

    static Normalize normalize(ModelDocument.Normalisation statistics) {
        return Normalize.of(
                statistics.mean().stream().mapToDouble(Double::doubleValue).toArray(),
                statistics.std().stream().mapToDouble(Double::doubleValue).toArray());
    }

    private static TransferModel model(Architecture architecture, int classes, Start start) {
        var rng = Rng.of(start.seed());
        if (start.weights().isEmpty()) {
            return architecture.transfer(classes, rng);
        }
        var weights = start.weights().get();
        var tensors = start.cache().load(weights);
        var backbone = architecture.create(PretrainedWeights.CLASSES);
        Weights.load(backbone, tensors, weights.file());
        return TransferModel.of(backbone, classes, rng);
    }

    private static Loss loss(TargetBlock target) {
        return switch (target.kind()) {
            case CATEGORY -> Losses.crossEntropy();
            case MULTI_CATEGORY -> Losses.bceWithLogits();
        };
    }
}
