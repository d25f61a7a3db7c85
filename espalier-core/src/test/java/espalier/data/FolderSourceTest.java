package espalier.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import espalier.data.Splits.Part;
import espalier.item.Item;
import espalier.item.Items;
import espalier.report.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Folders as people really have them. */
class FolderSourceTest {
    @TempDir
    private Path root;

    private void files(String folder, int count) throws IOException {
        Files.createDirectories(root.resolve(folder));
        for (int i = 0; i < count; i++) {
            Files.write(root.resolve(folder).resolve(i + ".jpg"), new byte[1]);
        }
    }

    /** The parts of each folder's pictures. */
    private TreeMap<String, Set<Part>> parts(Parts all) {
        var parts = new TreeMap<String, Set<Part>>();
        for (int i = 0; i < all.parts().size(); i++) {
            String id = all.examples().get(i).item().id();
            parts.computeIfAbsent(id.substring(0, id.lastIndexOf('/')), key -> new TreeSet<>())
                    .add(all.parts().get(i));
        }
        return parts;
    }

    private Parts split(Splits split) {
        return Parts.of(Source.folders().read(root).examples(), split);
    }

    @Test
    void randomSplit_leavesTheTestAlone() throws IOException {
        files("train/cat", 30);
        files("train/dog", 30);
        files("test/cat", 30);
        files("test/dog", 30);
        for (var split : List.of(Splits.random(0.3).seed(1), Splits.validFromTraining(Splits.standard()))) {
            var parts = split(split);
            assertThat(parts(parts).get("train/cat")).containsExactly(Part.TRAIN, Part.VALID);
            assertThat(parts(parts).get("test/cat")).containsExactly(Part.TEST);
            assertThat(parts.notes())
                    .singleElement()
                    .asString()
                    .contains("no part for validation", "test is left alone");
        }
    }

    @Test
    void classesBesideATest_areForTraining() throws IOException {
        files("cat", 30);
        files("dog", 30);
        files("test/cat", 5);
        var parts = parts(split(Splits.validFromTraining(Splits.standard())));
        assertThat(parts.get("dog")).containsExactly(Part.TRAIN, Part.VALID);
        assertThat(parts.get("test/cat")).containsExactly(Part.TEST);
    }

    @Test
    void whatLiesBesideTheParts_isLeftOutWithAWord() throws IOException {
        files("train/cat", 3);
        files("train/dog", 3);
        files("valid/cat", 2);
        files("sample", 2);
        for (var split : List.of(Splits.byFolder(), Splits.validFromTraining(Splits.standard()))) {
            var parts = split(split);
            assertThat(parts(parts)).containsOnlyKeys("train/cat", "train/dog", "valid/cat");
            assertThat(parts.leftOut()).hasSize(2);
            assertThat(parts.leftOut().get(0)).hasToString("sample/0.jpg: belongs to none of the parts train, valid");
        }
    }

    @Test
    void classesCalledLikeParts_areClassesBesideOthers() throws IOException {
        files("car", 20);
        files("bus", 20);
        files("train", 20);
        var found = Source.folders().read(root);
        assertThat(found.examples()).extracting(one -> one.labels().get(0)).contains("car", "bus", "train");
        assertThat(found.examples()).allMatch(one -> one.part().isEmpty());
        assertThat(found.warnings()).singleElement().asString().contains("taken for classes", "train");
    }

    @Test
    void partsBelowClasses_areParts() throws IOException {
        files("cat/train", 2);
        files("cat/test", 2);
        files("dog/train", 2);
        var found = Source.folders().read(root);
        assertThat(new TreeSet<>(found.examples().stream()
                        .map(one -> one.labels().get(0))
                        .toList()))
                .containsExactly("cat", "dog");
        assertThat(found.examples().get(0).part()).contains(Part.TEST);
    }

    @Test
    void partsWithoutClasses_haveNoLabels() throws IOException {
        files("train", 3);
        files("test", 3);
        var found = Source.folders().read(root);
        assertThat(found.examples()).isEmpty();
        assertThat(found.unlabelled()).hasSize(6);
        assertThat(found.unlabelled().get(0).reason()).contains("no folder that names one");
    }

    @Test
    void byFolder_withoutParts_isRefused() throws IOException {
        files("cat", 2);
        assertThatThrownBy(() -> split(Splits.byFolder()))
                .isInstanceOf(DataException.class)
                .hasMessageContainingAll("cat/0.jpg", "no folder named train", "Maybe");
    }

    @Test
    void splitsOfAnotherKind_sayEverythingThemselves() throws IOException {
        files("train/cat", 2);
        files("test/cat", 2);
        var parts = split(Splits.byFunction(item -> item.id().startsWith("test")));
        assertThat(parts(parts).get("test/cat")).containsExactly(Part.VALID);
    }

    @Test
    void examples_mayStandInMemory() {
        var examples = new ArrayList<Source.Example>();
        for (String id : List.of("b", "a")) {
            examples.add(Source.Example.of(new Item(id, Path.of(id)), List.of("x")));
        }
        assertThat(Source.of(examples).read(root).items()).extracting(Item::id).containsExactly("a", "b");
    }

    private void content(String id, byte[] bytes) throws IOException {
        Path file = root.resolve(id);
        Files.createDirectories(file.getParent());
        Files.write(file, bytes);
    }

