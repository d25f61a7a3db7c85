package espalier.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import espalier.data.Splits.Part;
import espalier.format.RunOptions;
import espalier.item.Item;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How the folders of a data set name its parts. */
class PictureOptionsTest {
    @TempDir
    private Path root;

    private Map<String, Set<Part>> parts(String... folders) throws IOException {
        var items = new ArrayList<Item>();
        for (String folder : folders) {
            for (int i = 0; i < 40; i++) {
                String id = folder + "/cat/" + i + ".png";
                items.add(new Item(id, root.resolve(id)));
            }
            Files.createDirectories(root.resolve(folder).resolve("cat"));
        }
        var labels = items.stream().map(item -> List.of("cat")).toList();
        var split = PictureOptions.standard().splits(42).split(items, labels);
        var found = new HashMap<String, Set<Part>>();
        for (int i = 0; i < items.size(); i++) {
            String folder = items.get(i).id().split("/")[0];
            found.computeIfAbsent(folder, key -> new TreeSet<>()).add(split.get(i));
        }
        return found;
    }

    @ParameterizedTest
    @CsvSource({"train, test", "Training, Testing", "TRAIN, holdout"})
    void testFolder_isNeverTrainedOn_andValidationIsDrawnFromTraining(String train, String test) throws IOException {
        var parts = parts(train, test);
        assertThat(parts.get(train)).containsExactly(Part.TRAIN, Part.VALID);
        assertThat(parts.get(test)).containsExactly(Part.TEST);
    }

    @ParameterizedTest
    @CsvSource({"train, valid", "Train, Valid", "train, dev", "Training, Validation"})
    void validationFolder_isTheValidation(String train, String valid) throws IOException {
        var parts = parts(train, valid);
        assertThat(parts.get(train)).containsExactly(Part.TRAIN);
        assertThat(parts.get(valid)).containsExactly(Part.VALID);
    }

    @Test
    void variation_isWhatTheOptionsSay_andIsFoundAgainInAModel() {
        var planet = Variation.standard()
                .mult(1)
                .minScale(0.5)
                .flipVertical(true)
                .limits(new Variation.Limits(Optional.of(0.1), Optional.of(15.0), Optional.of(0.0), Optional.of(1.05)));
        assertThat(planet.augmentation().orElseThrow().parameters())
                .containsEntry("flip", "dihedral")
                .containsEntry("maxLighting", 0.1)
                .containsEntry("maxRotate", 15.0)
                .containsEntry("maxWarp", 0.0)
                .containsEntry("maxZoom", 1.05)
                .containsEntry("mult", 1.0);
        assertThat(Variation.like(new RunOptions(planet.asOptions()))).isEqualTo(planet);
        assertThat(Variation.like(new RunOptions(Map.of()))).isEqualTo(Variation.standard());
        assertThat(Variation.standard().augment(Variation.Augment.NONE).augmentation())
                .isEmpty();
        assertThat(PictureOptions.standard().variation(planet).commandLine())
                .isEqualTo("--mult 1.0 --min-scale 0.5 --flip-vertical --max-lighting 0.1 --max-rotate 15.0"
                        + " --max-warp 0.0 --max-zoom 1.05");
    }

    @ParameterizedTest
    @CsvSource({"RANDOM, randomResizedCrop, none", "CROP, resize, crop", "PAD, resize, pad", "SQUISH, resize, squish"})
    void framing_saysHowAPictureBecomesASquare_andIsFoundAgainInAModel(
            Variation.Framing framing, String transform, String method) {
        var variation = Variation.standard().framing(framing).augment(Variation.Augment.NONE);
        var only = variation.changes(96);
        assertThat(only).hasSize(1);
        assertThat(only.get(0).name()).isEqualTo(transform);
        assertThat(only.get(0).parameters()).containsEntry("height", 96).containsEntry("width", 96);
        assertThat(only.get(0).parameters().getOrDefault("method", "none")).isEqualTo(method);
        assertThat(Variation.like(new RunOptions(variation.asOptions()))).isEqualTo(variation);
        assertThat(PictureOptions.standard()
                        .variation(Variation.standard().framing(framing))
                        .commandLine())
                .isEqualTo(method.equals("none") ? "" : "--resize-method " + method);
    }

