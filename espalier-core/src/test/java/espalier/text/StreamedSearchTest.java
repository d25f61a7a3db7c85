package espalier.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import espalier.report.Progress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One pass over texts whose features are made as they are needed. */
class StreamedSearchTest {
    @Test
    void onePass_isAsGoodAsTheSearchInMemory() {
        var parts = LinearLearnerTest.made(1_500, 5).split(1, 0.3, 0);
        var learner = LinearLearner.standard();
        var streamed = new StreamedSearch(learner, parts.train(), parts.valid(), Progress.NONE).run();
        var inMemory = learner.fit(parts.train(), parts.valid());
        double best = inMemory.trials().stream()
                .mapToDouble(LinearFit.Trial::accuracy)
                .max()
                .orElseThrow();
        var own = streamed.trials().stream()
                .filter(trial -> trial.c() == streamed.c())
                .findFirst()
                .orElseThrow();
        assertThat(own.accuracy()).isCloseTo(best, within(0.03)).isGreaterThan(0.8);
        assertThat(streamed.trials()).hasSameSizeAs(learner.strengths());
        assertThat(streamed.validProbabilities()).hasDimensions(parts.valid().size(), 2);
        assertThat(streamed.classifier().label("a great sunny day")).isEqualTo("good");
        assertThat(streamed.classifier().label("a terrible rainy day")).isEqualTo("bad");
    }

    @Test
    void onePass_givesTheSameTwice() {
        var parts = LinearLearnerTest.made(300, 5).split(1, 0.3, 0);
        var learner = LinearLearner.standard().strengths(1.0, 10.0);
        var once = new StreamedSearch(learner, parts.train(), parts.valid(), Progress.NONE).run();
        var twice = new StreamedSearch(learner, parts.train(), parts.valid(), Progress.NONE).run();
        assertThat(twice.classifier().probabilities("a happy day"))
                .containsExactly(once.classifier().probabilities("a happy day"));
        assertThat(twice.validProbabilities()).isDeepEqualTo(once.validProbabilities());
    }

    @Test
    void onePass_learnsTags() {
        List<String> texts = new ArrayList<>();
        List<List<String>> tags = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            boolean cat = i % 2 == 0;
            boolean red = i % 3 == 0;
            texts.add("a " + (red ? "red " : "green ") + (cat ? "cat" : "dog"));
            tags.add(red ? List.of(cat ? "cat" : "dog", "red") : List.of(cat ? "cat" : "dog"));
        }
        var parts = LabelledTexts.tags(texts, tags).split(1, 0.2, 0);
        var fit = new StreamedSearch(LinearLearner.standard(), parts.train(), parts.valid(), Progress.NONE).run();
        float[] redCat = fit.classifier().probabilities("a red cat");
        assertThat(redCat[0]).isGreaterThan(0.9f);
        assertThat(redCat[1]).isLessThan(0.1f);
        assertThat(redCat[2]).isGreaterThan(0.9f);
    }

    @Test
    void aHeavyStrengthHoldsWeightsBack() {
        var parts = LinearLearnerTest.made(500, 5).split(1, 0.3, 0);
        var loose = weights(100, parts);
        var tight = weights(0.01, parts);
        assertThat(tight).isLessThan(loose / 10);
    }

    private static double weights(double c, LabelledTexts.Parts parts) {
        var learner = LinearLearner.standard().strengths(c);
        var model = new StreamedSearch(learner, parts.train(), parts.valid(), Progress.NONE)
                .run()
                .classifier()
                .model();
        double sum = 0;
        for (int i = 0; i < model.features(); i++) {
            sum += Math.abs(model.weight(i, 0));
        }
        return sum;
    }

    @Test
    void bytes_growWithTheNumberOfTextsAndTheirLength() {
        var features = TfIdf.standard();
        long one = features.bytes(List.of("hello there"));
        assertThat(one).isGreaterThan(500);
        assertThat(features.bytes(List.of("hello there", "hello there"))).isEqualTo(2 * one);
        assertThat(features.bytes(List.of())).isZero();
    }
}
