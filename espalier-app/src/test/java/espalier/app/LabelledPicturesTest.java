package espalier.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import espalier.data.Splits.Part;
import espalier.format.ModelDocument;
import espalier.format.ModelFile;
import espalier.interpret.ConfusionMatrix;
import espalier.interpret.Interpretation;
import espalier.item.Item;
import espalier.optim.Rates;
import espalier.predict.Predictor;
import espalier.report.DataException;
import espalier.report.Progress;
import espalier.report.Rejected;
import espalier.testing.NoLeaks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NoLeaks.class)
class LabelledPicturesTest {
    @TempDir
    Path folder;

    private List<String> ids(LabelledPictures pictures) {
        return pictures.find(TrainImage.of(folder, folder)).items().stream()
                .map(Item::id)
                .toList();
    }

    @Test
    void parts_areTheFoldersOfTheirNames() {
        Halves.write(folder.resolve("train"), 3);
        Halves.write(folder.resolve("valid"), 1);
        Halves.write(folder.resolve("test"), 2);
        var all = LabelledPictures.of(folder);
        assertThat(ids(all)).hasSize(12);
        assertThat(ids(all.part(Part.VALID))).containsExactly("valid/left/0.png", "valid/right/0.png");
        assertThat(ids(all.part(Part.TRAIN)))
                .hasSize(6)
                .allSatisfy(id -> assertThat(id).startsWith("train/"));
        assertThat(ids(all.part(Part.TEST)))
                .hasSize(4)
                .allSatisfy(id -> assertThat(id).startsWith("test/"));
    }

    @Test
    void parts_withoutFoldersAreThoseOfTraining() {
        Halves.write(folder, 30);
        var training = TrainImage.of(folder, folder.resolve("m.safetensors"));
        for (var spec : List.of(
                training, training.seed(7).pictures(PictureOptions.standard().validShare(0.5)))) {
            var loaders = spec.loaders();
            var asTrained = LabelledPictures.of(folder);
            var asTold = asTrained.validShare(spec.pictures().validShare()).seed(spec.seed());
            assertThat(asTrained.part(Part.VALID).find(spec).items())
                    .isEqualTo(loaders.valid().dataset().items());
            assertThat(asTold.part(Part.VALID).find(training).items())
                    .isEqualTo(loaders.valid().dataset().items());
            assertThat(asTold.part(Part.TRAIN).find(training).items())
                    .isEqualTo(loaders.train().dataset().items());
        }
    }

    @Test
    void judging_givesWhatTheLearnerSaid() {
        Path data = Halves.write(folder.resolve("data"), 20);
        Path file = folder.resolve("m.safetensors");
        Interpretation expected;
        Interpretation training;
        try (var learner = Halves.learner(data)) {
            learner.fitOneCycle(1, Rates.of(3e-3));
            learner.export(file);
            expected = Interpretation.of(learner);
            training = Interpretation.of(learner, learner.loaders().train());
        }
        assertThat(expected.predictions().size() + training.predictions().size())
                .isEqualTo(40);
        try (var predictor = Predictor.load(file)) {
            var all = LabelledPictures.of(data).judge(predictor, Progress.NONE).predictions();
            for (var part : List.of(expected.predictions(), training.predictions())) {
                for (int i = 0; i < part.size(); i++) {
                    int at = all.items().indexOf(part.items().get(i));
                    assertThat(all.target(at)).isEqualTo(part.target(i));
                    assertThat(all.probability(at, 0)).isCloseTo(part.probability(i, 0), within(2e-2f));
                }
            }
        }
    }

    @Test
    void C07_csv_namesFilesBelowTheFolderAndLabels() throws IOException {
        Path data = Halves.write(folder.resolve("data"), 4);
        Path csv = folder.resolve("labels.csv");
        Files.writeString(csv, """
                label,file,note
                right,left/0.png,"wrong, on purpose"
                right,right/1.png,
                left,left/2.png,
                up,left/3.png,
                left,missing.png,
                left,../up.png,
                left,/etc/passwd,
                """);
        var pictures = LabelledPictures.of(data).csv(csv);
        try (var predictor = Predictor.load(Halves.model(data, folder.resolve("m.safetensors"), 0))) {
            var judged = pictures.judge(predictor, Progress.NONE);
            var matrix = ConfusionMatrix.of(judged.predictions());
            assertThat(matrix.support(0)).isEqualTo(1);
            assertThat(matrix.support(1)).isEqualTo(2);
            assertThat(judged.rejected())
                    .extracting(Rejected::file)
                    .containsExactly("row 5 (missing.png)", "row 6 (../up.png)", "row 7 (/etc/passwd)", "left/3.png");
            assertThat(judged.rejected().get(3).reason()).contains("up");
        }
    }

    @Test
    void csv_ofTagsGivesEveryLabel() throws IOException {
        Path data = Halves.write(folder.resolve("data"), 2);
        Path file = Halves.model(data, folder.resolve("m.safetensors"), 0);
        var model = ModelFile.load(file);
        var tags = new ModelDocument.Architecture("efficientnet-lite0", Map.of("head", "transfer"));
        ModelFile.save(
                file,
                ModelDocument.of("image-tagging", tags, List.of("left", "right"))
                        .transforms(model.document().transforms())
                        .activation("sigmoid")
                        .thresholds(List.of(0.4, 0.6)),
                model.tensors());
        Path csv = Files.writeString(
                folder.resolve("labels.csv"),
                "file,label\nleft/0.png,left right\nleft/1.png,\nright/0.png,right\nright/1.png,up\n");
        try (var predictor = Predictor.load(file)) {
            var judged = LabelledPictures.of(data).csv(csv).judge(predictor, Progress.NONE);
            var predictions = judged.predictions();
            assertThat(predictions.isMultiLabel()).isTrue();
            assertThat(predictions.thresholds()).containsExactly(0.4, 0.6);
            assertThat(predictions.actualName(0)).isEqualTo("left, right");
            assertThat(predictions.actualName(1)).isEmpty();
            assertThat(predictions.size()).isEqualTo(3);
            assertThat(judged.rejected()).extracting(Rejected::file).containsExactly("right/1.png");
            assertThatThrownBy(() -> LabelledPictures.of(data).judge(predictor, Progress.NONE))
                    .hasMessageContaining("CSV");
        }
        assertThat(new Interpret(file, LabelledPictures.of(data).csv(csv), folder.resolve("report"), 2)
                        .run(Progress.NONE)
                        .files())
                .contains(folder.resolve("report/thresholds.png"))
                .doesNotContain(folder.resolve("report/confusion.png"));
    }

    @Test
    void csv_withoutTheColumnsIsNamed() throws IOException {
        Path csv = Files.writeString(folder.resolve("labels.csv"), "picture\na.png\n");
        assertThatThrownBy(() -> LabelledPictures.of(folder).csv(csv).find(TrainImage.of(folder, folder)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("labels.csv")
                .hasMessageContaining("two columns")
                .hasMessageContaining("Maybe");
        assertThatThrownBy(() -> LabelledPictures.of(folder)
                        .csv(folder.resolve("none.csv"))
                        .find(TrainImage.of(folder, folder)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("none.csv");
    }
}
