package espalier.app;

import espalier.predict.Engines;
import espalier.predict.Predictor;
import espalier.train.TestTimeAugmentation;
import espalier.vision.PublishedNetwork;
import espalier.weights.WeightCache;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The job of predicting files and folders, by a model file or by an architecture's published ImageNet weights.
 *
 * <pre>{@code
 * Predict.pretrained("efficientnet-lite0", List.of(Path.of("photos"))).run(answer -> ...);
 * }</pre>
 *
 * @param model the model file; empty when {@code pretrained} is meant
 * @param pretrained the architecture with published weights; empty when {@code model} is meant
 * @param paths files and folders; folders in the order of their files' paths
 * @param cache where published weights are looked for
 */
public record Predict(Optional<Path> model, Optional<String> pretrained, List<Path> paths, WeightCache cache) {
    /** Says that exactly one of model and pretrained is needed when it is not so. */
    public Predict {
        if (model.isPresent() == pretrained.isPresent()) {
            throw new IllegalArgumentException(
                    "give either a model file or the name of a pretrained model. Maybe both or none were given.");
        }
        paths = List.copyOf(paths);
    }

    /** By a model file. */
    public static Predict of(Path model, List<Path> paths) {
        return new Predict(Optional.of(model), Optional.empty(), paths, WeightCache.system());
    }

    /** By published weights, which are looked for where the environment says. */
    public static Predict pretrained(String architecture, List<Path> paths) {
        return new Predict(Optional.empty(), Optional.of(architecture), paths, WeightCache.system());
    }

    /** A copy that looks for published weights elsewhere. */
    public Predict cache(WeightCache cache) {
        return new Predict(model, pretrained, paths, cache);
    }

    /**
     * How it went.
     *
     * @param predicted how many files were predicted
     * @param failed how many could not be read
     * @param seconds how long it took, loading the model not included
     */
    public record Result(int predicted, int failed, double seconds) {}

    /**
     * Predicts all, handing over each answer as soon as it is known, in order.
     *
     * @throws espalier.format.ModelFileException when the model or weights cannot be used
     */
    public Result run(Consumer<Predictor.Answer> answers) {
        try (var predictor = open()) {
            return run(predictor, answers);
        }
    }

    /** The same by a predictor that is already {@link #open}. */
    public Result run(Predictor predictor, Consumer<Predictor.Answer> answers) {
        long start = System.nanoTime();
        int[] counts = new int[2];
        predictor.predictAll(paths, answer -> {
            counts[answer.prediction().isPresent() ? 0 : 1]++;
            answers.accept(answer);
        });
        return new Result(counts[0], counts[1], (System.nanoTime() - start) / 1e9);
    }

    /**
     * The same with test-time augmentation: each picture also several times varied as in training.
     *
     * @throws IllegalArgumentException when the model is not one for pictures
     */
    public Predictor open(String engine, TestTimeAugmentation passes) {
        var predictor = open(engine);
        try {
            return VariedPictures.of(predictor, passes);
        } catch (IllegalArgumentException unfit) {
            predictor.close();
            throw unfit;
        }
    }

    /** The predictor that this job uses, computed by the usual engine; the caller closes it. */
    public Predictor open() {
        return open(Engines.usual());
    }

    /** The same with another engine, one of {@link Engines#names}; published weights are computed by libtorch. */
    public Predictor open(String engine) {
        return model.map(file -> Predictor.load(file, engine))
                .orElseGet(() -> Predictor.of(PublishedNetwork.task(pretrained.orElseThrow(), cache)));
    }
}
