package espalier.app;

import espalier.rng.Rng;
import espalier.text.EasyAugmentation;
import espalier.text.LabelledTexts;
import espalier.text.LinearFit;
import espalier.text.LinearLearner;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * N-grams and logistic regression: the default for texts.
 *
 * @param learner what is trained
 * @param augmentation makes four changed copies of each training text; empty: none
 */
public record LinearTexts(LinearLearner learner, Optional<EasyAugmentation> augmentation) implements TextTrainer {
    /** The model's name in its file and on the command line. */
    public static final String MODEL = "linear";

    private static final int COPIES = 4;

    /** Trained on the texts as they are. */
    public static LinearTexts of(LinearLearner learner) {
        return new LinearTexts(learner, Optional.empty());
    }

    /** The same with changed copies of the training texts, or without. */
    public LinearTexts augmentation(Optional<EasyAugmentation> augmentation) {
        return new LinearTexts(learner, augmentation);
    }

    @Override
    public String model() {
        return MODEL;
    }

    @Override
    public boolean seesValidation() {
        return learner.refit();
    }

    @Override
    public Map<String, String> options() {
        Map<String, String> options = new LinkedHashMap<>();
        augmentation.ifPresent(eda -> options.put("--augment", String.valueOf(eda.alpha())));
        return options;
    }

    @Override
    public Trained train(LabelledTexts.Parts parts, Run run) {
        var valid = parts.valid().size() > 0 ? Optional.of(parts.valid()) : Optional.<LabelledTexts>empty();
        if (augmentation.isPresent() && valid.isEmpty()) {
            throw new IllegalArgumentException(
                    "changed copies of texts need texts for validation without copies, but there"
                            + " are none: cross-validation would judge by copies of what it was fitted to. Maybe keep a fifth for it.");
        }
        var texts = augmentation
                .map(eda -> parts.train().augmented(eda, COPIES, Rng.of(run.seed())))
                .orElse(parts.train());
        var fit = learner.fit(texts, valid, run.progress());
        return new Fitted(fit, parts);
    }

    private record Fitted(LinearFit fit, LabelledTexts.Parts parts) implements Trained {
        @Override
        public TextReport.Training training() {
            return new TextReport.Regression(fit.classifier().features().size(), fit.c(), fit.trials());
        }

        @Override
        public Judged valid() {
            var judged = parts.valid().size() > 0 ? parts.valid() : parts.train();
            return new Judged(judged, fit.validProbabilities());
        }

        @Override
        public float[][] test() {
            return parts.test().texts().parallelStream()
                    .map(fit.classifier()::probabilities)
                    .toArray(float[][]::new);
        }

        @Override
        public void export(Path out, Map<String, Double> metrics, Map<String, Object> details) {
            fit.classifier().export(out, new LinkedHashMap<>(metrics), details);
        }

        /** Nothing to free. */
        @Override
        public void close() {}
    }
}