    @ParameterizedTest
    @CsvSource({"RANDOM, true", "STRATIFIED, true", "RANDOM, false"})
    void D27_picturesOfAPatient_stayTogetherByTheirNames(PictureOptions.Split split, boolean grouped) {
        var items = new ArrayList<Item>();
        var labels = new ArrayList<List<String>>();
        for (int i = 0; i < 120; i++) {
            String label = i % 30 < 15 ? "well" : "ill";
            items.add(new Item(label + "/patient" + i % 30 + "-" + i + ".png", root));
            labels.add(List.of(label));
        }
        var plain = PictureOptions.standard().split(split).validShare(0.3);
        var options = grouped ? plain.groupPattern("patient([0-9]+)-") : plain;
        int torn = 0;
        for (var splits : List.of(options.splits(1), options.splits(2), options.fold(1, 4, 3))) {
            var parts = splits.split(items, labels);
            assertThat(parts).contains(Part.TRAIN, Part.VALID);
            for (int i = 30; i < 120; i++) {
                torn += parts.get(i) == parts.get(i - 30) ? 0 : 1;
            }
        }
        assertThat(torn == 0).isEqualTo(grouped);
        assertThat(options.commandLine().contains("--group-pattern patient([0-9]+)-"))
                .isEqualTo(grouped);
    }

    @Test
    void folders_areCalledWhatTheUserSays() throws IOException {
        var items = new ArrayList<Item>();
        for (String id : List.of("2021/a/cat/1.png", "2021/b/cat/2.png", "c/cat/3.png")) {
            items.add(new Item(id, root.resolve(id)));
        }
        var labels = items.stream().map(item -> List.of("cat")).toList();
        var folders = new PictureOptions.Folders("2021/a", Optional.of("2021/b"), Optional.of("c"));
        var options = PictureOptions.standard().folders(folders);
        assertThat(options.splits(42).split(items, labels)).containsExactly(Part.TRAIN, Part.VALID, Part.TEST);
        assertThat(options.commandLine()).isEqualTo("--train-folder 2021/a --valid-folder 2021/b --test-folder c");
        var misspelt = PictureOptions.standard()
                .folders(new PictureOptions.Folders("2021/a", Optional.of("2021/b"), Optional.empty()));
        assertThatThrownBy(() -> misspelt.splits(42).split(items, labels))
                .hasMessageContaining("c/cat/3.png is in none of the folders");
    }

    @Test
    void stratified_givesValidationItsShareOfARareClass() {
        var items = new ArrayList<Item>();
        var labels = new ArrayList<List<String>>();
        for (int i = 0; i < 110; i++) {
            String label = i < 100 ? "well" : "ill";
            items.add(new Item(label + "/" + i + ".png", root));
            labels.add(List.of(label));
        }
        var options = PictureOptions.standard().split(PictureOptions.Split.STRATIFIED);
        var parts = options.splits(42).split(items, labels);
        assertThat(parts.subList(100, 110)).filteredOn(Part.VALID::equals).hasSizeBetween(1, 3);
        assertThat(parts).filteredOn(Part.VALID::equals).hasSize(22);
        assertThat(options.commandLine()).isEqualTo("--split stratified");
    }

    @Test
    void validation_isDrawnFromTheNamedTrainingFolderWhereThereIsNone() throws IOException {
        var items = new ArrayList<Item>();
        for (int i = 0; i < 50; i++) {
            items.add(new Item("learn/cat/" + i + ".png", root));
            items.add(new Item("exam/cat/" + i + ".png", root));
        }
        var labels = items.stream().map(item -> List.of("cat")).toList();
        var parts = PictureOptions.standard()
                .folders(new PictureOptions.Folders("learn", Optional.empty(), Optional.of("exam")))
                .splits(42)
                .split(items, labels);
        for (int i = 0; i < parts.size(); i += 2) {
            assertThat(parts.get(i)).isNotEqualTo(Part.TEST);
            assertThat(parts.get(i + 1)).isEqualTo(Part.TEST);
        }
        assertThat(parts.stream().filter(Part.VALID::equals).count()).isBetween(3L, 20L);
    }
}
