package espalier.text;

import static espalier.testing.TensorAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import espalier.data.Table;
import espalier.format.DType;
import espalier.report.DataException;
import espalier.testing.NoLeaks;
import espalier.testing.plain.Golden;
import espalier.text.TabularDataset.FieldColumn;
import espalier.token.Tokenizers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fields against torchtext, see {@code tools/golden/make_fields.py}. */
@ExtendWith(NoLeaks.class)
class FieldTest {
    private static final Golden GOLDEN = Golden.load("text/fields");
    private static final List<String> TEXTS = GOLDEN.stringsAt("/texts");
    private static final Map<String, Field> FIELDS = Map.of(
            "standard",
            Field.text(),
            "lower",
            Field.text().lower().stopWords(Set.of("the", "a")),
            "marked",
            Field.text().initToken("<sos>").eosToken("<eos>").batchFirst().includeLengths(),
            "fixed",
            Field.text().fixLength(4).batchFirst().initToken("<sos>").includeLengths(),
            "truncate_first",
            Field.text().fixLength(3).truncateFirst().batchFirst(),
            "pad_first",
            Field.text().padFirst().eosToken("<eos>").includeLengths().batchFirst(),
            "tokens",
            Field.text()
                    .padToken("[PAD]")
                    .unkToken("[UNK]")
                    .tokenize(Tokenizers.regex("(?s)."))
                    .fixLength(6));

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"standard", "lower", "marked", "fixed", "truncate_first", "pad_first", "tokens"})
    void process_equalsTorchtext(String name) {
        var field = FIELDS.get(name);
        var rows = TEXTS.stream().map(field::preprocess).toList();
        for (int i = 0; i < rows.size(); i++) {
            assertThat(rows.get(i)).isEqualTo(GOLDEN.stringsAt("/" + name + "/tokens/" + i));
        }
        var known = field.buildVocabulary(rows);
        assertThat(known.vocabulary().orElseThrow().itos()).isEqualTo(GOLDEN.stringsAt("/" + name + "/itos"));
        var more = name.equals("tokens")
                ? Stream.<List<String>>of()
                : GOLDEN.stringsAt("/more").stream().map(field::preprocess);
        var batch = known.process(Stream.concat(rows.stream(), more).toList());
        assertThat(batch.values()).hasShape(GOLDEN.shape(name + "/batch"));
        assertThat(batch.values().toLongArray()).isEqualTo(GOLDEN.longs(name + "/batch"));
        assertThat(batch.lengths().isPresent()).isEqualTo(GOLDEN.has(name + "/lengths"));
        batch.lengths()
                .ifPresent(lengths -> assertThat(lengths.toLongArray()).isEqualTo(GOLDEN.longs(name + "/lengths")));
    }

    @Test
    void buildVocabulary_followsTorchtextsOrder() {
        var field = Field.text().lower();
        var rows = TEXTS.stream().map(field::preprocess).toList();
        assertThat(itos(field.buildVocabulary(rows))).isEqualTo(GOLDEN.stringsAt("/vocabulary_all"));
        assertThat(itos(field.buildVocabulary(rows, 3, 1))).isEqualTo(GOLDEN.stringsAt("/vocabulary_limited"));
        assertThat(itos(field.buildVocabulary(rows, Integer.MAX_VALUE, 2)))
                .isEqualTo(GOLDEN.stringsAt("/vocabulary_frequent"));
        assertThat(itos(field.buildVocabulary(rows, Integer.MAX_VALUE, 1, "xxbos")))
                .isEqualTo(GOLDEN.stringsAt("/vocabulary_special"));
    }

    private static List<String> itos(Field field) {
        return field.vocabulary().orElseThrow().itos();
    }

    @Test
    void label_knowsItsNamesAlone() {
        var labels = GOLDEN.stringsAt("/labels").stream()
                .map(Field.label()::preprocess)
                .toList();
        var field = Field.label().buildVocabulary(labels);
        assertThat(itos(field)).isEqualTo(GOLDEN.stringsAt("/label"));
        assertThat(field.process(labels).values()).hasShape(6);
        assertThat(field.process(labels).values().toLongArray()).isEqualTo(GOLDEN.longs("label/batch"));
        assertThatThrownBy(() -> field.process(List.of(List.of("neutral"))))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("does not know neutral");
    }

    @Test
    void noVocabulary_readsNumbers() {
        var number = Field.label().noVocabulary().dtype(DType.FLOAT32);
        assertThat(number.process(List.of(List.of("1.5"), List.of("-2"))).values())
                .isCloseTo(GOLDEN.doubles("number/batch"), 0);
        var numbers = Field.text().noVocabulary().padToken("0").batchFirst();
        var rows = Stream.of("7 8 9", "5").map(numbers::preprocess).toList();
        assertThat(numbers.process(rows).values().toLongArray()).isEqualTo(GOLDEN.longs("numbers/batch"));
        assertThatThrownBy(() -> numbers.process(List.of(List.of("seven"))))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("one is seven");
    }

    @Test
    void pipelines_changeTokensAndNumbers() {
        var field = Field.text()
                .batchFirst()
                .preprocessing(
                        tokens -> tokens.stream().map(token -> token + "!").toList())
                .postprocessing(rows -> new long[][] {{rows[0][0] + 10}});
        var rows = List.of(field.preprocess("hi"));
        assertThat(rows).containsExactly(List.of("hi!"));
        assertThat(field.buildVocabulary(rows).process(rows).values().toLongArray())
                .containsExactly(12);
        assertThat(field.isPlain()).isFalse();
        assertThat(Field.text().isPlain()).isTrue();
    }

    @Test
    void fields_refuseWhatCannotBe() {
        assertThatThrownBy(() -> Field.text().initToken("a").eosToken("b").fixLength(2))
                .hasMessageContaining("at least 3, but got 2");
        assertThatThrownBy(() -> Field.text().process(List.of(List.of("a"))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Maybe call buildVocabulary");
    }

    @Test
    void tabularDataset_readsEachColumnByItsField() throws Exception {
        var csv = Files.writeString(
                folder.resolve("tweets.csv"), "4,\"I love it, really\",x\n0,Hate it,y\n0,,z\n0,too,many,cells,here\n");
        var field = Field.text().lower();
        var table = TabularDataset.of(
                Table.of(csv).header(false), List.of(FieldColumn.of("0", Field.label()), FieldColumn.of("1", field)));
        assertThat(table.size()).isEqualTo(2);
        assertThat(table.column("0")).containsExactly(List.of("4"), List.of("0"));
        assertThat(table.column("1")).containsExactly(List.of("i", "love", "it,", "really"), List.of("hate", "it"));
        assertThat(table.rejected()).extracting(Object::toString).anyMatch(row -> row.contains("line 3"));
        assertThatThrownBy(() -> table.column("2")).hasMessageContaining("was not read, only [0, 1]");
        assertThatThrownBy(() -> TabularDataset.of(Table.of(csv), List.of(FieldColumn.of("tweet", field))))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("no column tweet");
    }
}