    @Test
    void endings_doNotMatterWhereTheContentIsAPicture() throws IOException {
        byte[] jpeg = {(byte) 0xFF, (byte) 0xD8, (byte) 0xFF, (byte) 0xE0, 0, 16};
        byte[] png = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
        var names = List.of(
                "a.jpe", "b.jfif", "c.pjpeg", "d.JPG_large", "e.jpg.1", "f.jpg?w=300", "g.dib", "h.apng", "i.mpo", "j");
        for (String name : names) {
            content("cat/" + name, name.startsWith("h") ? png : jpeg);
        }
        content("cat/notes.txt", "no picture".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        content("cat/.hidden", jpeg);
        content("cat/empty", new byte[0]);
        assertThat(Source.folders().read(root).items())
                .extracting(item -> item.path().getFileName().toString())
                .containsExactlyElementsOf(names);
    }

    @Test
    void systemFolders_areLeftOutWithAWord() throws IOException {
        files("cat", 2);
        for (String name : List.of(
                "@eaDir",
                "@Recycle",
                "cat/@tmp",
                "#recycle",
                "cat/.AppleDouble",
                "__MACOSX",
                "cat/.ipynb_checkpoints")) {
            files(name, 1);
        }
        files(".hidden", 1);
        var found = Source.folders().read(root);
        assertThat(found.items()).extracting(Item::id).containsExactly("cat/0.jpg", "cat/1.jpg");
        assertThat(found.rejected())
                .hasSize(7)
                .allMatch(one -> one.reason().equals("a folder of the system's, not of the data set"));
    }

    @Test
    void links_areFollowed(@TempDir Path elsewhere) throws IOException {
        files("train/cat", 2);
        files("train/dog", 2);
        Files.createDirectories(elsewhere.resolve("cat"));
        Files.write(elsewhere.resolve("cat/9.jpg"), new byte[1]);
        Files.createSymbolicLink(root.resolve("valid"), elsewhere);
        Files.createSymbolicLink(root.resolve("train/dog/link.jpg"), elsewhere.resolve("cat/9.jpg"));
        Files.createSymbolicLink(elsewhere.resolve("cat/up"), elsewhere);
        Files.createSymbolicLink(root.resolve("train/top"), root.getParent());
        var found = Source.folders().read(root);
        assertThat(found.items())
                .extracting(Item::id)
                .contains("valid/cat/9.jpg", "train/dog/link.jpg")
                .hasSize(6);
        assertThat(found.rejected())
                .extracting(Object::toString)
                .containsExactlyInAnyOrder(
                        "train/top: a link to a folder above it", "valid/cat/up: a link to a folder above it");
    }

    @Test
    void folderReadTwiceByALink_isToldOf() throws IOException {
        files("train/cat", 2);
        files("train/dog", 2);
        Files.createDirectories(root.resolve("valid"));
        Files.createSymbolicLink(root.resolve("valid/cat"), root.resolve("train/cat"));
        var found = Source.folders().read(root);
        assertThat(found.items()).hasSize(6);
        assertThat(found.warnings())
                .singleElement()
                .asString()
                .contains("valid/cat", "train/cat", "one folder", "Maybe");
    }

    @Test
    void classInSeveralFolders_whichMayBeParts_isToldOf() throws IOException {
        files("Lernbilder/cat", 9);
        files("Lernbilder/dog", 9);
        files("Kontrolle/cat", 9);
        var parts = split(Splits.validFromTraining(Splits.standard()));
        assertThat(parts.notes())
                .singleElement()
                .asString()
                .contains("class cat is in 2 folders", "Kontrolle/cat and Lernbilder/cat", "--train-folder");
        files("pets/test_set/cat", 2);
        assertThat(split(Splits.byFolder()).parts()).containsOnly(Part.TEST);
    }

    @Test
    @DisabledOnOs(OS.WINDOWS) // there a backslash divides folders
    void backslashes_arePartsOfNamesWhereTheSystemLetsThem() throws IOException {
        files("cat", 1);
        content("cat/back\\slash.jpg", new byte[1]);
        content("flat\\1.jpg", new byte[1]);
        var found = Source.folders().read(root);
        assertThat(found.items()).extracting(Item::id).containsExactly("cat/0.jpg", "cat/back\\slash.jpg");
        assertThat(found.unlabelled())
                .extracting(Object::toString)
                .singleElement()
                .asString()
                .startsWith("flat\\1.jpg");
    }

    @Test
    void D29_manyFiles_areListedInOneOrder_howeverTheyWereMade() throws IOException {
        Path other = Files.createDirectory(root.resolve("other"));
        Path one = Files.createDirectory(root.resolve("one"));
        var names = new ArrayList<String>();
        for (int i = 0; i < 4000; i++) {
            names.add(i % 7 + "/" + Integer.toHexString(i * 31) + ".jpg");
        }
        for (Path folder : List.of(one, other)) {
            for (int i = 0; i < 7; i++) {
                Files.createDirectory(folder.resolve(String.valueOf(i)));
            }
            for (String name : names) {
                Files.createFile(folder.resolve(name));
            }
            Collections.shuffle(names, new Random(1));
        }
        var listed = Items.imageFiles().find(one).items().stream().map(Item::id).toList();
        assertThat(listed).hasSize(new TreeSet<>(names).size());
        assertThat(Items.imageFiles().find(other).items().stream().map(Item::id))
                .containsExactlyElementsOf(listed);
    }
}
