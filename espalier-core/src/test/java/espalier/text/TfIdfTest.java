package espalier.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import espalier.report.DataException;
import espalier.report.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TfIdfTest {
    private static void check(TfIdf options, String golden, List<String> texts) {
        var fitted = options.fit(TextGoldens.TEXTS);
        var rows = fitted.transform(texts);
        var expected = TextGoldens.rows("/tfidf/" + golden);
        assertThat(rows.rows()).isEqualTo(expected.size());
        for (int i = 0; i < expected.size(); i++) {
            checkRow(fitted, rows.row(i), expected.get(i));
        }
    }

    private static void checkRow(FittedTfIdf fitted, SparseRows.Row row, Map<String, Double> expected) {
        assertThat(row.columns()).isSorted();
        var names = IntStream.of(row.columns()).mapToObj(fitted::name).toList();
        assertThat(names).containsExactlyInAnyOrderElementsOf(expected.keySet());
        for (int j = 0; j < names.size(); j++) {
            assertThat((double) row.values()[j]).as(names.get(j)).isCloseTo(expected.get(names.get(j)), within(1e-6));
        }
    }

    private static List<String> parts(List<String> first, List<String> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }

    @Test
    void words_areWeightedAsByScikitLearn() {
        check(
                TfIdf.of(TextGoldens.words(1, 2)).minTexts(1),
                "words",
                parts(TextGoldens.TEXTS.subList(0, 4), TextGoldens.NEW));
    }

    @Test
    void characters_areWeightedAsByScikitLearn() {
        check(
                TfIdf.of(NGrams.characters(2, 5)).minTexts(2),
                "characters",
                parts(TextGoldens.TEXTS.subList(0, 2), TextGoldens.NEW));
    }

    @Test
    void linear_takesFrequenciesAndCapitalsAsTheyAre() {
        check(
                TfIdf.of(TextGoldens.words(1, 2)).minTexts(1).linear().keepCase(),
                "linear",
                parts(TextGoldens.TEXTS.subList(6, 8), TextGoldens.NEW));
    }

    @Test
    void kinds_haveTheLengthOneEach() {
        var words = TfIdf.of(NGrams.words(1, 2)).fit(TextGoldens.TEXTS);
        var both = TfIdf.standard().fit(TextGoldens.TEXTS);
        String text = TextGoldens.TEXTS.get(0);
        var alone = words.transform(text);
        var together = both.transform(text);
        int n = alone.columns().length;
        assertThat(together.columns()).startsWith(alone.columns());
        assertThat(together.columns()[n]).isGreaterThanOrEqualTo(words.size());
        double squares = 0;
        for (float value : together.values()) {
            squares += value * value;
        }
        assertThat(squares).isCloseTo(2, within(1e-5));
    }

    @Test
    void maxFeatures_keepsTheMostFrequent() {
        var few = TfIdf.of(NGrams.words(1, 1)).maxFeatures(1).fit(TextGoldens.TEXTS);
        assertThat(IntStream.range(0, few.size()).mapToObj(few::name)).containsExactly("film");
    }

    @Test
    void columns_doNotDependOnTheOrderOfTexts() {
        var reversed = new ArrayList<>(TextGoldens.TEXTS);
        java.util.Collections.reverse(reversed);
        var one = TfIdf.standard().fit(TextGoldens.TEXTS);
        var other = TfIdf.standard().fit(reversed);
        assertThat(other.size()).isEqualTo(one.size());
        assertThat(IntStream.range(0, one.size()).mapToObj(other::name))
                .containsExactlyElementsOf(
                        IntStream.range(0, one.size()).mapToObj(one::name).toList());
    }

    @Test
    void C08_fit_streamsTextsInBoundedMemory() {
        int[] held = {0};
        int n = 30_000;
        Iterable<String> texts = () -> IntStream.range(0, n)
                .mapToObj(i -> {
                    held[0]++;
                    return "text number " + i + " of many " + new Random(i).nextInt(50);
                })
                .iterator();
        int most = 4_000;
        long[] told = {0};
        var fitted = TfIdf.of(NGrams.words(1, 2)).fit(texts, most, (done, total, message) -> told[0] = done);
        assertThat(told[0]).isEqualTo(n);
        assertThat(held[0]).as("passes").isLessThanOrEqualTo(2 * n);
        assertThat(fitted.size()).isLessThanOrEqualTo(most);
        var names = IntStream.range(0, fitted.size()).mapToObj(fitted::name).toList();
        assertThat(names).contains("text", "text number", "of many", "many", "17", "many 17");
        var idf = fitted.tables().get(0).idf();
        assertThat(idf[names.indexOf("text")]).isCloseTo(1, within(1e-6f));
    }

    @Test
    void C12_fit_forgetsRareNGramsAndKeepsTheFrequentOnesExact() {
        var texts = IntStream.range(0, 20_000)
                .mapToObj(i -> (i % 4 == 0 ? "often " : "") + "rare" + i)
                .toList();
        var bounded = TfIdf.of(NGrams.words(1, 1)).minTexts(1).fit(texts, 1_600, Progress.NONE);
        assertThat(bounded.size()).isLessThanOrEqualTo(1_600);
        assertThat(bounded.name(0)).isEqualTo("often");
        assertThat((double) bounded.tables().get(0).idf()[0]).isCloseTo(Math.log(20_001.0 / 5_001) + 1, within(1e-5));
    }

    @Test
    void C10_transform_givesNothingForTextsWithoutKnownNGrams() {
        var fitted = TfIdf.standard().fit(TextGoldens.TEXTS);
        for (String text : List.of("", "   ", "\ud83d", "ζζζζ", "\u0000")) {
            assertThat(fitted.transform(text).columns()).isEmpty();
        }
        assertThat(fitted.transform("film ".repeat(200_000)).columns()).isNotEmpty();
    }

    @Test
    void minTexts_isTwoUnlessThereAreFewTexts() {
        var few = IntStream.range(0, 199).mapToObj(i -> "common t" + i).toList();
        assertThat(TfIdf.of(NGrams.words(1, 1)).fit(few).size()).isEqualTo(200);
        var enough = IntStream.range(0, 200).mapToObj(i -> "common t" + i).toList();
        assertThat(TfIdf.of(NGrams.words(1, 1)).fit(enough).size()).isEqualTo(1);
    }

    @Test
    void fit_saysThatNothingOccursTwice() {
        assertThatThrownBy(() -> TfIdf.of(NGrams.words(1, 1)).minTexts(2).fit(List.of("a", "b", "c")))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("no n-gram occurs in as many of the 3 texts");
        assertThatThrownBy(() -> TfIdf.standard().fit(List.of())).isInstanceOf(DataException.class);
    }
}
