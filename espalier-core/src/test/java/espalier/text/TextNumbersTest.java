package espalier.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import espalier.metric.Metrics;
import espalier.optim.Rates;
import espalier.predict.Predictor;
import espalier.report.DataException;
import espalier.testing.NoLeaks;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NoLeaks.class)
class TextNumbersTest {
    private static final List<String> WORDS = List.of("awful", "bad", "fair", "good", "great");

    @TempDir
    Path folder;

    /** The word says the stars, from 1 to 5; the price is 1,000 for each star, less 100 for a used thing. */
    private static LabelledTexts reviews(int count) {
        List<String> texts = new ArrayList<>();
        float[][] values = new float[count][];
        for (int i = 0; i < count; i++) {
            boolean used = i % 2 == 0;
            texts.add("a " + (used ? "used" : "new") + " " + WORDS.get(i % 5) + " thing " + i);
            values[i] = new float[] {i % 5 + 1, 1_000 * (i % 5 + 1) - (used ? 100 : 0)};
        }
        return LabelledTexts.quantities(List.of("stars", "price"), texts, values);
    }

    @Test
    void ridge_isTheMinimum_ofSquaredErrorsWithItsPenalty() {
        double c = 3;
        var texts = reviews(60);
        var targets = (TextTargets.Numbers) texts.targets();
        var x = TfIdf.of(NGrams.words(1, 1)).fit(texts.texts()).transform(texts.texts());
        float[] weights = new float[60];
        Arrays.fill(weights, 1);
        var model = LogisticRegression.of()
                .c(c)
                .tolerance(1e-9)
                .fit(x, targets, weights, Optional.empty())
                .model();
        // (X w + b - z)' X + w / C = 0 and sum(X w + b - z) = 0, where z are the standardised values: scikit-learn's
        // Ridge(1 / C)
        for (int k = 0; k < 2; k++) {
            double[] slopes = new double[x.columns()];
            double sum = 0;
            for (int i = 0; i < 60; i++) {
                double z = (targets.values()[i][k] - targets.mean()[k]) / targets.std()[k];
                double error = model.scores(x.row(i))[k] - z;
                sum += error;
                for (int j = 0; j < x.row(i).columns().length; j++) {
                    slopes[x.row(i).columns()[j]] += error * x.row(i).values()[j];
                }
            }
            assertThat(sum).isCloseTo(0, within(1e-5));
            for (int j = 0; j < slopes.length; j++) {
                assertThat(slopes[j] + model.weight(j, k) / c).isCloseTo(0, within(1e-5));
            }
        }
    }

    @Test
    void linear_saysQuantitiesInTheirOwnUnits_alsoFromAFile() {
        var parts = reviews(200).split(1, 0.2, 0.2);
        var fit = LinearLearner.standard().fit(parts.train(), parts.valid());
        assertThat(fit.trials()).allMatch(trial -> Double.isNaN(trial.accuracy()));
        assertThat(fit.trials().stream()
                        .mapToDouble(LinearFit.Trial::loss)
                        .min()
                        .orElseThrow())
                .isLessThan(0.05);
        for (int i = 0; i < parts.test().size(); i++) {
            float[] said = fit.classifier().probabilities(parts.test().texts().get(i));
            assertThat(said[0])
                    .isCloseTo(Float.parseFloat(parts.test().labels(i).get(0)), within(0.7f));
            assertThat(said[1])
                    .isCloseTo(Float.parseFloat(parts.test().labels(i).get(1)), within(700f));
        }
        Path file = folder.resolve("linear.safetensors");
        fit.classifier().export(file);
        try (var model = Predictor.load(file)) {
            var said = model.predictText("a new great thing").values();
            assertThat(said.keySet()).containsExactly("stars", "price");
            assertThat(said.get("price")).isCloseTo(5_000, within(700.0));
            assertThat(said.get("price").floatValue())
                    .as("as before it was saved")
                    .isCloseTo(fit.classifier().probabilities("a new great thing")[1], within(0.5f));
            var telling = ((TextTask) model.task()).model().explain("a new great thing", 0, 3);
            assertThat(telling.get(0).ngram()).contains("great");
        }
    }

    @Test
    void networks_learnQuantities_andAreReadFromAFile() {
        var parts = reviews(200).split(1, 0.2, 0.2);
        var field = TextLoaders.field(Field.text(), parts.train(), 300, 1);
        for (var architecture : List.of(
                TextArchitecture.bag().embedding(16), TextArchitecture.gru().embedding(16))) {
            var loaders = TextLoaders.of(parts, field).batchSize(16).loaders();
            Path file = folder.resolve(architecture.name() + ".safetensors");
            float[][] said;
            try (var learner = TextLearner.of(loaders, architecture).metrics(Metrics.mae())) {
                learner.fitOneCycle(12, Rates.of(2e-2));
                said = TextLoaders.probabilities(learner, learner.loaders().test());
                learner.export(file);
            }
            try (var model = Predictor.load(file)) {
                for (int i = 0; i < said.length; i++) {
                    var values = model.predictText(parts.test().texts().get(i)).values();
                    assertThat(values.get("price").floatValue()).isCloseTo(said[i][1], within(0.05f));
                    assertThat(said[i][1])
                            .as(
                                    "%s: %s",
                                    architecture.name(), parts.test().texts().get(i))
                            .isCloseTo(Float.parseFloat(parts.test().labels(i).get(1)), within(900f));
                }
            }
        }
    }

    @Test
    void oneValueForAll_isRefused() {
        assertThatThrownBy(() ->
                        LabelledTexts.quantities(List.of("stars"), List.of("a", "b"), new float[][] {{3}, {3}}))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("all texts have the same stars, 3.0");
    }
}
