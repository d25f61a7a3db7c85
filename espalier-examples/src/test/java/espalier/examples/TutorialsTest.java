package espalier.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import espalier.testing.NoLeaks;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NoLeaks.class)
class TutorialsTest {
    @TempDir
    Path out;

    @Test
    void imageClassifier_looksTrainsJudgesAndPredicts() throws IOException {
        var tutorial = new ImageClassifier(Samples.twoClasses(out, 20), out, 32, 3);
        tutorial.look();
        for (String grid : new String[] {"pictures", "squished", "padded", "crops", "augmentations"}) {
            assertThat(out.resolve(grid + ".png")).isNotEmptyFile();
        }
        var epochs = tutorial.train().epochs();
        assertThat(epochs).hasSize(4);
        assertThat(epochs.get(3).trainLoss()).isLessThan(epochs.get(0).trainLoss());
        assertThat(out.resolve("confusion.png")).isNotEmptyFile();
        assertThat(tutorial.predict())
                .hasSize(40)
                .allSatisfy(answer ->
                        assertThat(answer.prediction().orElseThrow().label()).isIn("bag", "trouser"));
    }

    @Test
    void quickTour_writesAModelThatPredicts() throws IOException {
        Path pictures = Samples.twoClasses(out, 6);
        var prediction = QuickTour.run(pictures, out, Samples.first(pictures));
        assertThat(prediction.label()).isIn("bag", "trouser");
        assertThat(prediction.probability()).isBetween(0.5, 1.0);
        assertThat(out.resolve("confusion.png")).isNotEmptyFile();
    }

    @Test
    void seeTheMistakes_writesAReportAndWhereTheModelLooked() throws IOException {
        Path pictures = Samples.twoClasses(out, 8);
        var tutorial = new ImageClassifier(pictures, out, 32, 0);
        tutorial.train();
        var interpretation = SeeTheMistakes.run(out.resolve("model.safetensors"), pictures, out.resolve("report"));
        assertThat(interpretation.predictions().size()).isEqualTo(16);
        assertThat(out.resolve("report/report.html")).isNotEmptyFile();
        assertThat(out.resolve("report/worst.png")).isNotEmptyFile();
    }

    @Test
    void chestXrays_trainsBothHeads() throws IOException {
        Path pictures = Samples.twoClasses(out, 12);
        var head = ChestXrays.head(pictures, out, 3).history();
        assertThat(head).hasSize(3).allMatch(epoch -> epoch.cycle().equals("frozen"));
        assertThat(ChestXrays.budget(pictures, out).history().get(0).cycle()).isEqualTo("head");
        assertThat(out.resolve("xrays.safetensors")).isNotEmptyFile();
    }

    @Test
    void tensorsAndTraining_givesTheGradientAndFitsTheSine() {
        assertThat(TensorsAndTraining.gradient()).isCloseTo(6, within(1e-6));
        assertThat(TensorsAndTraining.fitSine(500)).isLessThan(0.01);
    }
}
