package espalier.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import espalier.data.Splits.Part;
import espalier.report.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables whose columns nobody named, of the kinds that people publish. */
class ColumnGuessTest {
    @TempDir
    private Path root;

    @BeforeEach
    void pictures() throws IOException {
        for (int i = 0; i < 4; i++) {
            Files.write(root.resolve("000" + i + ".jpg"), new byte[1]);
        }
    }

    private Source.Found read(String text) throws IOException {
        return Source.table(Files.writeString(root.resolve("t.csv"), text)).read(root);
    }

    private static List<String> labels(Source.Found found) {
        return found.examples().stream()
                .map(one -> String.join("+", one.labels()))
                .toList();
    }

    private static String word(Source.Found found) {
        return String.join("\n", found.warnings());
    }

    @ParameterizedTest
    @CsvSource({
        "1, 0",
        "1.0, 0.0",
        "1.00, 0.00",
        "1e+00, 0e+00",
        "'1,0', '0,0'",
        "yes, no",
        "TRUE, FALSE",
        "x, ''",
        "1, ''",
        "1.0, nan",
        "1, -1"
    })
    void oneHot_isKnownHoweverYesAndNoAreWritten(String yes, String no) throws IOException {
        String text = "image;cat;dog;fox\n0000;Y;N;N\n0001;N;Y;N\n0002;N;N;Y\n0003;Y;N;N\n";
        var found = read(text.replace("Y", yes).replace("N", no));
        assertThat(labels(found)).containsExactly("cat", "dog", "fox", "cat");
        assertThat(found.warnings()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "image,a,b,c,source\n0000,1,0,0,web\n0001,0,1,0,web\n0002,0,0,1,own\n",
                "image,width,a,b,c\n0000,48,1,0,0\n0001,50,0,1,0\n0002,48,0,0,1\n",
                ",image,a,b,c\n0,0000,1,0,0\n1,0001,0,1,0\n2,0002,0,0,1\n",
                "a,b,c,image,is_valid\n1,0,0,0000,0\n0,1,0,0001,1\n0,0,1,0002,0\n"
            })
    void oneHot_isKnownBesideOtherColumns_whichAreNamed(String text) throws IOException {
        var found = read(text);
        assertThat(labels(found)).containsExactly("a", "b", "c");
        assertThat(word(found).contains("left aside: " + (text.contains("width") ? "width" : "source")))
                .isEqualTo(text.contains("width") || text.contains("source"));
    }

    @Test
    void numbersOfWhichNoneIsALabel_areRefused() throws IOException {
        assertThatThrownBy(() -> read("image,a,b\n0000,0.8,0.2\n0001,0.1,0.9\n"))
                .isInstanceOf(DataException.class)
                .hasMessageContainingAll("several columns of numbers", "none that is called label", "Maybe");
        assertThatThrownBy(() -> read("0000.jpg,1,0\n0001.jpg,0,1\n0002.jpg,1,0\n"))
                .isInstanceOf(DataException.class)
                .hasMessageContainingAll("no first row that names them", "Maybe");
    }

    @Test
    void oneHotRow_withAnotherNumber_isLeftOutByName() throws IOException {
        var source = Source.table(Files.writeString(root.resolve("t.csv"), "image,a,b\n0000,1,0\n0001,0,1\n0002,2,0\n"))
                .labels("a", "b");
        var found = source.read(root);
        assertThat(labels(found)).containsExactly("a", "b");
        assertThat(found.rejected()).singleElement().asString().contains("row 3", "'2'", "column a", "neither 1 nor 0");
    }

    @Test
    void oneOfSeveralColumns_isTakenWithAWord() throws IOException {
        var found = read("id,url,image,species\n7,http://x/a,0000,cat\n9,http://x/b,0001,cat\n5,http://x/c,0002,dog\n");
        assertThat(labels(found)).containsExactly("cat", "cat", "dog");
        assertThat(word(found)).contains("from the column species, one of url, species", "Maybe", "--label-column");
        assertThatThrownBy(() -> read("label,image,label\n1,0000,cat\n2,0001,dog\n"))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("both called label");
        assertThat(word(read("image,age\n0000,20.5\n0001,31\n"))).contains("age", "20.5", "quantities", "--target");
    }

    @ParameterizedTest
    @ValueSource(strings = {"set", "dataset", "Usage", "part"})
    void columnOfParts_isKnownByItsCells(String name) throws IOException {
        var found = read(name + ",image,animal\ntrain,0000,cat\nTesting,0001,dog\nval,0002,dog\n");
        assertThat(labels(found)).containsExactly("cat", "dog", "dog");
        assertThat(found.examples())
                .extracting(one -> one.part().orElseThrow())
                .containsExactly(Part.TRAIN, Part.TEST, Part.VALID);
        assertThat(word(found).contains("the column " + name + " names the parts"))
                .isEqualTo(!name.equals("part"));
    }

    @ParameterizedTest
    @CsvSource({"is_test, TEST, TRAIN", "Is Valid, VALID, TRAIN", "isTrain, TRAIN, VALID"})
    void yesAndNo_meanWhatTheColumnIsCalled(String name, Part yes, Part no) throws IOException {
        var found = read("image,label," + name + "\n0000,a,1.00\n0001,b,false\n");
        assertThat(found.examples())
                .extracting(Source.Example::part)
                .containsExactly(Optional.of(yes), Optional.of(no));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "C:\\Users\\joe\\data\\cats\\1.jpg",
                "C:/Users/joe/data/cats/1.jpg",
                "\\\\nas\\share\\cats\\1.jpg",
                "/home/joe/data/cats/1.jpg",
                "images/cats/1.jpg"
            })
    void pathsOfAnotherMachine_areFoundByTheirEnds_withAWord(String path) throws IOException {
        Files.createDirectory(root.resolve("cats"));
        Files.write(root.resolve("cats/1.jpg"), new byte[1]);
        var found = read("image,label\n" + path + ",cat\n0000.jpg,dog\n");
        assertThat(found.examples()).extracting(one -> one.item().id()).containsExactly("0000.jpg", "cats/1.jpg");
        assertThat(word(found)).contains("1 file is in the table with paths that are not here", path);
    }

    @Test
    void excelsFirstLine_namesTheDelimiter() throws IOException {
        var found = read("sep=;\r\nimage;label\r\n0000.jpg;a,b\r\n0001.jpg;c\r\n");
        assertThat(labels(found)).containsExactly("a,b", "c");
        assertThat(found.rejected()).isEmpty();
    }
}
