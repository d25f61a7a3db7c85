package espalier.data;

import static org.assertj.core.api.Assertions.assertThat;

import espalier.data.Splits.Part;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tables that people really had trouble with, beside pictures of the names that they say. */
@Tag("real")
class SharedTablesTest {
    @TempDir
    private Path root;

    private TableSource table(String name) throws IOException {
        for (int i = 0; i < 20; i++) {
            Path folder = Files.createDirectories(root.resolve(name.startsWith("paths") ? "images" : "."));
            Files.write(
                    folder.resolve("%04d.%s".formatted(i, name.startsWith("tags-pipe") ? "png" : "jpg")), new byte[1]);
        }
        Path csv = Path.of(System.getProperty("espalier.shared"), "cases", name);
        return Source.table(Files.copy(csv, root.resolve(name)));
    }

    private static String labels(Source.Found found) {
        return found.examples().stream()
                .limit(2)
                .map(one -> String.join("+", one.labels()))
                .collect(Collectors.joining(" "));
    }

    @ParameterizedTest
    @CsvSource({
        "columns-id-image-class.csv, dog cat",
        "columns-index.csv, dog cat",
        "columns-label-first.csv, dog cat",
        "is-valid-float.csv, dog cat",
        "onehot.csv, healthy multiple_diseases",
        "paths-dot.csv, dog cat",
        "semicolon-latin1.csv, B\u00e4r Fuchs"
    })
    void table_isRead(String name, String labels) throws IOException {
        var found = table(name).read(root);
        assertThat(labels(found)).isEqualTo(labels);
        assertThat(found.leftOut()).isEmpty();
    }

    @Test
    void isValidAsAFloat_isValidation() throws IOException {
        assertThat(table("is-valid-float.csv").read(root).examples())
                .extracting(one -> one.part().orElseThrow())
                .containsExactly(Part.TRAIN, Part.VALID);
    }

    @ParameterizedTest
    @CsvSource({"tags-pipe.csv, |, Cardiomegaly; Effusion; No Finding", "tags-comma.csv, ',', a; b; c"})
    void tags_areCutAtTheDelimiter_andWithoutItWarnedOf(String name, String delimiter, String tags) throws IOException {
        var source = table(name);
        assertThat(source.read(root).warnings()).singleElement().asString().contains("labels hold '" + delimiter + "'");
        var found = new TreeSet<String>();
        source.tags(delimiter).read(root).examples().forEach(one -> found.addAll(one.labels()));
        assertThat(found).containsExactlyElementsOf(List.of(tags.split("; ")));
    }
}
