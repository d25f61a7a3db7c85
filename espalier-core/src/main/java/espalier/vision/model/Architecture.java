package espalier.vision.model;

import espalier.rng.Rng;
import espalier.weights.PretrainedWeights;
import espalier.weights.WeightCache;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;

/**
 * A light description of a model: nothing is allocated before {@link #create} or {@link #transfer}.
 *
 * <p>Those of the library are in {@link Models}. One of your own is found there too, by its name, when a
 * {@link Provider} of it is on the class path: it then trains, exports and loads like the others.
 *
 * @param name its name on the command line, in model files and in the catalogue of weights
 * @param paper where it was described
 * @param inputSize the side of the pictures that it was designed for, in pixels
 * @param factory makes the network for a number of classes
 * @param weights its published weights, the default first; empty when there are none
 */
public record Architecture(
        String name, String paper, int inputSize, IntFunction<Backbone> factory, List<PretrainedWeights> weights) {
    private static final int USUAL_SIZE = 224;

    public Architecture {
        weights = List.copyOf(weights);
    }

    /** Makes architectures known by name; found by {@link java.util.ServiceLoader}. */
    public interface Provider {
        /** The architectures, under names that no others have. */
        List<Architecture> architectures();
    }

    /** An architecture for pictures of 224 without published weights. */
    public static Architecture of(String name, String paper, IntFunction<Backbone> factory) {
        return new Architecture(name, paper, USUAL_SIZE, factory, List.of());
    }

    /** The same for pictures of another size. */
    public Architecture inputSize(int inputSize) {
        return new Architecture(name, paper, inputSize, factory, weights);
    }

    /** The same with published weights, the default first. */
    public Architecture weights(PretrainedWeights... weights) {
        return new Architecture(name, paper, inputSize, factory, List.of(weights));
    }

    /** The default published weights. @throws IllegalArgumentException when there are none, naming models that have some */
    public PretrainedWeights published() {
        return weights.stream()
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there are no pretrained weights of \"" + name
                        + "\"; known are those of "
                        + Models.weights().stream()
                                .map(PretrainedWeights::model)
                                .distinct()
                                .collect(Collectors.joining(", "))
                        + ". Maybe start from scratch, or with another model."));
    }

    /** Certain published weights. @throws IllegalArgumentException when there are none, listing the tags */
    public PretrainedWeights published(String tag) {
        return weights.stream()
                .filter(found -> found.tag().equals(tag))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("%s has no weights \"%s\"; known are %s."
                                .formatted(
                                        name,
                                        tag,
                                        weights.stream()
                                                .map(PretrainedWeights::tag)
                                                .toList())
                        + " Maybe the tag is mistyped."));
    }

    /**
     * A classification network for {@code classes} classes; published ImageNet weights fit 1000. Where published weights
     * have no classifier, 0 makes the network without: its scores are what a classifier would be given.
     */
    public Backbone create(int classes) {
        boolean bare = classes == 0 && weights.stream().anyMatch(one -> one.classes() == 0);
        if (classes < 1 && !bare) {
            throw new IllegalArgumentException("a classifier needs a class or more, received " + classes + ".");
        }
        return factory.apply(classes);
    }

    /**
     * The network with published weights: for ImageNet's 1,000 classes, or without a classifier, as they are.
     *
     * @throws espalier.format.ModelFileException when they are neither bundled nor cached and cannot be downloaded, or
     *     do not fit
     */
    public Backbone pretrained(PretrainedWeights weights, WeightCache cache) {
        var tensors = cache.load(weights); // before the network, which takes memory
        var backbone = create(weights.classes());
        backbone.load(tensors, weights.file());
        return backbone;
    }

    /**
     * A body of this architecture with a new head for {@code classes} classes, all drawn from {@code rng}. For a
     * pretrained body use {@link #pretrained} and {@link TransferModel#of}.
     */
    public TransferModel transfer(int classes, Rng rng) {
        return transfer(Head.fastai(), classes, rng);
    }

    /** The same with another head. */
    public TransferModel transfer(Head head, int classes, Rng rng) {
        var model = TransferModel.of(create(1), head, classes, rng);
        model.reset(rng);
        return model;
    }

    @Override
    public String toString() {
        return name;
    }
}
