package espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import espalier.format.ModelFile;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The shape of Kaggle's planet: names without endings, tags with blanks between, the same name as JPEG and as TIFF. */
class TrainTagsCommandTest {
    private static final String SMALL = " --size 32 --batch-size 8";

    @TempDir
    private Path folder;

    private Path images;
    private Path table;

    @BeforeEach
    void planet() throws IOException {
        images = folder.resolve("train-png");
        table = folder.resolve("train.csv");
        var rows = new ArrayList<>(List.of("image_name,tags"));
        for (int i = 0; i < 24; i++) {
            PictureFiles.png(images.resolve("train_" + i + ".png"), new Color(i % 2 * 220, i % 3 * 110, i * 10));
            PictureFiles.png(images.resolve("train_" + i + ".gif"), Color.BLACK); // what is not meant
            rows.add("train_" + i + "," + (i % 2 == 0 ? "clear" : "clear water") + (i % 3 == 0 ? "" : " primary"));
        }
        Files.write(table, rows);
    }

    private static Run run(String line) {
        return Run.of(line.split(" "));
    }

    @Test
    void table_isTrainedByTheJobOfTrainImage() {
        Path one = folder.resolve("one.safetensors");
        Path two = folder.resolve("two.safetensors");
        String options = " --suffix .png --json --epochs 1 --freeze-epochs 0 --min-scale 0.5"
                + " --flip-vertical --max-lighting .1 --max-zoom 1.05 --max-warp 0 --max-rotate 10" + SMALL;
        var tags = run("train tags " + table + " --images " + images + options + " --out " + one);
        assertThat(tags.exitCode()).as(tags.err()).isZero();
        var image = run("train image " + images + " --csv " + table + " --tags" + options + " --out " + two);
        assertThat(image.exitCode()).as(image.err()).isZero();
        assertThat(tags.json().get("history").get(0).get("train_loss"))
                .isEqualTo(image.json().get("history").get(0).get("train_loss"));
        assertThat(ModelFile.inspect(one).task()).isEqualTo("image-tagging");
        assertThat(ModelFile.inspect(one).vocabulary()).containsExactly("clear", "primary", "water");

        var byTable = run("evaluate " + one + " " + table + " --images " + images + " --suffix .png --json");
        var byFolder = run("evaluate " + one + " " + images + " --csv " + table + " --suffix .png --json");
        assertThat(byTable.exitCode()).as(byTable.err()).isZero();
        assertThat(byTable.json().get("metrics")).isEqualTo(byFolder.json().get("metrics"));
        assertThat(byTable.json().get("metrics").get("f2_samples").asDouble()).isBetween(0.0, 1.0);
    }

    @Test
    void thresholds_areWhatTheUserSaysOrWhatIsBest() {
        Path model = folder.resolve("m.safetensors");
        String train = "train tags " + table + " --images " + images + " --suffix .png --json --epochs 0 --valid 0.5"
                + SMALL + " --out " + model;
        var fixed = run(train + " --threshold 0.2");
        assertThat(fixed.exitCode()).as(fixed.err()).isZero();
        assertThat(fixed.json().get("history").get(0).get("metrics").propertyNames())
                .containsExactly("accuracy_multi", "fbeta_score_samples");
        assertThat(ModelFile.inspect(model).thresholds()).containsExactly(0.2);

        var each = run(train + " --threshold each --threshold-metric f1_macro");
        assertThat(each.exitCode()).as(each.err()).isZero();
        assertThat(each.err()).contains("validation pictures f1_macro 0.");
        var found = ModelFile.inspect(model).thresholds();
        assertThat(found).hasSize(3);
        assertThat(each.json().get("thresholds").size()).isEqualTo(3);
        var judged =
                run("evaluate " + model + " " + table + " --images " + images + " --suffix .png --split valid --json");
        for (int tag = 0; tag < 3; tag++) {
            assertThat(judged.json().get("tags").get(tag).get("threshold").asDouble())
                    .isEqualTo(found.get(tag));
        }
    }

    @Test
    void submission_isCheckedByTheSample() throws IOException {
        Path model = folder.resolve("m.safetensors");
        String train = "train tags " + table + " --images " + images + " --suffix .png --epochs 0 --threshold 0.01";
        assertThat(run(train + SMALL + " --out " + model).exitCode()).isZero();
        Path test = folder.resolve("test");
        for (int i = 0; i < 3; i++) {
            PictureFiles.png(test.resolve("test_" + i + ".png"), Color.BLUE);
        }
        Path out = folder.resolve("submission.csv");
        Path sample = Files.writeString(folder.resolve("sample.csv"), "image_name,tags\ntest_2,clear\ntest_0,clear\n");
        String predict = "predict " + model + " " + test + " --submission " + out + " --sample " + sample;
        var run = run(predict);
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.err()).contains("test_1");
        assertThat(run.out()).contains("2 rows");
        assertThat(Files.readAllLines(out))
                .containsExactly("image_name,tags", "test_2,clear primary water", "test_0,clear primary water");

