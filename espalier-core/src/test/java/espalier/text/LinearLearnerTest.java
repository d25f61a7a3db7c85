package espalier.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import espalier.report.DataException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LinearLearnerTest {
    private static final List<String> GOOD = List.of("love", "great", "sunny", "happy", "wonderful");
    private static final List<String> BAD = List.of("hate", "awful", "rainy", "sad", "terrible");
    private static final List<String> ANY = List.of("the", "day", "film", "bus", "today", "weather", "it", "is");

    /** Texts of four words, one of which tells the class, now and then of the wrong one. */
    static LabelledTexts made(int n, long seed) {
        var random = new Random(seed);
        List<String> texts = new ArrayList<>();
        List<String> labels = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            boolean good = i % 2 == 0;
            boolean wrong = random.nextInt(20) == 0;
            var telling = good == wrong ? BAD : GOOD;
            texts.add(any(random) + " " + telling.get(random.nextInt(5)) + " " + any(random) + " " + any(random));
            labels.add(good ? "good" : "bad");
        }
        return LabelledTexts.of(texts, labels);
    }

    private static String any(Random random) {
        return ANY.get(random.nextInt(ANY.size()));
    }

    private static double accuracy(TextClassifier classifier, LabelledTexts texts) {
        return IntStream.range(0, texts.size())
                        .filter(i -> classifier
                                .label(texts.texts().get(i))
                                .equals(texts.classes().get(texts.targets().labels(i)[0])))
                        .count()
                / (double) texts.size();
    }

    @Test
    void fit_learnsWithAValidationSet() {
        var fit = LinearLearner.standard().fit(made(200, 1), made(60, 2));
        assertThat(accuracy(fit.classifier(), made(200, 3))).isGreaterThan(0.9);
        assertThat(fit.trials())
                .extracting(LinearFit.Trial::c)
                .contains(fit.c())
                .isSorted();
        assertThat(fit.validProbabilities()).hasDimensions(60, 2);
        var best =
                fit.trials().stream().mapToDouble(LinearFit.Trial::loss).min().orElseThrow();
        assertThat(fit.trials().stream()
                        .filter(trial -> trial.c() == fit.c())
                        .findFirst()
                        .orElseThrow()
                        .loss())
                .isEqualTo(best);
    }

    @Test
    void fit_learnsByCrossValidation() {
        var texts = made(200, 4);
        var fit = LinearLearner.standard().fit(texts);
        assertThat(fit.validProbabilities()).hasDimensions(200, 2);
        assertThat(accuracy(fit.classifier(), made(200, 5))).isGreaterThan(0.9);
    }

    @Test
    void refit_isLeftOutWhenNotWanted() {
        var train = made(100, 6);
        var valid = LabelledTexts.of(List.of("zebra love", "zebra hate"), List.of("good", "bad"));
        var without = LinearLearner.standard().refit(false).fit(train, valid).classifier();
        var with = LinearLearner.standard().fit(train, valid).classifier();
        assertThat(names(without)).doesNotContain("zebra");
        assertThat(names(with)).contains("zebra");
    }

    private static List<String> names(TextClassifier classifier) {
        return IntStream.range(0, classifier.features().size())
                .mapToObj(classifier.features()::name)
                .toList();
    }

    @Test
    void strengths_oneIsTakenAsItIs() {
        assertThat(LinearLearner.standard()
                        .strengths(2.5)
                        .fit(made(60, 7), made(20, 8))
                        .c())
                .isEqualTo(2.5);
    }

    @Test
    void fit_isTheSameEachTime() {
        var one = LinearLearner.standard().fit(made(120, 9), made(40, 10)).classifier();
        var other = LinearLearner.standard().fit(made(120, 9), made(40, 10)).classifier();
        assertThat(one.model().parameters()).isEqualTo(other.model().parameters());
    }

    @Test
    void C06_tags_mayBeManyOrNone() {
        List<String> texts = new ArrayList<>();
        List<List<String>> tags = new ArrayList<>();
        for (int i = 0; i < 80; i++) {
            boolean sun = i % 2 == 0;
            boolean bus = i % 3 == 0;
            texts.add((sun ? "sun shines " : "") + (bus ? "bus drives " : "") + "and so on");
            tags.add(
                    sun && bus
                            ? List.of("sun", "bus", "sun")
                            : sun ? List.of("sun") : bus ? List.of("bus") : List.of());
        }
        var labelled = LabelledTexts.tags(texts, tags);
        assertThat(labelled.classes()).containsExactly("bus", "sun");
        var classifier = LinearLearner.standard().fit(labelled).classifier();
        assertThat(classifier.isMultiLabel()).isTrue();
        float[] both = classifier.probabilities("the sun shines on the bus that drives");
        assertThat(both[0]).isGreaterThan(0.5f);
        assertThat(both[1]).isGreaterThan(0.5f);
        float[] none = classifier.probabilities("and so on");
        assertThat(none[0]).isLessThan(0.5f);
        assertThat(none[1]).isLessThan(0.5f);
        assertThatThrownBy(() -> LinearLearner.standard().balanced(true).fit(labelled))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void balanced_raisesTheRareClass() {
        var all = made(300, 11);
        int[] few =
                IntStream.range(0, 300).filter(i -> i % 2 == 1 || i % 20 == 0).toArray();
        var skewed = all.select(few);
        var plain = LinearLearner.standard().strengths(1.0);
        int good = skewed.classes().indexOf("good");
        float usual = plain.fit(skewed, Optional.empty(), (a, b, c) -> {})
                .classifier()
                .probabilities("today")[good];
        float raised = plain.balanced(true).fit(skewed).classifier().probabilities("today")[good];
        assertThat(raised).isGreaterThan(usual + 0.1f);
    }

    @Test
    void explain_namesTheNGramsThatDecide() {
        var classifier = LinearLearner.standard()
                .features(TfIdf.of(NGrams.words(1, 1)))
                .fit(made(200, 12))
                .classifier();
        int good = classifier.classes().indexOf("good");
        int bad = 1 - good;
        assertThat(classifier.telling(good, 5))
                .extracting(TextClassifier.Telling::ngram)
                .hasSameElementsAs(GOOD);
        assertThat(classifier.telling(bad, 5))
                .extracting(TextClassifier.Telling::ngram)
                .hasSameElementsAs(BAD);
        var first = classifier.explain("I love this day", good, 1).get(0);
        assertThat(first.ngram()).isEqualTo("love");
        assertThat(first.weight()).isPositive();
        assertThat(classifier.explain("I love this day", bad, 1).get(0).weight())
                .isEqualTo(-first.weight());
        assertThat(classifier.explain("", good, 5)).isEmpty();
    }

    @Test
    void C05_of_needsTwoClasses() {
        assertThatThrownBy(() -> LabelledTexts.of(List.of("a", "b"), List.of("x", "x")))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("the labels are all x");
        assertThatThrownBy(() -> LabelledTexts.tags(List.of("a"), List.of(List.of())))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("no text has a tag");
    }
}
