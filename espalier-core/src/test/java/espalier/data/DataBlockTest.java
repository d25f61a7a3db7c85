package espalier.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import espalier.item.Item;
import espalier.item.Items;
import espalier.report.DataException;
import espalier.report.Rejected;
import espalier.tensor.Scope;
import espalier.testing.NoLeaks;
import espalier.testing.Numbers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NoLeaks.class)
class DataBlockTest {
    @TempDir
    Path root;

    private static DataBlock<double[]> block() {
        return Numbers.block().itemTransform(Numbers.noise(0.1)).batchSize(8);
    }

    private static Set<String> ids(Loader<?> loader) {
        return loader.dataset().items().stream().map(Item::id).collect(Collectors.toSet());
    }

    /** The values of all batches of an epoch, and the order of the items. */
    private static List<String> epoch(Loader<?> loader, int epoch) {
        var seen = new ArrayList<String>();
        try (var batches = loader.epoch(epoch)) {
            while (batches.hasNext()) {
                try (var scope = Scope.open()) {
                    var batch = batches.next();
                    float[] x = batch.x().toFloatArray();
                    long[] y = batch.y().toLongArray();
                    for (int i = 0; i < batch.size(); i++) {
                        seen.add(batch.items().get(i).id() + " " + x[2 * i] + " " + x[2 * i + 1] + " " + y[i]);
                    }
                }
            }
        }
        return seen;
    }

    @Test
    void randomSplit_staysWhenItemsAreAddedOrMoved() throws IOException {
        Numbers.write(root.resolve("a"), List.of("cat", "dog"), 50, 1);
        Numbers.write(root.resolve("b"), List.of("cat", "dog"), 80, 1);
        var few = ids(block().loaders(root.resolve("a")).valid());
        var many = ids(block().loaders(root.resolve("b")).valid());
        assertThat(many).containsAll(few);
        assertThat(few.size()).isBetween(10, 30);
        var kept = many.stream()
                .filter(id -> Integer.parseInt(id.replaceAll("\\D", "")) < 50)
                .collect(Collectors.toSet());
        assertThat(kept).isEqualTo(few);
    }

    @Test
    void splits_areDisjointAndComplete() throws IOException {
        Numbers.write(root, List.of("cat", "dog"), 30, 1);
        var loaders = block().loaders(root);
        var all = new HashSet<>(ids(loaders.train()));
        assertThat(ids(loaders.valid())).doesNotContainAnyElementsOf(all);
        all.addAll(ids(loaders.valid()));
        assertThat(all).hasSize(60);
    }

    @Test
    void folderSplit_findsTrainValidAndTest() throws IOException {
        Numbers.write(root.resolve("train"), List.of("cat", "dog"), 6, 1);
        Numbers.write(root.resolve("val"), List.of("cat", "dog"), 3, 2);
        Numbers.write(root.resolve("test"), List.of("cat", "dog"), 2, 3);
        var loaders = block().split(Splits.byFolder()).loaders(root);
        assertThat(loaders.train().dataset().size()).isEqualTo(12);
        assertThat(loaders.valid().dataset().size()).isEqualTo(6);
        assertThat(loaders.test().dataset().size()).isEqualTo(4);
    }

    @Test
    void T12_threadsDoNotChangeTheBatches() throws IOException {
        Numbers.write(root, List.of("cat", "dog"), 20, 1);
        var one = block().threads(1).loaders(root).train();
        var four = block().threads(4).loaders(root).train();
        assertThat(epoch(one, 3)).isEqualTo(epoch(four, 3)).isNotEqualTo(epoch(one, 4));
        assertThat(epoch(one, 3)).doesNotHaveDuplicates();
    }

    @Test
    void skippedBatches_areThoseAlreadySeen() throws IOException {
        Numbers.write(root, List.of("cat", "dog"), 20, 1);
        var loader = block().loaders(root).train();
        var whole = epoch(loader, 2);
        var rest = new ArrayList<String>();
        try (var batches = loader.epoch(2, 1)) {
            while (batches.hasNext()) {
                try (var scope = Scope.open()) {
                    batches.next().items().forEach(item -> rest.add(item.id()));
                }
            }
        }
        assertThat(whole.stream().skip(8).map(line -> line.split(" ")[0])).isEqualTo(rest);
    }

    @Test
    void validation_isDeterministicAndInOrder() throws IOException {
        Numbers.write(root, List.of("cat", "dog"), 20, 1);
        var valid = block().loaders(root).valid();
        assertThat(epoch(valid, 0)).isEqualTo(epoch(valid, 7)).isSorted();
    }