        Files.delete(out);
        Files.writeString(sample, "image_name,tags\ntest_0,clear\ntest_9,clear\n");
        var missing = run(predict);
        assertThat(missing.exitCode()).isEqualTo(ExitCodes.BAD_DATA);
        assertThat(missing.err()).contains("test_9");
        assertThat(out).doesNotExist();
        assertThat(run("predict " + model + " " + test + " --sample " + sample).exitCode())
                .isEqualTo(ExitCodes.USAGE);
    }

    @Test
    void suffix_saysWhichOfTwoFilesIsMeant() {
        var several = run("train tags " + table + " --images " + images + SMALL + " --out " + folder.resolve("m"));
        assertThat(several.exitCode()).isEqualTo(ExitCodes.BAD_DATA);
        assertThat(several.err()).contains("is the name of several pictures");
    }

    @Test
    void show_drawsOnePartOfATable() throws IOException {
        Path valid = folder.resolve("valid.png");
        Path train = folder.resolve("train.png");
        String show = "show " + table + " --images " + images + " --suffix .png --count 4" + SMALL;
        assertThat(run(show + " --part valid --out " + valid).exitCode()).isZero();
        assertThat(run(show + " --out " + train).exitCode()).isZero();
        assertThat(Files.readAllBytes(valid)).isNotEqualTo(Files.readAllBytes(train));
        Path one = folder.resolve("one.png");
        assertThat(run(show + " --unique --out " + one).exitCode()).isZero();
        assertThat(ImageIO.read(one.toFile()).getWidth()).isGreaterThan(64);
        Files.writeString(table, "image_name,tags,is_valid\ntrain_0,clear,no\ntrain_1,water,no\n");
        var none = run(show + " --part valid --out " + valid);
        assertThat(none.err()).contains("no validation pictures");
    }

    @Test
    @Tag("slow")
    void lrFind_leadsToTheTraining() {
        Path plot = folder.resolve("lr.png");
        var found = run("lr-find tags " + table + " --images " + images + " --suffix .png --out " + plot + SMALL);
        assertThat(found.exitCode()).as(found.err()).isZero();
        assertThat(found.out())
                .contains(
                        "train tags " + table + " --images " + images + " --size 32 --batch-size 8 --suffix .png --lr ")
                .doesNotContain("--csv");
        assertThat(plot).isNotEmptyFile();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            train tags IMAGES              | is a folder, expected a file
            train tags TABLE --images IMAGES --suffix .png --threshold 20 | per cent
            train tags TABLE --images IMAGES --suffix .png --threshold-metric beauty | no score "beauty"
            train image TABLE --images IMAGES --suffix .png --threshold 0.2 | for tags
            train tags TABLE --images IMAGES --max-warp 0.6 | --max-warp is 0.6
            train image TABLE --csv TABLE  | --csv names another
            train image IMAGES --images IMAGES | in place of the folder
            train tags TABLE --images nowhere  | no file or folder nowhere
            """)
    void nonsense_isRefusedInASentence(String line, String said) {
        var run = run(line.replace("IMAGES", images.toString()).replace("TABLE", table.toString()) + " --out "
                + folder.resolve("m.safetensors"));
        assertThat(run.exitCode()).isIn(ExitCodes.USAGE, ExitCodes.NO_INPUT, ExitCodes.BAD_DATA);
        assertThat(run.err()).contains(said).doesNotContain("\tat ");
    }

    /** The model of an epoch has the threshold that was searched after it; after the last one that is the final one. */
    @Test
    void modelsOfEpochs_haveTheSearchedThreshold() {
        Path out = folder.resolve("m.safetensors");
        var run = run("train tags " + table + " --images " + images + " --suffix .png --epochs 1 --freeze-epochs 1"
                + " --save-every 1" + SMALL + " --out " + out);
        assertThat(run.exitCode()).as(run.err()).isZero();
        var last = ModelFile.inspect(folder.resolve("m.epoch-02.safetensors")).thresholds();
        assertThat(last).hasSize(1).isEqualTo(ModelFile.inspect(out).thresholds());
        assertThat(run.out()).contains("tags count above");
    }
}
