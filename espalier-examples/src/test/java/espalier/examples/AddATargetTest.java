package espalier.examples;

import static org.assertj.core.api.Assertions.assertThat;

import espalier.examples.AddATarget.GradeTarget;
import espalier.image.Image;
import espalier.image.ImageWriter;
import espalier.metric.Metric;
import espalier.optim.Rates;
import espalier.predict.Predictor;
import espalier.rng.Rng;
import espalier.tensor.Scope;
import espalier.testing.NoLeaks;
import espalier.vision.VisionLearner;
import espalier.vision.model.Models;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NoLeaks.class)
class AddATargetTest {
    /** Pictures in folders named by their grade, 1, 2 and 4: the brighter the better. */
    private static Path pictures(Path folder) throws IOException {
        for (int grade : List.of(1, 2, 4)) {
            var own = Files.createDirectories(folder.resolve(String.valueOf(grade)));
            for (int i = 0; i < 16; i++) {
                var rng = Rng.of(i).derive(grade);
                byte[] bytes = new byte[32 * 32 * 3];
                for (int p = 0; p < bytes.length; p++) {
                    bytes[p] = (byte) (50 * grade + rng.nextInt(30));
                }
                ImageWriter.write(Image.of(32, 32, bytes), own.resolve(i + ".png"));
            }
        }
        return folder;
    }

    @Test
    void grades_areQuestionsInAnOrder() {
        try (var scope = Scope.open()) {
            var target = GradeTarget.of().fit(List.of(List.of("4"), List.of("1"), List.of("2")));
            assertThat(target.classes()).containsExactly("more than 1", "more than 2");
            assertThat(target.collate(List.of(List.of("1"), List.of("2"), List.of("4")))
                            .toFloatArray())
                    .containsExactly(0, 0, 1, 0, 1, 1);
            assertThat(target.grade(List.of("more than 1"))).isEqualTo(2);
            assertThat(target.malformed(List.of("good"))).contains("expected one whole number, received [good]");
            assertThat(GradeTarget.of().fit(List.of(List.of("4"))).problem()).isPresent();
        }
    }

    @Test
    void modelOfGrades_trainsExportsAndPredicts(@TempDir Path folder) throws IOException {
        var data = pictures(folder.resolve("pictures"));
        var file = folder.resolve("grades.safetensors");
        var loaders = AddATarget.loaders(data);
        var target = (GradeTarget) loaders.target();
        try (var learner = VisionLearner.of(loaders, Models.resnet18(), VisionLearner.Start.scratch())
                .metrics(target.metrics().toArray(Metric[]::new))) {
            learner.unfreeze();
            var last = learner.fitOneCycle(6, Rates.of(2e-3)).last().orElseThrow();
            assertThat(last.value("grades_off").orElseThrow()).isLessThan(0.2);
            learner.export(file);
        }
        try (var model = Predictor.load(file)) {
            assertThat(target.grade(model.predict(data.resolve("1/3.png")).labels()))
                    .isEqualTo(1);
            assertThat(target.grade(model.predict(data.resolve("4/3.png")).labels()))
                    .isEqualTo(4);
        }
    }
}
