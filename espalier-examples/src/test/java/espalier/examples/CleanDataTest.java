package espalier.examples;

import static org.assertj.core.api.Assertions.assertThat;

import espalier.app.PictureOptions;
import espalier.app.TrainImage;
import espalier.app.Variation.Augment;
import espalier.clean.Cleaner;
import espalier.clean.Query;
import espalier.predict.Predictor;
import espalier.testing.NoLeaks;
import espalier.train.FineTune;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NoLeaks.class)
class CleanDataTest {
    @TempDir
    Path out;

    @Test
    void aWrongLabel_isFoundRepairedUndone_andTheModelTrainedAgain() throws IOException {
        Path pictures = Samples.twoClasses(out, 60);
        Files.move(Samples.first(pictures.resolve("bag")), pictures.resolve("trouser/wrong.png"));
        Path model = out.resolve("model.safetensors");
        TrainImage.of(pictures, model)
                .pictures(PictureOptions.standard().size(32).minScale(0.6).augment(Augment.NONE))
                .schedule(FineTune.of(3))
                .run();
        var tutorial = new CleanData(model, pictures);
        assertThat(tutorial.look()).isEqualTo(120);
        try (var predictor = Predictor.load(model)) {
            assertThat(Cleaner.of(predictor, pictures).pictures(Query.all()).subList(0, 20))
                    .anyMatch(picture -> picture.file().equals("trouser/wrong.png"));
        }
        var plan = tutorial.repair(
                "trouser/wrong.png",
                "bag",
                "bag/" + Samples.first(pictures.resolve("bag")).getFileName());
        assertThat(plan.steps()).hasSize(2);
        assertThat(pictures.resolve("bag/wrong.png")).exists();
        assertThat(tutorial.undo()).isEqualTo(2);
        assertThat(pictures.resolve("trouser/wrong.png")).exists();
        tutorial.page(Optional.empty());
        assertThat(tutorial.retrain().validItems()).isPositive();
    }
}
