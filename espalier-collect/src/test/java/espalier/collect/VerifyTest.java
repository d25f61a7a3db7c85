package espalier.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import espalier.collect.Finding.Kind;
import espalier.files.Change;
import espalier.files.Journal;
import espalier.image.Image;
import espalier.image.ImageReader;
import espalier.image.ImageWriter;
import espalier.report.DataException;
import espalier.report.Rejected;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifyTest {
    @TempDir
    Path directory;

    private Path put(String file, byte[] bytes) throws IOException {
        Path path = directory.resolve(file);
        Files.createDirectories(path.getParent());
        return Files.write(path, bytes);
    }

    private static byte[] drawing(int seed) {
        return ImageWriter.jpeg(Image.from(Pictures.draw(seed, 96, 80)), 90);
    }

    /** Everything that is there, with content, links by their target. */
    private static Map<String, String> snapshot(Path root) throws IOException {
        var files = new TreeMap<String, String>();
        try (var walk = Files.walk(root)) {
            for (Path file : walk.toList()) {
                String id = root.relativize(file).toString();
                if (id.startsWith(Journal.FOLDER) || Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
                    continue;
                }
                files.put(
                        id,
                        Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                                ? Checksum.sha256("0".repeat(64)).of(file)
                                : "special");
            }
        }
        return files;
    }

    /** Every planted file is named with its reason, and nothing else is. */
    private static void check(VerifyReport report, VerifyReport before, Map<String, PlantedFaults.Expected> planted) {
        planted.forEach((file, expected) -> assertThat(report.of(expected.kind()))
                .as(file + " must be " + expected)
                .anyMatch(finding ->
                        finding.files().contains(file) && finding.reason().contains(expected.reason())));
        var known = new HashSet<>(before.findings());
        for (Finding finding : report.findings()) {
            if (finding.kind() == Kind.IMBALANCE || finding.kind() == Kind.MISSING_CLASS || known.contains(finding)) {
                continue;
            }
            assertThat(finding.files()).as("a good file is blamed: " + finding).anyMatch(planted::containsKey);
        }
    }

    @Test
    void D25_D26_plantedFaults_areAllNamed_andNoGoodFileIsBlamed() throws Exception {
        var good = new ArrayList<Path>();
        for (int i = 0; i < 30; i++) {
            good.add(put("train/cat/" + i + ".jpg", drawing(i)));
            put("valid/dog/" + i + ".jpg", drawing(1000 + i));
        }
        put("notes.txt", "hello".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        var before = Verify.of(directory).run();
        assertThat(before.findings().stream().map(Finding::kind)).containsOnly(Kind.MISSING_CLASS);
        assertThat(before.isSound()).isTrue();
        assertThat(before.pictures()).isEqualTo(60);
        assertThat(before.otherFiles()).isEqualTo(1);
        assertThat(before.balance()).isEqualTo(Map.of("train", Map.of("cat", 30), "valid", Map.of("dog", 30)));

        var planted = PlantedFaults.plant(directory, "train/cat", "valid/cat", good);
        assertThat(planted).hasSize(41);
        var report = Verify.of(directory).run();
        check(report, before, planted);
        assertThat(report.isSound()).isFalse();
        assertThat(report.toJson()).startsWith("{").contains("\"kind\":\"BROKEN\"", "fault-empty.jpg");
    }

    @Test
    @Tag("real")
    void D25_D26_plantedFaultsInChestXrays_areAllNamed_andNoGoodFileIsBlamed() throws Exception {
        String set = System.getProperty("espalier.shared", "");
        Path source = Path.of(set.isBlank() ? "../../shared" : set).resolve("data/chest-xrays");
        try (var walk = Files.walk(source)) {
            for (Path file : walk.filter(Files::isRegularFile).toList()) {
                put(source.relativize(file).toString(), Files.readAllBytes(file));
            }
        }
        List<Path> good;
        try (var files = Files.list(directory.resolve("train/covid"))) {
            good = files.filter(file -> file.toString().endsWith(".jpg"))
                    .sorted()
                    .limit(40)
                    .toList();
        }
        var before = Verify.of(directory).run();
        assertThat(before.of(Kind.BROKEN)).isEmpty();
        assertThat(before.pictures()).isEqualTo(254);
        var planted = PlantedFaults.plant(directory, "train/covid", "valid/covid", good);
        check(Verify.of(directory).run(), before, planted);
    }

    @Test
    void D19_labelsThatLookAlike_areNamed() throws Exception {
        String composed = Normalizer.normalize("café", Normalizer.Form.NFC);
        String decomposed = Normalizer.normalize("café", Normalizer.Form.NFD);
        int seed = 0;
        for (String label : List.of(composed, decomposed, "Cat", "cat", "big_dog", "big dog", "bird")) {
            put(label + "/a.jpg", drawing(seed++));
            put(label + "/b.jpg", drawing(seed++));
        }
        var alike = Verify.of(directory).run().of(Kind.LABELS_ALIKE);
        assertThat(alike.stream().map(Finding::files))
                .containsExactlyInAnyOrder(
                        List.of("Cat", "cat"), List.of("big dog", "big_dog"), List.of(decomposed, composed));
    }

    @Test
    void imbalance_isNamedByClassAndSplit() throws Exception {
        for (int i = 0; i < 23; i++) {
            put("train/many/" + i + ".jpg", drawing(i));
        }
        put("train/one/a.jpg", drawing(100));
        put("train/two/a.jpg", drawing(101));
        put("train/two/b.jpg", drawing(102));
        assertThat(Verify.of(directory).run().of(Kind.IMBALANCE).stream().map(Finding::toString))
                .containsExactly(
                        "imbalance: one: only 1 picture in train",
                        "imbalance: two: 2 pictures in train, the largest class has 23");
    }

    @Test
    void jpegDamagedInTheMiddle_isNamed() throws Exception {
        byte[] jpeg = drawing(3);
        put("a/whole.jpg", jpeg);
        java.util.Arrays.fill(jpeg, jpeg.length / 2, jpeg.length / 2 + 64, (byte) 0x5a);
        put("a/hit.jpg", jpeg);
        assertThat(Verify.of(directory).deeply().run().of(Kind.BROKEN).stream().map(Finding::toString))
                .singleElement()
                .asString()
                .startsWith("broken: a/hit.jpg: damaged JPEG: ");
    }

    @Test
    void D23_D24_emptyClasses_andThoseThatASplitLacks_areNamed() throws Exception {
        for (String split : List.of("train", "valid")) {
            for (String label : List.of("cat", "dog")) {
                put(split + "/" + label + "/a.jpg", drawing((split + label).hashCode()));
                put(split + "/" + label + "/b.jpg", drawing((split + label).hashCode() + 1));
            }
            put(split + "/broken/a.jpg", new byte[0]);
        }
        put("train/onlyTrain/a.jpg", drawing(1));
        put("train/onlyTrain/b.jpg", drawing(2));
        put("valid/onlyValid/a.jpg", drawing(3));
        put("valid/onlyValid/b.jpg", drawing(4));
        put("test/unlabelled.jpg", drawing(5));
        put("train/hollow/.hidden", new byte[1]);
        Files.createDirectories(directory.resolve("train/onlyValid"));
        Files.createDirectories(directory.resolve("dev"));
        var report = Verify.of(directory).run();
        assertThat(report.of(Kind.MISSING_CLASS).stream().map(Finding::toString))
                .containsExactlyInAnyOrder(
                        "missing class: dev: an empty folder",
                        "missing class: train/hollow: an empty folder",
                        "missing class: train/onlyValid: an empty folder",
                        "missing class: broken in train: its only picture cannot be read",
                        "missing class: broken in valid: its only picture cannot be read",
                        "missing class: onlyTrain: no picture in valid: how well it is known stays unseen");
        Files.delete(directory.resolve("train/onlyValid"));
        assertThat(Verify.of(directory).run().findings().toString())
                .contains("missing class: onlyValid: no picture in train: it cannot be learnt");
    }

    @Test
    void leaks_areNotToldAgainAsDuplicates() throws Exception {
        put("train/cat/a.jpg", drawing(1));
        put("valid/cat/a.jpg", drawing(1));
        put("train/cat/b.jpg", drawing(2));
        put("train/cat/b2.jpg", drawing(2));
        var report = Verify.of(directory).run();
        assertThat(report.distinct().stream().map(Finding::kind)).containsOnlyOnce(Kind.LEAK, Kind.DUPLICATE);
        assertThat(report.of(Kind.DUPLICATE)).as("the cleaner wants them all").hasSize(2);
    }

    @Test
    void quarantine_movesWhatIsBad_andUndoBringsEverythingBack() throws Exception {
        var good = new ArrayList<Path>();
        for (int i = 0; i < 30; i++) {
            good.add(put("train/cat/" + i + ".jpg", drawing(i)));
        }
        PlantedFaults.plant(directory, "train/cat", "valid/cat", good);
        var before = snapshot(directory);

        var report = Verify.of(directory).run();
        var changes = Repair.of(directory).quarantine(report);
        assertThat(changes).hasSizeGreaterThan(30);
        var after = Verify.of(directory).run();
        assertThat(after.findings().stream().map(Finding::kind))
                .isSubsetOf(Kind.WRONG_EXTENSION, Kind.IMBALANCE, Kind.MISSING_CLASS);
        Repair.of(directory).fix(after);
        assertThat(Verify.of(directory).run().of(Kind.WRONG_EXTENSION)).isEmpty();
        assertThat(directory.resolve("train/cat/fault-png.png")).exists();

        int back = Journal.of(directory).undoAll().filesBack();
        assertThat(back).isEqualTo(changes.size() + 2);
        assertThat(snapshot(directory)).isEqualTo(before);
        assertThat(Journal.of(directory).changes()).isEmpty();
        assertThat(Journal.of(directory).undoAll().filesBack()).isZero();
    }

    @Test
    void fix_writesUprightAndWholeCopies_andKeepsTheOriginals() throws Exception {
        byte[] whole = ImageWriter.jpeg(Image.from(Pictures.draw(3, 160, 120)), 90);
        put("a/cut.jpg", Arrays.copyOf(whole, whole.length * 9 / 10));
        put("a/turned.jpg", turned(drawing(4), 6));
        put("a/fine.jpg", drawing(5));
        var before = snapshot(directory);

        var changes = Repair.of(directory).fix(Verify.of(directory).run());
        assertThat(changes.stream().map(Change::from)).containsExactly("a/cut.jpg", "a/turned.jpg");
        assertThat(Verify.of(directory).run().findings().stream().map(Finding::kind))
                .doesNotContain(Kind.BROKEN, Kind.REMARK);
        var image = ImageReader.of().read(directory.resolve("a/turned.jpg"));
        assertThat(List.of(image.width(), image.height())).containsExactly(80, 96);
        assertThat(directory.resolve(Journal.FOLDER + "/trash/a/cut.jpg")).exists();

        assertThat(Journal.of(directory).undoAll().filesBack()).isEqualTo(2);
        assertThat(snapshot(directory)).isEqualTo(before);
    }

    @Test
    void D18_nameThatIsNoUtf8_isNamed_andEndsNothing() throws Exception {
        put("cat/a.jpg", drawing(1));
        put("cat/z.jpg", new byte[0]);
        Path odd = put("cat/odd.jpg", Arrays.copyOf(drawing(2), 900));
        Path folder = put("dog/b.jpg", drawing(3)).getParent();
        var shell = new ProcessBuilder(
                "sh",
                "-c",
                "mv \"$0\" \"$(printf '%s/cut\\377.jpg' \"$1\")\"; mv \"$2\" \"$(printf" + " '%s/d\\377g' \"$3\")\"",
                odd + "",
                odd.getParent() + "",
                folder + "",
                directory + "");
        assertThat(shell.start().waitFor()).isZero();

        var report = Verify.of(directory).run();
        assertThat(report.of(Kind.BROKEN).stream().filter(one -> one.reason().startsWith("its name is no ")))
                .hasSize(2);
        var repair = Repair.of(directory);
        assertThat(repair.fix(report)).isEmpty();
        assertThat(repair.quarantine(report).stream().map(Change::from)).containsExactly("cat/z.jpg");
        assertThat(repair.left()).hasSize(2).allMatch(file -> file.reason().contains("rename it"));
        Journal.of(directory).undoAll();
    }

    @Test
    void fileThatCannotBeMoved_isLeft_andTheOthersAreMoved() throws Exception {
        put("cat/a.jpg", new byte[0]);
        put("dog/b.jpg", new byte[0]);
        String longName = "dog/" + "x".repeat(253); // with an ending it would be too long
        put(longName, turned(drawing(4), 6));
        put(Journal.FOLDER + "/trash/cat", new byte[0]);
        var report = Verify.of(directory).run();
        var repair = Repair.of(directory);
        assertThat(repair.fix(report)).isEmpty();
        assertThat(repair.quarantine(report).stream().map(Change::from)).containsExactly("dog/b.jpg");
        assertThat(repair.left().stream().map(Rejected::file)).containsExactly(longName, "cat/a.jpg");
        assertThat(directory.resolve("cat/a.jpg")).exists();
        assertThat(directory.resolve(longName)).exists();
        assertThat(Journal.of(directory).undoAll().filesBack()).isEqualTo(1);
    }

    @Test
    void D26_leaks_loseTheCopyThatIsNeededLeast() throws Exception {
        for (String split : List.of("train", "valid", "test")) {
            put(split + "/cat/all.jpg", drawing(1));
            put(split + "/cat/own.jpg", drawing(split.hashCode()));
        }
        put("valid/cat/late.jpg", drawing(2));
        put("test/cat/late.jpg", drawing(2));
        put("train/cat/early.jpg", drawing(3));
        put("valid/cat/early.jpg", ImageWriter.jpeg(Image.from(Pictures.draw(3, 96, 80)), 50));
        var changes = Repair.of(directory).quarantine(Verify.of(directory).run());
        assertThat(changes.stream().map(Change::from))
                .containsExactlyInAnyOrder(
                        "train/cat/all.jpg", "valid/cat/all.jpg", "valid/cat/late.jpg", "train/cat/early.jpg");
        assertThat(Verify.of(directory).run().isSound()).isTrue();
    }

    @Test
    void links_areFollowed_andNothingBehindThemIsChanged() throws Exception {
        Path data = put("a/cat/1.jpg", drawing(1)).getParent().getParent();
        put("a/dog/2.jpg", new byte[0]);
        put("b/3.jpg", drawing(3));
        Files.createSymbolicLink(data.resolve("owl"), directory.resolve("b"));
        Path link = Files.createSymbolicLink(directory.resolve("alink"), data);
        var report = Verify.of(link).run();
        put("b/4.jpg", new byte[0]);
        Files.createSymbolicLink(data.resolve("cat/loop"), data);
        Files.createSymbolicLink(data.resolve("cat/0.jpg"), data.resolve("cat/1.jpg"));
        report = Verify.of(link).run();
        assertThat(report.balance()).isEqualTo(Map.of("", Map.of("cat", 2, "owl", 1)));
        assertThat(report.of(Kind.BROKEN).stream().map(Finding::toString))
                .containsExactly(
                        "broken: cat/loop: a link to a folder above it",
                        "broken: dog/2.jpg: empty file",
                        "broken: owl/4.jpg: empty file");
        var repair = Repair.of(link);
        assertThat(repair.quarantine(report).stream().map(Change::from))
                .containsExactlyInAnyOrder("cat/loop", "dog/2.jpg", "cat/0.jpg");
        assertThat(repair.left())
                .singleElement()
                .satisfies(left -> assertThat(left.file()).isEqualTo("owl/4.jpg"));
        assertThat(data.resolve("dog/2.jpg")).doesNotExist();
        assertThat(data.resolve("cat/1.jpg")).exists();
        assertThat(directory.resolve("b/4.jpg")).exists();
        assertThat(Journal.of(link).undoAll().filesBack()).isEqualTo(3);
    }

    @Test
    void fix_leavesPicturesOfWhichMostIsMissing() throws Exception {
        byte[] whole = ImageWriter.jpeg(Image.from(Pictures.draw(3, 320, 240)), 90);
        put("a/third.jpg", Arrays.copyOf(whole, whole.length / 4));
        put("a/turned.jpg", Arrays.copyOf(turned(whole, 6), whole.length / 4));
        put("a/most.jpg.part", Arrays.copyOf(whole, whole.length * 9 / 10));
        var repair = Repair.of(directory);
        assertThat(repair.fix(Verify.of(directory).run()).stream().map(Change::from))
                .containsExactly("a/most.jpg.part");
        var after = Verify.of(directory).run();
        assertThat(directory.resolve("a/most.jpg")).exists();
        assertThat(after.of(Kind.BROKEN)).hasSize(2);
        assertThat(repair.quarantine(after)).hasSize(2);
    }

    /** A JPEG with an EXIF segment that says how it is to be turned. */
    private static byte[] turned(byte[] jpeg, int orientation) {
        byte[] exif = {
            (byte) 0xFF,
            (byte) 0xE1,
            0,
            34,
            'E',
            'x',
            'i',
            'f',
            0,
            0,
            'M',
            'M',
            0,
            42,
            0,
            0,
            0,
            8,
            0,
            1,
            1,
            0x12,
            0,
            3,
            0,
            0,
            0,
            1,
            0,
            (byte) orientation,
            0,
            0,
            0,
            0,
            0,
            0
        };
        byte[] out = new byte[jpeg.length + exif.length];
        System.arraycopy(jpeg, 0, out, 0, 2);
        System.arraycopy(exif, 0, out, 2, exif.length);
        System.arraycopy(jpeg, 2, out, 2 + exif.length, jpeg.length - 2);
        return out;
    }

    @Test
    void emptyAndMissingFolders_areRefused() throws Exception {
        assertThatThrownBy(() -> Verify.of(directory).run())
                .isInstanceOf(DataException.class)
                .hasMessageContaining("no picture");
        assertThatThrownBy(() -> Verify.of(directory.resolve("none")).run())
                .isInstanceOf(DataException.class)
                .hasMessageContaining("does not exist");
    }

    @Test
    @Tag("real")
    void thousandPhotographs_areAllWhole() throws Exception {
        String set = System.getProperty("espalier.shared", "");
        Path shared = Path.of(set.isBlank() ? "../../shared" : set).resolve("data");
        int count = 0;
        for (String folder : List.of("tagged-photos/images", "dogs-vs-cats/cat", "dogs-vs-cats/dog")) {
            List<Path> files;
            try (var list = Files.list(shared.resolve(folder))) {
                files = list.sorted().collect(Collectors.toList());
            }
            for (Path file : files.subList(0, Math.min(files.size(), 1000 - count))) {
                put("x/" + count++ + ".jpg", Files.readAllBytes(file));
            }
        }
        assertThat(count).isEqualTo(1000);
        var report = Verify.of(directory).deeply().run();
        assertThat(report.of(Kind.BROKEN)).isEmpty();
    }
}