    @Test
    void smallSet_stillTrains() throws IOException {
        Numbers.write(root, List.of("cat", "dog"), 2, 1);
        var loaders = block().batchSize(64).split(Splits.none()).loaders(root);
        assertThat(loaders.train().batches()).isEqualTo(1);
        assertThat(epoch(loaders.train(), 0)).hasSize(4);
    }

    @Test
    void lastBatch_isLeftOutOnlyInTrainingAndOnlyWhenThereAreOthers() throws IOException {
        Numbers.write(root, List.of("cat", "dog"), 5, 1);
        var all = block().split(Splits.none()).loaders(root);
        assertThat(epoch(all.train(), 0)).hasSize(8);
        assertThat(all.train().batches()).isEqualTo(1);
    }

    @Test
    void D21_unreadableFile_isRejectedAndNamed() throws IOException {
        Numbers.write(root, List.of("cat", "dog"), 20, 1);
        Files.writeString(root.resolve("cat/zz.num"), "not numbers");
        Files.writeString(root.resolve("cat/empty.num"), "");
        var loaders = block().split(Splits.none()).loaders(root);
        assertThat(loaders.rejected()).containsExactly(new Rejected("cat/empty.num", "empty file"));
        for (int epoch = 0; epoch < 5; epoch++) {
            epoch(loaders.train(), epoch);
        }
        assertThat(loaders.rejected().stream().map(Rejected::file)).contains("cat/zz.num");
    }

    @Test
    void D22_nothingToTrainOn_isAnErrorBeforeAnyModel() throws IOException {
        assertThatThrownBy(() -> block().loaders(root))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("no number");
        Numbers.write(root, List.of("cat"), 5, 1);
        assertThatThrownBy(() -> block().loaders(root))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("only one class")
                .hasMessageContaining("Maybe");
        assertThatThrownBy(() -> block().loaders(root.resolve("nowhere")))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("no such folder");
        Path broken = Files.createDirectories(root.resolve("broken/a"));
        Files.writeString(broken.resolve("x.num"), "");
        assertThatThrownBy(() -> block().loaders(root.resolve("broken")))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("none of the 1");
    }

    @Test
    void D23_classWithOneItem_goesToTraining() throws IOException {
        Numbers.write(root, List.of("cat", "dog"), 10, 1);
        for (int i = 0; i < 8; i++) {
            Numbers.write(root, List.of("x" + i), 1, i);
        }
        var loaders = block().loaders(root);
        assertThat(ids(loaders.train())).contains("x0/0000.num", "x3/0000.num", "x7/0000.num");
        assertThat(loaders.warnings()).anyMatch(warning -> warning.contains("class x0 has no validation item"));
    }

    @Test
    void D24_classOnlyInValidation_isReportedNotTrained() throws IOException {
        Numbers.write(root.resolve("train"), List.of("cat", "dog"), 6, 1);
        Numbers.write(root.resolve("valid"), List.of("cat", "dog", "unsup"), 3, 2);
        var loaders = block().split(Splits.byFolder()).loaders(root);
        assertThat(loaders.classes()).containsExactly("cat", "dog");
        assertThat(loaders.valid().dataset().size()).isEqualTo(6);
        assertThat(loaders.rejected())
                .hasSize(3)
                .allMatch(rejected -> rejected.reason().contains("unsup"));
    }

    @Test
    void D16_linksAreFollowed_butNotInACircle() throws IOException {
        Numbers.write(root, List.of("cat", "dog"), 4, 1);
        Files.createSymbolicLink(root.resolve("cat/loop"), root);
        Files.createSymbolicLink(root.resolve("cat/link.num"), root.resolve("dog/0000.num"));
        Files.createSymbolicLink(root.resolve("dog/dangling.num"), root.resolve("gone.num"));
        var found = Items.files(Numbers.ENDINGS).find(root);
        assertThat(found.items()).hasSize(9).extracting(Item::id).contains("cat/link.num");
        assertThat(found.rejected())
                .containsExactlyInAnyOrder(
                        new Rejected("cat/loop", "a link to a folder above it"),
                        new Rejected("dog/dangling.num", "a link to nothing"));
        Path link = Files.createSymbolicLink(root.resolveSibling(root.getFileName() + "-link"), root);
        var same = Items.files(Numbers.ENDINGS).find(link);
        assertThat(same.items())
                .extracting(Item::id)
                .isEqualTo(found.items().stream().map(Item::id).toList());
        assertThat(same.items()).allMatch(item -> item.path().startsWith(link));
        Files.delete(link);
    }

