package espalier.data;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import espalier.data.Splits.Part;
import espalier.report.DataException;
import espalier.report.Rejected;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables of labels as people really have them. */
class TableSourceTest {
    @TempDir
    private Path root;

    private Path csv(String text) throws IOException {
        return Files.writeString(root.resolve("t.csv"), text);
    }

    private void files(String... ids) throws IOException {
        for (String id : ids) {
            Path file = root.resolve(id);
            Files.createDirectories(file.getParent());
            Files.write(file, new byte[] {1});
        }
    }

    private Source.Found read(String text) throws IOException {
        return Source.table(csv(text)).read(root);
    }

    private static Map<String, List<String>> labels(Source.Found found) {
        var labels = new HashMap<String, List<String>>();
        found.examples().forEach(one -> labels.put(one.item().id(), one.labels()));
        return labels;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "id,image,class\n1000,0000.jpg,dog\n1001,0001.jpg,cat\n",
                ",filename,label\n0,0000.jpg,dog\n1,0001.jpg,cat\n",
                "label,filename\ndog,0000.jpg\ncat,0001.jpg\n",
                "datei;klasse\n0000.jpg;dog\n0001.jpg;cat\n",
                "file\tlabel\n0000.jpg\tdog\n0001.jpg\tcat\n",
                "0000.jpg,dog\n0001.jpg,cat\n",
                "a,b,c\n0,0000,dog\n1,0001,cat\n2,0002,\n",
                "\uFEFFfile,label\n0000.jpg,dog\n0001.jpg,cat\n",
                "is_valid,label,width,file\n0,dog,10,0000.jpg\n1,cat,10,0001.jpg\n"
            })
    void columns_areFound(String text) throws IOException {
        files("0000.jpg", "0001.jpg");
        assertThat(labels(read(text))).isEqualTo(Map.of("0000.jpg", List.of("dog"), "0001.jpg", List.of("cat")));
    }

    @Test
    void columns_areTakenAsSaid() throws IOException {
        files("1.jpg", "2.jpg");
        Path csv = csv("1,2,x\n2,1,y\n");
        var source = Source.table(csv);
        assertThat(labels(source.file("0").labels("2").read(root)))
                .isEqualTo(Map.of("1.jpg", List.of("x"), "2.jpg", List.of("y")));
        assertThat(labels(source.file("1").labels("2").read(root)))
                .isEqualTo(Map.of("2.jpg", List.of("x"), "1.jpg", List.of("y")));
        assertThatThrownBy(() -> source.file("image").read(root))
                .isInstanceOf(DataException.class)
                .hasMessageContainingAll("t.csv", "no column image", "0, 1, 2", "Maybe");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "images/0000.jpg",
                "./images/0000.jpg",
                "images\\0000.jpg",
                "0000.jpg",
                "0000",
                "images/0000",
                " 0000.jpg ",
                "images/../images/0000.jpg",
                "IMAGES/0000.JPG",
                "ROOT/images/0000.jpg"
            })
    void files_areFoundByAnyUsualName(String name) throws IOException {
        files("images/0000.jpg", "images/0001.jpg");
        String cell = name.replace("ROOT", root.toString());
        var found = read("file,label\n\"" + cell + "\",dog\n");
        assertThat(labels(found)).containsOnlyKeys("images/0000.jpg");
        assertThat(found.warnings().toString().contains("spelled differently")).isEqualTo(name.startsWith("IMAGES"));
    }

    @Test
    void files_areFoundInOtherLettersWithOneWarning() throws IOException {
        files("Caf\u00e9.jpg", " b.jpg", "c.jpg");
        var found = read("file,label\nCafe\u0301.jpg,x\nb.jpg,y\nC.jpg,y\n");
        assertThat(found.examples()).hasSize(3);
        assertThat(found.warnings()).singleElement().asString().contains("3 files are spelled differently");
    }

    @Test
    void C07_filesOutsideOrOfSeveralMeanings_areRejected() throws IOException {
        files("a/1.jpg", "b/1.jpg", "c.jpg", "c.png");
        Files.write(root.getParent().resolve("outside.jpg"), new byte[1]);
        var found = read("file,label\n../outside.jpg,x\n/etc/passwd,x\nhttp://x/c.jpg,x\n1.jpg,x\nc,x\nc.png,x\n"
                + root.getParent() + "/outside.jpg,x\n");
        assertThat(labels(found)).containsOnlyKeys("c.png");
        assertThat(found.rejected()).hasSize(6);
        assertThat(found.rejected().get(3)).isEqualTo(new Rejected("row 4 (1.jpg)", "is the name of several pictures"));
        assertThat(found.rejected().get(0).reason()).contains("no picture below " + root);
    }

    @Test
    void pathsMayStartAtTheTable() throws IOException {
        files("data/images/1.jpg");
        Path csv = Files.writeString(root.resolve("data/labels.csv"), "file,label\nimages/1.jpg,x\n");
        assertThat(labels(Source.table(csv).read(root.resolve("data/images")))).containsOnlyKeys("1.jpg");
    }

    @ParameterizedTest
    @CsvSource({"0.0,1.0", "False,True", "FALSE,TRUE", "no,yes", "0,1", "train,valid", "Training,dev"})
    void C11_partColumn_isUnderstood(String train, String valid) throws IOException {
        files("1.jpg", "2.jpg", "3.jpg");
        var found = read("file,label,is_valid\n1.jpg,x,%s\n2.jpg,x,%s\n3.jpg,y,\n".formatted(train, valid));
        assertThat(found.examples())
                .extracting(Source.Example::part)
                .containsExactly(Optional.of(Part.TRAIN), Optional.of(Part.VALID), Optional.of(Part.TRAIN));
    }

    @Test
    void unknownPart_isRefusedWithItsRow() throws IOException {
        files("1.jpg", "2.jpg");
        assertThatThrownBy(() -> read("file,label,split\n1.jpg,x,train\n2.jpg,x,vaild\n"))
                .isInstanceOf(DataException.class)
                .hasMessageContainingAll(
                        "t.csv, row 2, column split", "'vaild'", "Expected train, valid or test", "Maybe");
    }

    @Test
    void oneHot_isOneClassOrTags() throws IOException {
        files("0000.jpg", "0001.jpg", "0002.jpg");
        String one = "image_id,healthy,rust,scab\n0000,1,0,0\n0001,0,1,0\n0002,0,0,1\n";
        assertThat(labels(read(one)).values())
                .containsExactlyInAnyOrder(List.of("healthy"), List.of("rust"), List.of("scab"));
        String several = one.replace("0002,0,0,1", "0002,0,1,1");
        assertThatThrownBy(() -> read(several))
                .isInstanceOf(DataException.class)
                .hasMessageContainingAll(
                        "t.csv, row 3", "one column with 1", "[rust, scab]", "Maybe the columns are tags");
        assertThat(labels(Source.table(csv(several)).tags(true).read(root)))
                .containsEntry("0002.jpg", List.of("rust", "scab"));
        assertThat(labels(Source.table(csv("f,a,b,n\n0000,1,1,7\n"))
                        .labels("a", "b")
                        .tags(true)
                        .read(root)))
                .containsEntry("0000.jpg", List.of("a", "b"));
        assertThat(labels(read("file,label\n0000,0\n0001,1\n")))
                .as("one column is a label")
                .containsValue(List.of("1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"|", ",", ";"})
    void C06_tagsInOneCell_areCutAtTheDelimiter_andWithoutOneWarnedOf(String between) throws IOException {
        files("0000.png", "0001.png");
        Path csv = csv("Image Index,Finding Labels\n0000.png,\"Cardiomegaly|Effusion|\"\n0001.png,No Finding\n"
                .replace("|", between));
        var cut = Source.table(csv).tags(between).read(root);
        assertThat(labels(cut))
                .isEqualTo(Map.of("0000.png", List.of("Cardiomegaly", "Effusion"), "0001.png", List.of("No Finding")));
        assertThat(cut.warnings()).isEmpty();
        for (boolean tags : new boolean[] {true, false}) {
            assertThat(Source.table(csv).tags(tags).read(root).warnings())
                    .singleElement()
                    .asString()
                    .contains("labels hold '" + between + "'", "Maybe");
        }
    }

    @Test
    void C04_C05_rowsWithFaults_areLeftOutByName() throws IOException {
        files("1.jpg", "2.jpg", "3.jpg", "4.jpg");
        var found = read("file,label\n1.jpg,x\n1.jpg,y\n1.jpg,x\n2.jpg\n3.jpg,\n4.jpg,a,b\n");
        assertThat(labels(found)).isEqualTo(Map.of("1.jpg", List.of("x")));
        assertThat(found.leftOut())
                .containsExactly(
                        new Rejected("row 6 (4.jpg)", "has 3 cells where the first row has 2"),
                        new Rejected("row 2 (1.jpg)", "is there twice, and with another label: y, before x"),
                        new Rejected("row 3 (1.jpg)", "is there twice"),
                        new Rejected("row 4 (2.jpg)", "has no label"),
                        new Rejected("row 5 (3.jpg)", "has no label"));
    }

    @Test
    void encodings_areReadWithAWord() throws IOException {
        files("0000.jpg");
        Path csv = root.resolve("t.csv");
        Files.write(csv, "datei;klasse\n0000.jpg;B\u00e4r\n".getBytes(ISO_8859_1));
        var found = Source.table(csv).read(root);
        assertThat(labels(found)).containsValue(List.of("B\u00e4r"));
        assertThat(found.warnings()).singleElement().asString().contains("t.csv", "Latin-1");
        Files.write(csv, "datei;klasse\n0000.jpg;B\u00e4r\n".getBytes(UTF_8));
        assertThat(Source.table(csv).read(root).warnings()).isEmpty();
    }

    @Test
    void D27_groups_neverCrossTheSplit() throws IOException {
        var text = new StringBuilder("file,label,patient\n");
        for (int i = 0; i < 120; i++) {
            files(i + ".jpg");
            text.append(i)
                    .append(".jpg,")
                    .append(i % 2)
                    .append(",p")
                    .append(i % 30)
                    .append('\n');
        }
        var found = Source.table(csv(text.toString())).group("patient").read(root);
        for (int seed = 0; seed < 30; seed++) {
            Splits drawn = seed < 20
                    ? Splits.random(0.3).seed(seed)
                    : Splits.fold(seed % 5, 5).seed(seed);
            var parts = Parts.of(found.examples(), drawn);
            var byGroup = new HashMap<String, Part>();
            for (int i = 0; i < parts.examples().size(); i++) {
                var part = parts.parts().get(i);
                String group = parts.examples().get(i).item().key();
                assertThat(byGroup.computeIfAbsent(group, key -> part)).isEqualTo(part);
            }
            assertThat(byGroup).containsValue(Part.VALID).containsValue(Part.TRAIN);
        }
    }
}
