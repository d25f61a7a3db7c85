package espalier.spark;

import static espalier.spark.LocalSpark.SESSION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import espalier.app.Budget;
import espalier.app.PictureOptions;
import espalier.app.Recipe;
import espalier.app.TrainImage;
import espalier.format.ModelFile;
import espalier.report.DataException;
import espalier.testing.NoLeaks;
import espalier.train.FineTune;
import espalier.train.Precision;
import espalier.vision.Views;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Features computed by two tasks give the head that one process finds. */
@ExtendWith({NoLeaks.class, LocalSpark.class})
class SparkFeaturesTest {
    @TempDir
    Path folder;

    @BeforeEach
    void makePictures() throws Exception {
        SparkTrainingTest.pictures(folder.resolve("pictures"));
        Files.writeString(folder.resolve("pictures/ant/broken.png"), "no picture");
    }

    private TrainImage job(String name, Recipe recipe) {
        return TrainImage.of(folder.resolve("pictures"), folder.resolve(name))
                .pictures(PictureOptions.standard().size(32).batchSize(6))
                .precision(Precision.FLOAT32)
                .recipe(recipe.freezeBody(true));
    }

    private Path trained(TrainImage job) {
        return TrainPictures.trainHead(SESSION, job, folder.resolve("features").toString());
    }

    /** The features are those of one process; the heads come to the same end, as far as rounding lets them. */
    private void assertSame(TrainImage alone, Path model) {
        var rows = SESSION.read().parquet(folder.resolve("features").toString()).collectAsList();
        var views = new HashMap<String, List<scala.collection.Seq<Float>>>();
        rows.forEach(row -> views.put(row.getString(0), row.getList(1)));
        try (var open = alone.out(folder.resolve("features.safetensors")).open()) {
            var expected = open.features(0, 1);
            int readable = 0;
            for (var part : List.of(open.loaders().train(), open.loaders().valid())) {
                for (var item : part.dataset().items()) {
                    var own = expected.views(item);
                    readable += own.isEmpty() ? 0 : 1;
                    for (int view = 0; view < own.size(); view++) {
                        for (int i = 0; i < own.get(view).length; i++) {
                            assertThat(views.get(item.id()).get(view).apply(i))
                                    .isCloseTo(own.get(view)[i], within(1e-4f));
                        }
                    }
                }
            }
            assertThat(rows.size()).isEqualTo(readable).isEqualTo(24);
        }
        var epochs = alone.run().history();
        var history = ModelFile.load(model).document().history();
        assertThat(history).hasSameSizeAs(epochs);
        for (int i = 0; i < epochs.size(); i++) {
            assertThat((double) history.get(i).get("valid_loss"))
                    .isCloseTo(epochs.get(i).validLoss().orElseThrow(), within(0.01));
        }
    }

    @Test
    void headWithinABudget_isThatOfOneProcess() {
        var recipe = Recipe.standard().budget(Budget.auto());
        assertSame(job("alone.safetensors", recipe), trained(job("spark.safetensors", recipe)));
    }

    @Test
    void headByEpochsOnRandomViews_isThatOfOneProcess() {
        var recipe = Recipe.standard().views(Views.random(2));
        var schedule = FineTune.of(2);
        assertSame(
                job("alone.safetensors", recipe).schedule(schedule),
                trained(job("spark.safetensors", recipe).schedule(schedule)));
    }

    @Test
    void featuresOfSomethingElse_areRefused() {
        var job = job("x.safetensors", Recipe.standard());
        var features = SparkFeatures.of(job);
        var rows = features.compute(SESSION).cache();
        assertThatThrownBy(() -> SparkFeatures.of(job.seed(7)).train(rows))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("--seed=7");
        assertThatThrownBy(() -> features.train(rows.where("false")))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith("there are no features of these pictures");
        rows.unpersist(true);
        assertThatThrownBy(() -> SparkFeatures.of(job.recipe(Recipe.standard())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("freezeBody(true)");
        assertThat(job.out()).doesNotExist();
    }
}