    @Test
    void D17_pipesAreRejectedWithoutWaiting() throws Exception {
        Numbers.write(root, List.of("cat", "dog"), 4, 1);
        int made = new ProcessBuilder("mkfifo", root.resolve("cat/pipe.num").toString())
                .start()
                .waitFor();
        assertThat(made).isZero();
        var found = Items.files(Numbers.ENDINGS).find(root);
        assertThat(found.rejected()).containsExactly(new Rejected("cat/pipe.num", "not a regular file"));
    }

    @Test
    void D18_strangeNames_areFoundOnceEach() throws IOException {
        Numbers.write(root, List.of("cat", "dog"), 4, 1);
        var names = List.of(
                "e\u0301.num",
                "\u00e9.num",
                "\uD83D\uDE00.num",
                "\u05d0.num",
                "a\nb.num",
                "-x.num",
                "y .num",
                "z".repeat(200) + ".num");
        for (String name : names) {
            Files.writeString(root.resolve("cat").resolve(name), "1 2");
        }
        var found = Items.files(Numbers.ENDINGS).find(root);
        assertThat(found.items()).hasSize(8 + names.size());
        assertThat(found.items().stream().map(Item::id))
                .doesNotHaveDuplicates()
                .contains("cat/\u00e9.num", "cat/a\nb.num");
    }

    @Test
    void D19_labelsThatLookAlike_areWarnedAboutAndKeptApart() throws IOException {
        Numbers.write(root, List.of("Cat", "cat", "dog"), 4, 1);
        var loaders = block().loaders(root);
        assertThat(loaders.classes()).containsExactly("Cat", "cat", "dog");
        assertThat(loaders.warnings()).anyMatch(warning -> warning.contains("look alike") && warning.contains("Cat"));
    }

    @Test
    void D28_filesThatVanish_areRejectedAtUse() throws IOException {
        Numbers.write(root, List.of("cat", "dog"), 20, 1);
        var loaders = block().split(Splits.none()).loaders(root);
        assertThat(epoch(loaders.train(), 0)).hasSize(40);
        Files.delete(root.resolve("cat/0003.num"));
        assertThat(epoch(loaders.train(), 1)).hasSize(39);
        assertThat(loaders.rejected()).extracting(Rejected::file).containsExactly("cat/0003.num");
    }

    @Test
    void tooManyUnreadableItems_endTheRun() throws IOException {
        Numbers.write(root, List.of("cat", "dog"), 20, 1);
        for (int i = 0; i < 10; i++) {
            Files.writeString(root.resolve("cat/bad" + i + ".num"), "x");
        }
        var loaders = block().split(Splits.none()).loaders(root);
        assertThatThrownBy(() -> epoch(loaders.train(), 0))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("cannot be read")
                .hasMessageContaining("cat/bad");
    }

    @Test
    void regexLabels_sayWhatTheyDidNotFind() {
        var item = new Item("great_pyrenees_12.jpg", root);
        assertThat(Labels.regex("([^/]+)_\\d+.jpg$").of(item)).containsExactly("great_pyrenees");
        assertThatThrownBy(() -> Labels.regex("(\\d{5})").of(item)).isInstanceOf(DataException.class);
        assertThatThrownBy(() -> Labels.regex("x")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void explain_tellsTheWholeWay() throws IOException {
        Numbers.write(root, List.of("cat", "dog"), 20, 1);
        assertThat(block().explain(root))
                .contains("targets   classification, 2 classes: [cat, dog]")
                .contains("for training")
                .contains("The first training item: cat/0000.num, labelled [cat]")
                .contains("inputs [8, 2] float32, targets [8] int64");
    }

    @Test
    void variants_shareNothing() throws IOException {
        Numbers.write(root, List.of("cat", "dog"), 10, 1);
        var plain = block();
        var other = plain.itemTransform(Numbers.noise(5));
        assertThat(plain.loaders(root).itemTransforms()).hasSize(1);
        assertThat(other.loaders(root).itemTransforms()).hasSize(2);
    }

    @Test
    void multiCategory_makesOneColumnATag() {
        var target = Targets.multiCategory().fit(List.of(List.of("clear", "road"), List.of("haze")));
        assertThat(target.classes()).containsExactly("clear", "haze", "road");
        assertThat(target.collate(List.of(List.of("road", "clear"), List.of())).toFloatArray())
                .containsExactly(1, 0, 1, 0, 0, 0);
        assertThat(target.reject(List.of("water"))).isPresent();
    }
}
