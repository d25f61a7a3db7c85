package espalier.predict;

import espalier.format.ModelBundle;
import espalier.format.ModelDocument;
import espalier.format.ModelFile;
import espalier.format.ModelFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Several models of the same classes that answer together. They err in different places, so that their mean is often better
 * than the best of them. An ensemble is a predictor, and a model file that {@link Predictor#load} reads.
 *
 * <pre>{@code
 * var ensemble = Ensemble.of(Path.of("a.safetensors"), Path.of("b.safetensors")).weights(2, 1);
 * ensemble.save(Path.of("both.safetensors"));
 * try (var model = Predictor.load(Path.of("both.safetensors"))) { ... }
 * }</pre>
 *
 * <p>The models may be of different architectures and sizes of pictures, and may name their classes in different orders.
 *
 * @param members the models
 * @param weights how much each of them counts, one for each
 * @param rule how their answers become one
 */
public record Ensemble(List<ModelFile> members, List<Double> weights, Rule rule) {
    static final String KIND = "ensemble-";
    private static final String RULE = "rule";
    private static final String WEIGHTS = "weights";

    /** How several answers become one. */
    public enum Rule {
        /** The weighted mean of the probabilities, or of the quantities. */
        MEAN,
        /**
         * The share of votes: each model votes for its most probable class, or for the tags above its thresholds. Equal
         * shares go to the class with the higher mean probability, which counts for a thousandth.
         */
        VOTE
    }

    /** Checks that the models fit together. @throws IllegalArgumentException when not */
    public Ensemble {
        members = List.copyOf(members);
        weights = List.copyOf(weights);
        if (members.isEmpty()) {
            throw new IllegalArgumentException("an ensemble needs a model or more. Maybe give their files.");
        }
        double sum = weights.stream().mapToDouble(Double::doubleValue).sum();
        if (weights.size() != members.size()
                || !weights.stream().allMatch(weight -> weight >= 0)
                || !(sum > 0 && Double.isFinite(sum))) {
            throw new IllegalArgumentException("an ensemble of " + members.size()
                    + " models needs a weight for each, none negative and not all 0: received " + weights
                    + ". Maybe leave them out, for equal ones.");
        }
        var first = members.get(0).document();
        members.forEach(member -> checkAlike(first, member.document()));
        if (rule == Rule.VOTE && first.isNumeric()) {
            throw new IllegalArgumentException("models that say quantities have no votes. Maybe take their mean.");
        }
    }

    private static void checkAlike(ModelDocument first, ModelDocument other) {
        if (isOne(first) || isOne(other)) {
            throw new IllegalArgumentException("an ensemble cannot be in another one. Maybe give its models instead.");
        }
        if (!first.task().equals(other.task())
                || !first.activation().equals(other.activation())
                || !new HashSet<>(first.vocabulary()).equals(new HashSet<>(other.vocabulary()))) {
            throw new IllegalArgumentException("the models of an ensemble must say the same: one is for " + first.task()
                    + " of " + first.vocabulary() + ", another for " + other.task() + " of " + other.vocabulary()
                    + ". Maybe they were trained on different folders.");
        }
    }

    /** The mean of the models in some files. @throws ModelFileException when one cannot be read */
    public static Ensemble of(Path... models) {
        return of(Stream.of(models).map(ModelFile::open).toList());
    }

    /** The mean of some models. */
    public static Ensemble of(List<ModelFile> members) {
        return new Ensemble(members, members.stream().map(member -> 1.0).toList(), Rule.MEAN);
    }

    /** The same, where each model counts as much as its weight says. */
    public Ensemble weights(double... weights) {
        return new Ensemble(members, Arrays.stream(weights).boxed().toList(), rule);
    }

    /** The same by votes: see {@link Rule#VOTE}. */
    public Ensemble voting() {
        return new Ensemble(members, weights, Rule.VOTE);
    }

    /** Whether a document is of an ensemble. */
    public static boolean isOne(ModelDocument document) {
        return document.task().startsWith(KIND);
    }

    /** The ensemble in a model file. @throws ModelFileException when there is none, or it is damaged */
    public static Ensemble from(ModelFile file) {
        var document = file.document();
        var options = document.architecture().options();
        if (!isOne(document) || !(options.get(WEIGHTS) instanceof List<?> weights)) {
            throw new ModelFileException("the model file holds no ensemble. Maybe it is a single model.");
        }
        try {
            return new Ensemble(
                    ModelBundle.members(file),
                    weights.stream()
                            .map(weight -> weight instanceof Number number ? number.doubleValue() : Double.NaN)
                            .toList(),
                    Rule.valueOf(String.valueOf(options.get(RULE))));
        } catch (IllegalArgumentException wrong) {
            throw new ModelFileException("the ensemble cannot be used: " + wrong.getMessage(), wrong);
        }
    }

    /** What its model file says. */
    public ModelDocument document() {
        var first = members.get(0).document();
        var architecture = new ModelDocument.Architecture("ensemble", Map.of(RULE, rule.name(), WEIGHTS, weights));
        return ModelDocument.of(KIND + first.task(), architecture, first.vocabulary())
                .activation(first.activation())
                .thresholds(thresholds());
    }

    /** The weighted means of the members' thresholds; half of the votes when they vote. */
    private List<Double> thresholds() {
        var first = members.get(0).document();
        if (first.thresholds().isEmpty() || rule == Rule.VOTE) {
            return first.isMultiLabel() ? List.of(0.5) : List.of();
        }
        double sum = weights.stream().mapToDouble(Double::doubleValue).sum();
        double[] mean = new double[first.vocabulary().size()];
        for (int i = 0; i < members.size(); i++) {
            var document = members.get(i).document();
            for (int c = 0; c < mean.length; c++) {
                mean[c] += weights.get(i)
                        / sum
                        * threshold(document, first.vocabulary().get(c));
            }
        }
        return Arrays.stream(mean).boxed().toList();
    }

    static double threshold(ModelDocument document, String name) {
        var thresholds = document.thresholds();
        return thresholds.isEmpty()
                ? 0.5
                : thresholds.get(
                        thresholds.size() == 1 ? 0 : document.vocabulary().indexOf(name));
    }

    /** Writes the whole ensemble into one model file. @throws ModelFileException when that is impossible */
    public ModelDocument save(Path file) {
        return ModelBundle.save(file, document(), members);
    }

    /** A predictor by these models, without a file; close it. */
    public Predictor predictor() {
        return Predictor.of(Tasks.of(this, Engines.usual()));
    }
}
