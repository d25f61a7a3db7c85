package espalier.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import espalier.report.DataException;
import espalier.rng.Rng;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EasyAugmentationTest {
    private static final Synonyms SYNONYMS = Synonyms.of(
            List.of(List.of("happy", "glad", "cheerful"), List.of("car", "motor car"), List.of("heureux", "joyeux")));
    private static final List<String> WORDS = List.of("a", "happy", "man", "in", "a", "happy", "car");

    @TempDir
    Path folder;

    private static List<String> sorted(List<String> words) {
        return words.stream().sorted().toList();
    }

    @Test
    void randomSwap_keepsTheWordsAndExchangesPairs() {
        Set<List<String>> seen = new HashSet<>();
        for (int seed = 0; seed < 50; seed++) {
            var swapped = EasyAugmentation.randomSwap(List.of("one", "two", "three"), 1, Rng.of(seed));
            assertThat(sorted(swapped)).containsExactly("one", "three", "two");
            seen.add(swapped);
        }
        assertThat(seen)
                .contains(List.of("two", "one", "three"), List.of("three", "two", "one"))
                .hasSizeLessThanOrEqualTo(4);
        assertThat(EasyAugmentation.randomSwap(List.of("alone"), 5, Rng.of(1))).containsExactly("alone");
        assertThat(EasyAugmentation.randomSwap(List.of(), 5, Rng.of(1))).isEmpty();
    }

    @Test
    void randomDeletion_keepsEachWordWithItsProbabilityAndAtLeastOne() {
        List<String> many = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            many.add("w" + i);
        }
        var kept = EasyAugmentation.randomDeletion(many, 0.3, Rng.of(1));
        assertThat(kept.size()).isBetween(6_800, 7_200);
        assertThat(many).containsSubsequence(kept);
        assertThat(EasyAugmentation.randomDeletion(WORDS, 0.999_999, Rng.of(1))).hasSize(1);
        assertThat(EasyAugmentation.randomDeletion(List.of("alone"), 0.9, Rng.of(1)))
                .containsExactly("alone");
        assertThat(EasyAugmentation.randomDeletion(List.of(), 0.9, Rng.of(1))).isEmpty();
    }

    @Test
    void randomInsertion_addsSynonymsOfItsWords() {
        for (int seed = 0; seed < 20; seed++) {
            var longer = EasyAugmentation.randomInsertion(WORDS, 2, SYNONYMS, Rng.of(seed));
            assertThat(longer).hasSize(9).containsSubsequence(WORDS);
            var added = new ArrayList<>(longer);
            WORDS.forEach(added::remove);
            assertThat(added)
                    .hasSize(2)
                    .allMatch(word -> List.of("happy", "glad", "cheerful", "motor car", "car")
                            .contains(word));
        }
        assertThat(EasyAugmentation.randomInsertion(List.of("no", "such"), 3, SYNONYMS, Rng.of(1)))
                .containsExactly("no", "such");
    }

    @Test
    void synonymReplacement_replacesAWordWhereverItStands() {
        Set<String> seen = new HashSet<>();
        for (int seed = 0; seed < 30; seed++) {
            var changed = EasyAugmentation.synonymReplacement(WORDS, 1, SYNONYMS, Rng.of(seed));
            assertThat(changed).hasSize(7);
            assertThat(changed.get(1)).isEqualTo(changed.get(5));
            boolean happy = changed.get(1).equals("happy");
            assertThat(changed.get(6)).isEqualTo(happy ? "motor car" : "car");
            seen.add(changed.get(1));
        }
        assertThat(seen).containsExactlyInAnyOrder("happy", "glad", "cheerful");
        assertThat(EasyAugmentation.synonymReplacement(WORDS, 9, SYNONYMS, Rng.of(1)))
                .doesNotContain("happy")
                .contains("motor car");
    }

    @Test
    void replacement_keepsTheCase() {
        var eda = EasyAugmentation.of(Synonyms.of(List.of(List.of("happy", "glad"))));
        var copies = new ArrayList<String>();
        for (int seed = 0; seed < 20; seed++) {
            copies.addAll(eda.augment("\"Happy, HAPPY day!\"", 1, Rng.of(seed)));
        }
        assertThat(copies).isNotEmpty().containsOnly("\"Glad, GLAD day!\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "I love it, really! 😍",
                "L'été dernier, j'étais très heureux à Évry…",
                "我爱北京天安门。",
                "مرحبا بالعالم",
                "@you see https://example.org/a?b=c #tag :-)",
                "👨‍👩‍👧 👍🏽 🇩🇪",
                "one",
                "",
                "  ",
                "...",
                "\ud83d",
                "a\u0000b c"
            })
    void augment_survivesEveryScript(String text) {
        var eda = EasyAugmentation.of(SYNONYMS).alpha(0.4);
        for (int seed = 0; seed < 20; seed++) {
            for (String copy : eda.augment(text, 6, Rng.of(seed))) {
                assertThat(copy).isNotBlank().isNotEqualTo(text);
                var known = new HashSet<>(Arrays.asList((text + "happygladcheerfulmotorcarheureuxjoyeux").split("")));
                known.add(" ");
                assertThat(copy.split("")).allMatch(known::contains);
            }
            assertThat(eda.augment(text, 6, Rng.of(seed))).isEqualTo(eda.augment(text, 6, Rng.of(seed)));
        }
    }

    @Test
    void augment_leavesPunctuationAndScriptsAlone() {
        var eda = EasyAugmentation.of(Synonyms.none()).alpha(0.5);
        for (int seed = 0; seed < 20; seed++) {
            for (String copy : eda.augment("我爱北京。", 4, Rng.of(seed))) {
                assertThat(copy).doesNotContain(" ").endsWith("。");
            }
            for (String copy : eda.augment("see https://example.org/a?b=c now", 4, Rng.of(seed))) {
                assertThat(copy.split(" "))
                        .allMatch(word -> List.of("see", "https://example.org/a?b=c", "now")
                                .contains(word));
            }
        }
        assertThat(eda.augment("one two three four", 4, Rng.of(3))).hasSizeBetween(2, 4);
    }

    @Test
    void transform_changesTrainingTextsAlone() {
        var eda = EasyAugmentation.of(SYNONYMS).alpha(0.5);
        var tokens = List.of("a", "happy", "man", ",", "in", "a", "car", "!");
        assertThat(eda.apply(tokens, false, Rng.of(1))).isEqualTo(tokens);
        int changed = 0;
        for (int seed = 0; seed < 200; seed++) {
            var after = eda.apply(tokens, true, Rng.of(seed));
            changed += after.equals(tokens) ? 0 : 1;
            assertThat(after)
                    .isNotEmpty()
                    .noneMatch(token -> token.contains(" ") || token.isEmpty())
                    .endsWith("!");
        }
        assertThat(changed).isBetween(60, 110);
        assertThat(eda.apply(List.of(), true, Rng.of(1))).isEmpty();
        assertThat(eda.apply(List.of("!"), true, Rng.of(1))).containsExactly("!");
    }

    @Test
    void synonyms_areReadFromAnyListOfGroups() throws Exception {
        var file = Files.writeString(
                folder.resolve("words.txt"),
                "# remark\nhappy; glad ;cheerful\n\nCar,motor car\nfroh\tglücklich\nalone\n");
        var synonyms = Synonyms.load(file);
        assertThat(synonyms.of("Happy")).containsExactly("glad", "cheerful");
        assertThat(synonyms.of("glad")).containsExactly("happy", "cheerful");
        assertThat(synonyms.of("car")).containsExactly("motor car");
        assertThat(synonyms.of("GLÜCKLICH")).containsExactly("froh");
        assertThat(synonyms.of("alone")).isEmpty();
        assertThatThrownBy(() -> Synonyms.load(folder.resolve("none")))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("there is no such file");
        assertThatThrownBy(() -> Synonyms.load(Files.writeString(folder.resolve("empty.txt"), "one\n")))
                .hasMessageContaining("no line with two words");
        assertThatThrownBy(() ->
                        Synonyms.load(Files.write(folder.resolve("latin.txt"), new byte[] {'a', ';', (byte) 0xe9})))
                .hasMessageContaining("not UTF-8");
    }

    @Test
    void augmented_keepsTheClassOfEachCopy() {
        var texts =
                LabelledTexts.of(List.of("one two three four", "six seven eight nine", "."), List.of("a", "b", "b"));
        var more = texts.augmented(EasyAugmentation.of(Synonyms.none()), 4, Rng.of(1));
        assertThat(more.size()).isBetween(7, 11);
        assertThat(more.texts())
                .startsWith("one two three four", "six seven eight nine", ".")
                .doesNotHaveDuplicates();
        for (int i = 0; i < more.size(); i++) {
            boolean first = more.texts().get(i).matches(".*(one|two|three|four).*");
            assertThat(more.targets().labels(i)).containsExactly(first ? 0 : 1);
        }
    }

    @Test
    void shares_areChecked() {
        assertThatThrownBy(() -> EasyAugmentation.of(SYNONYMS).alpha(10)).hasMessageContaining("0.1 is a tenth");
    }
}
