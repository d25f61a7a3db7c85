package espalier.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import espalier.format.ModelFile;
import espalier.format.ModelFileException;
import espalier.predict.Ensemble;
import espalier.predict.Prediction;
import espalier.predict.Predictor;
import espalier.rng.Rng;
import espalier.testing.NoLeaks;
import espalier.testing.TinyModel;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Models that answer together: as a predictor, and as a file. */
@ExtendWith(NoLeaks.class)
class EnsembleTest {
    @TempDir
    Path folder;

    private static BufferedImage noise(int seed) {
        var picture = new BufferedImage(40, 40, BufferedImage.TYPE_INT_RGB);
        var rng = Rng.of(seed);
        for (int i = 0; i < 1600; i++) {
            picture.setRGB(i % 40, i / 40, rng.nextInt(1 << 24));
        }
        return picture;
    }

    private Path model(int seed, String... classes) {
        return TinyModel.write(folder.resolve(seed + ".safetensors"), seed, List.of(classes), List.of());
    }

    private static Map<String, Double> of(Path file, BufferedImage picture) {
        try (var predictor = Predictor.load(file, "libtorch")) {
            return predictor.predict(picture).byClass();
        }
    }

    @Test
    void mean_isOfTheModels_byTheNamesOfTheirClasses() {
        Path a = model(1, "ant", "bee", "cat");
        Path b = model(2, "cat", "ant", "bee");
        Path both = folder.resolve("both.safetensors");
        Ensemble.of(a, b).weights(3, 1).save(both);
        for (int i = 0; i < 3; i++) {
            var picture = noise(i);
            var expectedA = of(a, picture);
            var expectedB = of(b, picture);
            try (var loaded = Predictor.load(both);
                    var made = Ensemble.of(a, b).weights(3, 1).predictor()) {
                var answer = loaded.predict(picture).byClass();
                assertThat(answer.keySet()).containsExactly("ant", "bee", "cat");
                answer.forEach((name, share) -> assertThat(share)
                        .isCloseTo(0.75 * expectedA.get(name) + 0.25 * expectedB.get(name), within(1e-4)));
                assertThat(made.predict(picture).byClass()).isEqualTo(answer);
                assertThat(loaded.document().task()).isEqualTo("ensemble-image-classification");
            }
        }
    }

    @Test
    void votes_areCounted_andTiesGoToTheSurer() {
        List<Path> models =
                List.of(model(1, "ant", "bee", "cat"), model(2, "ant", "bee", "cat"), model(3, "ant", "bee", "cat"));
        var ensemble = Ensemble.of(models.toArray(Path[]::new));
        int ties = 0;
        try (var predictor = ensemble.voting().predictor();
                var mean = ensemble.predictor();
                var a = Predictor.load(models.get(0), "libtorch");
                var b = Predictor.load(models.get(1), "libtorch");
                var c = Predictor.load(models.get(2), "libtorch")) {
            for (int i = 0; i < 12; i++) {
                var picture = noise(i);
                var votes = new java.util.TreeMap<String, Integer>();
                List.of(a, b, c).forEach(one -> votes.merge(one.predict(picture).label(), 1, Integer::sum));
                Prediction answer = predictor.predict(picture);
                double sum = answer.byClass().values().stream()
                        .mapToDouble(Double::doubleValue)
                        .sum();
                assertThat(sum).isCloseTo(1, within(1e-5));
                var most = votes.entrySet().stream()
                        .max(Map.Entry.comparingByValue())
                        .orElseThrow();
                assertThat(answer.label())
                        .isEqualTo(votes.size() == 3 ? mean.predict(picture).label() : most.getKey());
                assertThat(answer.probability()).isCloseTo(most.getValue() / 3.0, within(2e-3));
                ties += votes.size() == 3 ? 1 : 0;
            }
        }
        assertThat(ties).isLessThan(12);
    }

    @Test
    void votesForTags_areByEachModelsThresholds() {
        var names = List.of("sea", "sky");
        Path a = TinyModel.write(folder.resolve("a.safetensors"), 1, names, List.of(0.0, 0.999999));
        Path b = TinyModel.write(folder.resolve("b.safetensors"), 2, names, List.of(0.0, 0.0));
        try (var mean = Ensemble.of(a, b).predictor();
                var votes = Ensemble.of(a, b).weights(1, 2).voting().predictor()) {
            assertThat(mean.document().thresholds().get(1)).isCloseTo(0.4999995, within(1e-9));
            var answer = votes.predict(noise(1));
            assertThat(answer.byClass().get("sea")).isCloseTo(1, within(2e-3));
            assertThat(answer.byClass().get("sky")).isCloseTo(2 / 3.0, within(2e-3));
            assertThat(answer.labels()).containsExactly("sea", "sky");
        }
    }

    @Test
    void filesAndFolders_arePredictedAsByAnyModel() throws Exception {
        Path both = folder.resolve("both.safetensors");
        Ensemble.of(model(1, "ant", "bee"), model(2, "ant", "bee")).save(both);
        Path pictures = java.nio.file.Files.createDirectories(folder.resolve("pictures"));
        for (int i = 0; i < 3; i++) {
            javax.imageio.ImageIO.write(
                    noise(i), "png", pictures.resolve(i + ".png").toFile());
        }
        try (var predictor = Predictor.load(both)) {
            var answers = predictor.predictAll(List.of(pictures));
            assertThat(answers).hasSize(3);
            for (int i = 0; i < 3; i++) {
                assertThat(answers.get(i).prediction().orElseThrow().probability())
                        .isCloseTo(predictor.predict(noise(i)).probability(), within(1e-5));
            }
        }
    }

    @Test
    void whatDoesNotFit_isSaid() {
        Path a = model(1, "ant", "bee");
        Path other = model(2, "ant", "cow");
        Path both = folder.resolve("both.safetensors");
        assertThatThrownBy(() -> Ensemble.of(a, other)).hasMessageContaining("[ant, cow]");
        assertThatThrownBy(() -> Ensemble.of(a, a).weights(1)).hasMessageContaining("a weight for each");
        assertThatThrownBy(() -> Ensemble.of(a, a).weights(0, 0)).hasMessageContaining("not all 0");
        assertThatThrownBy(Ensemble::of).hasMessageContaining("a model or more");
        Ensemble.of(a, a).save(both);
        assertThatThrownBy(() -> Ensemble.of(both, a)).hasMessageContaining("in another one");
        assertThatThrownBy(() -> Ensemble.from(ModelFile.open(a)))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("single model");
    }

    @Test
    void filesEditedByHand_areRefused() {
        Path a = model(1, "ant", "bee");
        var ensemble = Ensemble.of(a, a);
        var tensors = ModelFile.open(a).tensors();
        Path bad = folder.resolve("bad.safetensors");
        ModelFile.save(bad, ensemble.document(), tensors);
        assertThatThrownBy(() -> Predictor.load(bad))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("edited by hand");
        var named = new java.util.LinkedHashMap<>(tensors);
        named.put("7.weight", tensors.values().iterator().next());
        ModelFile.save(bad, ensemble.document().details(Map.of("members", List.of("{}"))), named);
        assertThatThrownBy(() -> Predictor.load(bad)).isInstanceOf(ModelFileException.class);
    }
}
