package espalier.clean;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import espalier.clean.Query.Order;
import espalier.clean.Query.View;
import espalier.files.CannotWriteException;
import espalier.files.Change;
import espalier.files.Journal;
import espalier.image.Image;
import espalier.image.ImageWriter;
import espalier.predict.Predictor;
import espalier.report.DataException;
import espalier.report.Progress;
import espalier.testing.Colours;
import espalier.testing.NoLeaks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NoLeaks.class)
class CleanerTest {
    @TempDir
    Path root;

    private final Predictor model = Colours.predictor();

    @AfterEach
    void close() {
        model.close();
    }

    private void put(String file, byte[] bytes) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.write(path, bytes);
    }

    /** Two classes in two splits; {@code train/red/7.jpg} and {@code valid/blue/3.jpg} lie in the wrong folder. */
    private void twoSplits() throws IOException {
        for (int i = 0; i < 4; i++) {
            put("train/red/" + i + ".jpg", Colours.jpeg("red", i));
            put("train/blue/" + i + ".jpg", Colours.jpeg("blue", 100 + i));
            put("valid/red/" + i + ".jpg", Colours.jpeg("red", 200 + i));
        }
        put("train/red/7.jpg", Colours.jpeg("blue", 300));
        put("valid/blue/3.jpg", Colours.jpeg("red", 301));
    }

    private Cleaner open() throws IOException {
        return Cleaner.of(model, root);
    }

    private Picture find(Cleaner cleaner, String file) {
        return cleaner.find(file).orElseThrow(() -> new AssertionError("no " + file));
    }

    private Map<String, Integer> snapshot() throws IOException {
        var files = new TreeMap<String, Integer>();
        try (var walk = Files.walk(root)) {
            for (Path file : walk.filter(Files::isRegularFile).toList()) {
                String id = root.relativize(file).toString();
                if (!id.startsWith(Journal.FOLDER)) {
                    files.put(id, java.util.Arrays.hashCode(Files.readAllBytes(file)));
                }
            }
        }
        return files;
    }

    @Test
    void pictures_areSortedByLoss_uncertainty_andName_andFilteredByLabelAndSplit() throws Exception {
        twoSplits();
        var cleaner = open();
        var byLoss = cleaner.pictures(Query.all());
        assertThat(byLoss).hasSize(14);
        assertThat(byLoss.subList(0, 2))
                .extracting(Picture::file)
                .containsExactlyInAnyOrder("train/red/7.jpg", "valid/blue/3.jpg");
        assertThat(byLoss).extracting(Picture::loss).isSortedAccordingTo((a, b) -> Double.compare(b, a));
        assertThat(cleaner.pictures(Query.all().order(Order.UNCERTAINTY)))
                .extracting(Picture::uncertainty)
                .isSortedAccordingTo((a, b) -> Double.compare(b, a));
        assertThat(cleaner.pictures(Query.all().order(Order.NAME).label("red").split("valid")))
                .extracting(Picture::file)
                .containsExactly("valid/red/0.jpg", "valid/red/1.jpg", "valid/red/2.jpg", "valid/red/3.jpg");
        assertThat(cleaner.labels()).containsExactly("blue", "red");
        assertThat(cleaner.splits()).containsExactly("train", "valid");
    }

    @Test
    void whatAPictureIsAlready_isAKeep_andMovesNothing() throws Exception {
        twoSplits();
        var before = snapshot();
        var cleaner = open();
        var chosen = cleaner.choose(find(cleaner, "train/red/7.jpg"), Choice.relabel("red"));
        assertThat(chosen.picture().choice()).isEqualTo(Choice.keep());
        cleaner.choose(find(cleaner, "train/red/1.jpg"), Choice.move("train"));
        assertThat(cleaner.plan().steps()).isEmpty();
        assertThat(cleaner.apply(cleaner.plan()).changes()).isEmpty();
        assertThat(snapshot()).isEqualTo(before);
        var set = LabelledSet.folders(root);
        var picture = set.find().pictures().stream()
                .filter(one -> one.file().equals("train/red/1.jpg"))
                .findFirst()
                .orElseThrow();
        assertThatThrownBy(() -> set.carryOut(picture, Choice.relabel("red"), Journal.of(root)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("there already");
        assertThat(snapshot()).isEqualTo(before);
    }

    @Test
    void aNewLabel_canBeGiven_afterARestartToo_andMakesItsFolder() throws Exception {
        twoSplits();
        var before = snapshot();
        var cleaner = open();
        assertThatThrownBy(() -> cleaner.choose(find(cleaner, "train/red/1.jpg"), Choice.relabel("light green")))
                .isInstanceOf(IllegalArgumentException.class);
        cleaner.addLabel("light green");
        cleaner.addLabel("light green");
        assertThat(cleaner.labels()).containsExactly("blue", "red", "light green");
        cleaner.choose(find(cleaner, "train/red/1.jpg"), Choice.relabel("light green"));
        for (String wrong : new String[] {
            "",
            ".",
            "..",
            "a/b",
            "a\\b",
            "../x",
            ".hidden",
            "x.",
            "x ",
            "valid",
            "Train",
            "a\nb",
            "RED",
            "x".repeat(200)
        }) {
            assertThatThrownBy(() -> cleaner.addLabel(wrong))
                    .as(wrong)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("Maybe");
        }
        var again = open();
        assertThat(again.labels()).containsExactly("blue", "red", "light green");
        assertThat(again.plan().toString()).isEqualTo("relabel train/red/1.jpg: red -> light green");
        assertThat(again.apply(again.plan()).error()).isEmpty();
        assertThat(root.resolve("train/light green/1.jpg")).exists();
        assertThat(find(again, "train/light green/1.jpg").labels()).containsExactly("light green");
        again.undoAll();
        assertThat(snapshot()).isEqualTo(before);
        assertThat(TableSet.of(root, root.resolve("l.csv")).separator(" ").canName("two words"))
                .isFalse();
        assertThat(TableSet.of(root, root.resolve("l.csv")).canName("two words"))
                .isTrue();
        assertThat(TableSet.of(root, root.resolve("l.csv")).canName("=1+1")).isFalse();
    }

    @Test
    void choices_areShownAsAPlan_carriedOut_andUndone() throws Exception {
        twoSplits();
        var before = snapshot();
        var cleaner = open();
        cleaner.choose(find(cleaner, "train/red/7.jpg"), Choice.relabel("blue"));
        cleaner.choose(find(cleaner, "valid/blue/3.jpg"), Choice.delete());
        cleaner.choose(find(cleaner, "train/red/1.jpg"), Choice.move("valid"));
        cleaner.choose(find(cleaner, "train/red/2.jpg"), Choice.keep());
        var plan = cleaner.plan();
        assertThat(plan.toString())
                .isEqualTo("move train/red/1.jpg: train -> valid\nrelabel train/red/7.jpg: red -> blue\n"
                        + "delete valid/blue/3.jpg");
        assertThat(snapshot()).isEqualTo(before);

        var applied = cleaner.apply(plan);
        assertThat(applied.error()).isEmpty();
        assertThat(applied.changes())
                .extracting(Change::to)
                .containsExactly("valid/red/1-2.jpg", "train/blue/7.jpg", ".espalier/trash/valid/blue/3.jpg");
        assertThat(cleaner.plan().steps()).isEmpty();
        assertThat(cleaner.find("valid/blue/3.jpg")).isEmpty();
        assertThat(find(cleaner, "train/blue/7.jpg").labels()).containsExactly("blue");
        assertThat(find(cleaner, "train/blue/7.jpg").loss()).isLessThan(0.7);
        assertThat(find(cleaner, "valid/red/1-2.jpg").split()).isEqualTo("valid");
        assertThat(find(cleaner, "train/red/2.jpg").choice()).isEqualTo(Choice.keep());

        assertThat(cleaner.undo(applied.changes().get(1).id()).filesBack()).isEqualTo(1);
        assertThat(find(cleaner, "train/red/7.jpg").labels()).containsExactly("red");
        assertThat(cleaner.undoAll().filesBack()).isEqualTo(2);
        assertThat(snapshot()).isEqualTo(before);
        assertThat(cleaner.pictures(Query.all())).hasSize(14);
        assertThat(find(cleaner, "valid/blue/3.jpg").id()).isNotEmpty();
    }

    @Test
    void S04_thePlanAppliedTwice_isDoneOnce() throws Exception {
        twoSplits();
        var cleaner = open();
        cleaner.choose(find(cleaner, "train/red/7.jpg"), Choice.delete());
        var plan = cleaner.plan();
        var first = cleaner.apply(plan);
        assertThat(cleaner.apply(plan)).isEqualTo(first);
        assertThat(cleaner.changes()).hasSize(1);
        long change = cleaner.changes().get(0).id();
        assertThat(cleaner.undo(change).filesBack()).isEqualTo(1);
        assertThat(cleaner.undo(change).filesBack()).isZero();
    }

    @Test
    void S04_aPlanThatWasStopped_saysWhere_andCanBeTriedAgain() throws Exception {
        twoSplits();
        var cleaner = open();
        cleaner.addLabel("green");
        cleaner.choose(find(cleaner, "train/red/0.jpg"), Choice.delete());
        cleaner.choose(find(cleaner, "train/red/7.jpg"), Choice.relabel("green"));
        put("train/green", new byte[] {1}); // a file where the folder would be
        var first = cleaner.apply(cleaner.plan());
        assertThat(first.changes()).hasSize(1);
        assertThat(first.error())
                .startsWith("1 done, then stopped at train/red/7.jpg: cannot write ")
                .contains("green is there already, and is not a folder. Maybe ");
        var rest = cleaner.plan();
        assertThat(cleaner.apply(rest).error()).startsWith("0 done, then stopped at train/red/7.jpg: ");
        Files.delete(root.resolve("train/green"));
        assertThat(cleaner.apply(rest).error()).isEmpty();
        assertThat(root.resolve("train/green/7.jpg")).exists();
    }

    @Test
    void S04_twoTabsThatDisagree_getAConflict_andNothingIsLost() throws Exception {
        twoSplits();
        var cleaner = open();
        var shownInBoth = find(cleaner, "train/red/7.jpg");
        assertThat(cleaner.choose(shownInBoth, Choice.relabel("blue")).isConflict())
                .isFalse();
        assertThat(cleaner.choose(shownInBoth, Choice.relabel("blue")).isConflict())
                .as("a double click")
                .isFalse();
        var second = cleaner.choose(shownInBoth, Choice.delete());
        assertThat(second.isConflict()).isTrue();
        assertThat(second.picture().choice()).isEqualTo(Choice.relabel("blue"));

        var seen = cleaner.plan();
        cleaner.choose(find(cleaner, "train/red/0.jpg"), Choice.delete()); // the other tab, meanwhile
        assertThat(cleaner.apply(seen).isConflict()).isTrue();
        assertThat(cleaner.changes()).isEmpty();
        assertThat(cleaner.apply(cleaner.plan()).changes()).hasSize(2);
    }

    @Test
    void S04_aFileThatChangedSinceItWasShown_isNotTouched() throws Exception {
        twoSplits();
        var cleaner = open();
        cleaner.choose(find(cleaner, "train/red/7.jpg"), Choice.delete());
        cleaner.choose(find(cleaner, "train/red/0.jpg"), Choice.delete());
        cleaner.choose(find(cleaner, "train/red/1.jpg"), Choice.delete());
        var plan = cleaner.plan();
        put("train/red/7.jpg", Colours.jpeg("red", 999));
        Files.delete(root.resolve("train/red/1.jpg"));
        var before = snapshot();
        var applied = cleaner.apply(plan);
        assertThat(applied.isConflict()).isTrue();
        assertThat(applied.conflicts())
                .extracting(Picture::file)
                .containsExactlyInAnyOrder("train/red/7.jpg", "train/red/1.jpg");
        assertThat(snapshot()).isEqualTo(before);
        assertThat(find(cleaner, "train/red/7.jpg").choice()).isEqualTo(Choice.NONE);
        assertThat(cleaner.plan().steps()).hasSize(1);
    }

    @Test
    void choices_areThereAfterARestart_unlessTheFileIsAnother() throws Exception {
        twoSplits();
        var cleaner = open();
        cleaner.choose(find(cleaner, "train/red/7.jpg"), Choice.relabel("blue"));
        cleaner.choose(find(cleaner, "train/red/0.jpg"), Choice.keep());
        cleaner.choose(find(cleaner, "train/red/1.jpg"), Choice.delete());
        put("train/red/1.jpg", Colours.jpeg("red", 998));
        var again = open();
        assertThat(find(again, "train/red/7.jpg").choice()).isEqualTo(Choice.relabel("blue"));
        assertThat(find(again, "train/red/0.jpg").choice()).isEqualTo(Choice.keep());
        assertThat(find(again, "train/red/1.jpg").choice()).isEqualTo(Choice.NONE);
        assertThat(find(again, "train/red/7.jpg").id())
                .isNotEqualTo(find(cleaner, "train/red/7.jpg").id());
    }

    @Test
    void S04_killedInTheMiddleOfAPlan_restartGoesOnWithTheRest() throws Exception {
        twoSplits();
        var before = snapshot();
        var cleaner = open();
        cleaner.choose(find(cleaner, "train/red/7.jpg"), Choice.relabel("blue"));
        cleaner.choose(find(cleaner, "valid/blue/3.jpg"), Choice.delete());
        // The first step was made and the program killed before it wrote anything else.
        Journal.of(root).move("relabel", "train/red/7.jpg", "train/blue/7.jpg");
        var again = open();
        assertThat(again.plan().steps()).extracting(Plan.Step::text).containsExactly("delete valid/blue/3.jpg");
        again.apply(again.plan());
        assertThat(again.undoAll().filesBack()).isEqualTo(2);
        assertThat(snapshot()).isEqualTo(before);
        assertThat(again.pictures(Query.all())).hasSize(14);
    }

    @Test
    void changesOfEarlierTimes_areUndoneToo() throws Exception {
        twoSplits();
        var first = open();
        first.choose(find(first, "train/red/7.jpg"), Choice.delete());
        first.apply(first.plan());
        var later = open();
        assertThat(later.find("train/red/7.jpg")).isEmpty();
        assertThat(later.undoAll().filesBack()).isEqualTo(1);
        assertThat(find(later, "train/red/7.jpg").predicted()).containsExactly("blue");
    }

    @Test
    void D25_D26_copies_leaks_conflictsAndUnreadableFiles_areListed() throws Exception {
        twoSplits();
        byte[] same = Colours.jpeg("red", 50);
        put("train/red/same.jpg", same);
        put("train/red/again.jpg", same);
        var leak = Image.from(Colours.draw("blue", 60));
        put("train/blue/leak.jpg", ImageWriter.jpeg(leak, 92));
        put("valid/blue/leaked.jpg", ImageWriter.jpeg(leak, 60));
        var two = Image.from(Colours.draw("red", 70));
        put("train/red/two.jpg", ImageWriter.jpeg(two, 92));
        put("train/blue/two.png", ImageWriter.png(two));
        put("train/red/broken.jpg", new byte[] {1, 2, 3});
        var cleaner = open();
        var all = Query.all().order(Order.NAME);
        assertThat(cleaner.pictures(all.view(View.DUPLICATES)))
                .extracting(Picture::file)
                .containsExactly("train/red/again.jpg", "train/red/same.jpg");
        assertThat(cleaner.pictures(all.view(View.NEAR_DUPLICATES)))
                .extracting(Picture::file)
                .containsExactly(
                        "train/blue/leak.jpg", "valid/blue/leaked.jpg", "train/blue/two.png", "train/red/two.jpg");
        assertThat(cleaner.pictures(all.view(View.LEAKS)))
                .extracting(Picture::file)
                .containsExactly("train/blue/leak.jpg", "valid/blue/leaked.jpg");
        assertThat(cleaner.pictures(all.view(View.CONFLICTS)))
                .extracting(Picture::file)
                .containsExactly("train/blue/two.png", "train/red/two.jpg");
        assertThat(cleaner.pictures(all.view(View.UNREADABLE)))
                .extracting(Picture::file)
                .containsExactly("train/red/broken.jpg");
        assertThat(cleaner.pictures(Query.all().order(Order.SIMILARITY)).subList(0, 6))
                .allMatch(picture -> picture.similarity() > 0.9);

        cleaner.choose(find(cleaner, "valid/blue/leaked.jpg"), Choice.move("train"));
        cleaner.choose(find(cleaner, "train/red/two.jpg"), Choice.delete());
        cleaner.choose(find(cleaner, "train/red/broken.jpg"), Choice.delete());
        assertThat(cleaner.apply(cleaner.plan()).error()).isEmpty();
        assertThat(cleaner.pictures(all.view(View.LEAKS))).isEmpty();
        assertThat(cleaner.pictures(all.view(View.CONFLICTS))).isEmpty();
        assertThat(cleaner.pictures(all.view(View.UNREADABLE))).isEmpty();
        cleaner.undoAll();
        assertThat(cleaner.pictures(all.view(View.LEAKS))).hasSize(2);
    }

    @Test
    void D25_D26_aPictureInTwoRowsOfATable_isACopy_aConflictAndALeak() throws Exception {
        for (int i = 0; i < 3; i++) {
            put("images/" + i + ".jpg", Colours.jpeg("red", i));
        }
        put(
                "labels.csv",
                "file,label,split\n0,red,train\n0,blue,train\n1,red,train\n1,red,valid\n2,red,train\n".getBytes(UTF_8));
        var cleaner = Cleaner.of(model, TableSet.of(root, root.resolve("labels.csv")), Progress.NONE);
        var all = Query.all().order(Order.NAME);
        assertThat(cleaner.pictures(all.view(View.DUPLICATES)))
                .extracting(Picture::file)
                .containsExactly("images/0.jpg", "images/0.jpg", "images/1.jpg", "images/1.jpg");
        var conflicts = cleaner.pictures(all.view(View.CONFLICTS));
        assertThat(conflicts).extracting(Picture::label).containsExactlyInAnyOrder("red", "blue");
        assertThat(conflicts).allMatch(picture -> picture.similarity() == 1 && picture.group() > 0);
        assertThat(cleaner.pictures(all.view(View.LEAKS)))
                .extracting(Picture::file)
                .containsExactly("images/1.jpg", "images/1.jpg");
        var wrong = conflicts.stream()
                .filter(one -> one.label().equals("blue"))
                .findFirst()
                .orElseThrow();
        cleaner.choose(wrong, Choice.delete());
        assertThat(cleaner.apply(cleaner.plan()).error()).isEmpty();
        assertThat(cleaner.pictures(all.view(View.CONFLICTS))).isEmpty();
        assertThat(root.resolve("images/0.jpg")).exists();
    }

    @Test
    void withoutSplitFolders_theSplitIsTheOneOfTraining_andRelabellingKeepsIt() throws Exception {
        for (int i = 0; i < 20; i++) {
            put("red/" + i + ".jpg", Colours.jpeg("red", i));
            put("blue/" + i + ".jpg", Colours.jpeg("blue", 100 + i));
        }
        var cleaner = open();
        assertThat(cleaner.splits()).isEmpty();
        var valid = cleaner.pictures(Query.all().split("valid"));
        assertThat(valid).hasSizeBetween(2, 16);
        for (Picture picture : valid) {
            if (picture.label().equals("red")) {
                cleaner.choose(picture, Choice.relabel("blue"));
            }
        }
        assertThat(cleaner.apply(cleaner.plan()).error()).isEmpty();
        assertThat(cleaner.pictures(Query.all().split("valid"))).hasSameSizeAs(valid);
        assertThat(open().pictures(Query.all().split("valid"))).hasSameSizeAs(valid);
        var picture = cleaner.pictures(Query.all()).get(0);
        assertThatThrownBy(() -> cleaner.choose(picture, Choice.move("test")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void S04_labelsAndFoldersThatLeadOut_areRefused(@TempDir Path outside) throws Exception {
        twoSplits();
        Files.write(outside.resolve("secret.jpg"), Colours.jpeg("red", 5));
        var cleaner = open();
        var picture = find(cleaner, "train/red/7.jpg");
        for (String bad : new String[] {"../../..", "/etc", "a/b", "..", "", ".espalier"}) {
            assertThatThrownBy(() -> cleaner.choose(picture, Choice.relabel(bad)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(cleaner.choose("0".repeat(32), 0, Choice.delete())).isEmpty();
        assertThat(cleaner.file("../secret")).isEmpty();

        // A folder becomes a link while the page is open.
        Files.move(root.resolve("train/red"), root.resolve("elsewhere"));
        Files.copy(outside.resolve("secret.jpg"), outside.resolve("7.jpg"));
        Files.createSymbolicLink(root.resolve("train/red"), outside);
        assertThat(cleaner.file(picture.id())).isEmpty();
        cleaner.choose(picture, Choice.delete());
        cleaner.apply(cleaner.plan());
        assertThat(outside.resolve("7.jpg")).exists();
    }

    @Test
    void C07_C09_aTable_isCleanedIntoANewOneBesideTheOld() throws Exception {
        for (int i = 0; i < 3; i++) {
            put("images/r" + i + ".jpg", Colours.jpeg("red", i));
            put("images/b" + i + ".jpg", Colours.jpeg("blue", 100 + i));
        }
        put("images/=1+1.jpg", Colours.jpeg("red", 50));
        Files.write(root.getParent().resolve("outside.jpg"), Colours.jpeg("red", 5));
        String old = "file,label,split,note\nr0,red,train,=cmd|x\nr1.jpg,red,valid,-1\nimages/r2.jpg,blue,train,\n"
                + "b0,blue,train,\"a, b\"\n../outside.jpg,red,train,\n/etc/passwd,red,train,\n..\\outside.jpg,red,train,\n"
                + "http://x/y.jpg,red,train,\nnone,red,train,\n=1+1,red,train,@x\nb1,blue,train,\n";
        put("labels.csv", old.getBytes(UTF_8));
        var set = TableSet.of(root, root.resolve("labels.csv"));
        var cleaner = Cleaner.of(model, set, Progress.NONE);
        assertThat(cleaner.rejected()).hasSize(5);
        assertThat(cleaner.pictures(Query.all()).get(0).file()).isEqualTo("images/r2.jpg");
        assertThat(cleaner.splits()).containsExactly("train", "valid");
        cleaner.choose(find(cleaner, "images/r2.jpg"), Choice.relabel("red"));
        cleaner.choose(find(cleaner, "images/r1.jpg"), Choice.move("train"));
        cleaner.choose(find(cleaner, "images/b1.jpg"), Choice.delete());
        var applied = cleaner.apply(cleaner.plan());
        assertThat(applied.error()).isEmpty();
        assertThat(Files.readString(root.resolve("labels.csv"))).isEqualTo(old);
        assertThat(root.resolve("images/b1.jpg")).exists();
        assertThat(Files.readString(set.cleaned()).replace("\r", ""))
                .contains("r0,red,train,'=cmd|x\n", "r1.jpg,red,train,-1\n", "images/r2.jpg,red,train,\n")
                .contains("'=1+1,red,train,'@x\n", "b0,blue,train,\"a, b\"\n")
                .doesNotContain("b1,");
        assertThat(find(cleaner, "images/r2.jpg").labels()).containsExactly("red");
        assertThat(cleaner.find("images/b1.jpg")).isEmpty();
        assertThat(Cleaner.of(model, TableSet.of(root, set.cleaned()), Progress.NONE)
                        .find("images/=1+1.jpg"))
                .isPresent();

        cleaner.undo(applied.changes().get(2).id());
        assertThat(Files.readString(set.cleaned())).contains("b1,blue");
        cleaner.undoAll();
        assertThat(find(cleaner, "images/r2.jpg").labels()).containsExactly("blue");
        assertThat(set.cleaned()).as("nothing is changed any more").doesNotExist();
    }

    /** A table in {@code folder} of two pictures, with one relabelled. */
    private TableSet relabelled(Path folder, String ends) throws IOException {
        put("r.jpg", Colours.jpeg("red", 1));
        put("b.jpg", Colours.jpeg("blue", 2));
        Path csv = Files.writeString(
                folder.resolve("t.csv"), String.join(ends, "file,label", "r.jpg,blue", "b.jpg,blue", ""));
        var set = TableSet.of(root, csv);
        var cleaner = Cleaner.of(model, set, Progress.NONE);
        cleaner.choose(find(cleaner, "r.jpg"), Choice.relabel("red"));
        assertThat(cleaner.apply(cleaner.plan()).error()).isEmpty();
        assertThat(set.cleaned()).hasContent(String.join(ends, "file,label", "r.jpg,red", "b.jpg,blue", ""));
        return set;
    }

    @Test
    void theCleanedTable_keepsTheLineEndsOfTheOld() throws Exception {
        for (String ends : new String[] {"\n", "\r\n"}) {
            var set = relabelled(root, ends);
            assertThat(Files.readString(set.cleaned()))
                    .isEqualTo(Files.readString(set.csv()).replace("r.jpg,blue", "r.jpg,red"));
            Undo.of(root).all();
        }
    }

    @Test
    void undo_bringsRowsBack_alsoWithoutTheirCleaner() throws Exception {
        var set = relabelled(root, "\n");
        var undone = Undo.of(root).all();
        assertThat(undone.rowsBack()).isEqualTo(1);
        assertThat(undone.filesBack()).isZero();
        assertThat(set.cleaned()).doesNotExist();
        assertThat(set.find().pictures().get(0).labels()).containsExactly("blue");
        assertThat(Undo.of(root).all().rowsBack()).isZero();
    }

    @Test
    void undo_ofATableElsewhere_isRefusedBeforeAnythingIsDone_untilItIsNamed(@TempDir Path elsewhere) throws Exception {
        var set = relabelled(elsewhere, "\n");
        var journal = Files.readString(root.resolve(".espalier/journal.jsonl"));
        assertThatThrownBy(() -> Undo.of(root).all())
                .isInstanceOf(CannotWriteException.class)
                .hasMessageContainingAll("t.csv", "--undo --csv " + set.csv());
        assertThatThrownBy(() -> open().undoAll()).isInstanceOf(CannotWriteException.class);
        assertThat(root.resolve(".espalier/journal.jsonl")).hasContent(journal);
        assertThat(Undo.of(root).table(set.csv()).all().rowsBack()).isEqualTo(1);
        assertThat(set.cleaned()).doesNotExist();
    }

    @Test
    void tags_areChosenTogether_andNeedATable() throws Exception {
        put("a.jpg", Colours.jpeg("red", 1));
        put("b.jpg", Colours.jpeg("blue", 2));
        put("c.jpg", Colours.jpeg("blue", 3));
        put("tags.csv", "image_name,tags\na,red\nb,red blue\nc,\n".getBytes(UTF_8));
        try (var tagger = Colours.tagger()) {
            assertThatThrownBy(() -> Cleaner.of(tagger, root)).isInstanceOf(IllegalArgumentException.class);
            var set = TableSet.of(root, root.resolve("tags.csv")).separator(" ");
            var cleaner = Cleaner.of(tagger, set, Progress.NONE);
            assertThat(cleaner.isTags()).isTrue();
            var picture = find(cleaner, "b.jpg");
            assertThat(picture.labels()).containsExactly("red", "blue");
            assertThat(picture.predicted()).containsExactly("blue");
            assertThat(cleaner.pictures(Query.all()).get(2).file()).isEqualTo("a.jpg");
            assertThat(find(cleaner, "c.jpg").labels()).isEmpty();
            cleaner.choose(find(cleaner, "c.jpg"), Choice.relabel("blue"));
            cleaner.choose(find(cleaner, "a.jpg"), Choice.relabel("red", "blue"));
            assertThat(cleaner.apply(cleaner.plan()).error()).isEmpty();
            assertThat(Files.readString(set.cleaned()).replace("\r", "")).contains("a,red blue\n", "c,blue\n");
            assertThat(find(cleaner, "a.jpg").labels()).containsExactly("red", "blue");
        }
    }

    @Test
    void twoCleaners_doNotForgetEachOthersChoices() throws Exception {
        twoSplits();
        var one = open();
        var other = open();
        one.choose(find(one, "train/red/1.jpg"), Choice.delete());
        assertThatThrownBy(() -> other.choose(find(other, "train/red/2.jpg"), Choice.delete()))
                .isInstanceOf(CannotWriteException.class)
                .hasMessageContaining("another cleaner");
        assertThatThrownBy(other::hold).isInstanceOf(CannotWriteException.class);
        try (var hold = one.hold()) {
            assertThat(hold).isNotNull();
            one.choose(find(one, "train/red/3.jpg"), Choice.delete());
            var third = open();
            assertThatThrownBy(third::undoAll).hasMessageContaining("open in a cleaner");
            assertThatThrownBy(() -> Undo.of(root).all()).hasMessageContaining("open in a cleaner");
        }
        var later = open();
        assertThat(later.plan().steps()).hasSize(2);
        assertThat(later.apply(later.plan()).changes()).hasSize(2);
        assertThat(Undo.of(root).all().filesBack()).isEqualTo(2);
    }

    @Test
    void foldersWithoutPictures_areRefused() {
        assertThatThrownBy(this::open).isInstanceOf(DataException.class);
    }
}
