package espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import espalier.app.PictureOptions;
import espalier.app.TrainImage;
import espalier.app.Variation;
import espalier.files.OutputLock;
import espalier.train.Callback;
import espalier.train.FineTune;
import espalier.train.Fit;
import espalier.train.Step;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can go wrong in training, and must neither pass for success nor cost anything that was there. */
class TrainImageFaultsTest {
    @TempDir
    private Path folder;

    private Path data;
    private Path out;

    @BeforeEach
    void makePictures() {
        data = folder.resolve("data");
        out = folder.resolve("m.safetensors");
        PictureFiles.twoClasses(data, 8);
    }

    /** A short training, with these options instead of its own. */
    private Run train(String... more) {
        Map<String, String> options = new LinkedHashMap<>(Map.of(
                "--size", "32", "--epochs", "1", "--batch-size", "4", "--augment", "none", "--out", out.toString()));
        List<String> args = new ArrayList<>(List.of("train", "image", data.toString(), "--quiet"));
        args.addAll(List.of(more));
        options.forEach((name, value) -> {
            if (!args.contains(name)) {
                args.addAll(List.of(name, value));
            }
        });
        return Run.of(args.toArray(String[]::new));
    }

    @Test
    void deviceThatIsNotThere_isSaidBeforeAnyWork() {
        for (var missing : Map.of("cuda:99", "is not available here", "tpu", "unknown device type tpu")
                .entrySet()) {
            var run = train("--device", missing.getKey());
            assertThat(run.exitCode()).isEqualTo(ExitCodes.USAGE);
            assertThat(run.err()).contains("--device", missing.getValue());
        }
        assertThat(out).doesNotExist();
        assertThat(train("--device", "cpu").exitCode()).isZero();
        assertThat(out).exists();
    }

    /** The run of {@link #train}, stopped after the first batch of its second epoch. */
    private void leaveCheckpoints() {
        var pictures = PictureOptions.standard().size(32).batchSize(4).augment(Variation.Augment.NONE);
        var report = TrainImage.of(data, out)
                .pictures(pictures)
                .schedule(FineTune.of(1))
                .run(new Callback() {
                    @Override
                    public void afterBatch(Fit fit, Step step) {
                        if (fit.position().cycle() == 1) {
                            fit.learner().interrupt();
                        }
                    }
                });
        assertThat(report.interrupted()).isTrue();
        assertThat(checkpoints()).isNotEmptyDirectory();
    }

    private Path checkpoints() {
        return folder.resolve("m.safetensors.checkpoints");
    }

    @Test
    void T01_trainingThatDiverges_savesNoModelAndKeepsTheOldOne() throws IOException {
        Files.writeString(out, "the model of yesterday");
        for (String epochs : List.of("0", "3")) {
            var run = train("--lr", "1e30", "--epochs", epochs, "--json");
            assertThat(run.exitCode()).as(run.err()).isEqualTo(65);
            assertThat(run.err()).contains("no model is saved", "Maybe the learning rate is too large");
            assertThat(run.out()).isEmpty();
            assertThat(out).hasContent("the model of yesterday");
        }
    }

    @Test
    void resume_withOtherOptions_namesThem() {
        leaveCheckpoints();
        var run = train("--resume", "--lr", "1e-4", "--epochs", "5");
        assertThat(run.exitCode()).isEqualTo(65);
        assertThat(run.err()).contains("--lr was 0.002, is 1.0E-4", "--epochs was 1, is 5", "Maybe");
        var seed = train("--resume", "--seed", "7");
        assertThat(seed.err()).contains("--seed was 42, is 7");
        assertThat(out).doesNotExist();
        assertThat(checkpoints()).isNotEmptyDirectory();
        assertThat(train("--resume").exitCode()).isZero();
        assertThat(out).isNotEmptyFile();
        assertThat(checkpoints()).doesNotExist();
        var again = train("--resume", "--size", "48");
        assertThat(again.exitCode()).as("a finished model is not trained over").isEqualTo(66);
        assertThat(again.err()).contains("no checkpoint", "is there", "Maybe");
    }

    @Test
    void D28_picturesChangedUnderTheSameName_stopTheResumption() throws IOException {
        leaveCheckpoints();
        for (int i = 0; i < 8; i++) {
            PictureFiles.png(data.resolve("red").resolve(i + ".png"), new Color(120, 20 * i, 10));
        }
        var run = train("--resume");
        assertThat(run.exitCode()).isEqualTo(65);
        assertThat(run.err()).contains("changed (red/", "--accept-changed-data");
        var accepted = train("--resume", "--accept-changed-data");
        assertThat(accepted.exitCode()).as(accepted.err()).isZero();
    }

    @Test
    void D28_picturesAdded_stopTheResumption() throws IOException {
        leaveCheckpoints();
        for (int i = 10; i < 20; i++) {
            PictureFiles.png(data.resolve("red").resolve(i + ".png"), Color.RED);
        }
        assertThat(train("--resume").err()).contains("are new (red/1", "--accept-changed-data");
        var accepted = train("--accept-changed-data");
        assertThat(accepted.exitCode()).as(accepted.err()).isZero();
    }

    @Test
    void newRun_setsTheCheckpointsOfAnotherAside() {
        leaveCheckpoints();
        assertThat(train("--lr", "1e-4").exitCode()).isZero();
        assertThat(checkpoints()).doesNotExist();
        assertThat(folder.resolve("m.safetensors.checkpoints.earlier")).isDirectoryContaining("glob:**.safetensors");
    }

    @Test
    void D04_D08_oddFilesAreUsedAndCounted() throws IOException {
        for (int i = 0; i < 3; i++) {
            Files.move(
                    data.resolve("red").resolve(i + ".png"), data.resolve("red").resolve(i + ".jpg"));
        }
        var run = train("--json", "--batch-size", "2");
        assertThat(run.exitCode()).as(run.err()).isZero();
        String warning = "3 files: a PNG by its content, not by its name (such as red/0.jpg)";
        assertThat(run.json().get("warnings").toString()).contains(warning);
        assertThat(run.err()).contains(warning);
    }

    @Test
    void D22_manyUnreadableFiles_endTheRunBeforeItBegins() throws IOException {
        for (int i = 0; i < 9; i++) {
            Files.writeString(data.resolve("red").resolve("page" + i + ".jpg"), "<html>");
        }
        var run = train();
        assertThat(run.exitCode()).as(run.err()).isEqualTo(65);
        assertThat(run.err()).contains("9 of 25 images", "red/page0.jpg", "espalier verify");
    }

    @Test
    void D24_pictureWithoutAFolder_isNamedAndLeftOut() {
        PictureFiles.png(data.resolve("loose.png"), Color.RED);
        var run = train("--json");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.json().get("rejected").toString()).contains("loose.png", "has no class");
        assertThat(Run.of("show", data.toString(), "--explain").out()).contains("rejected  loose.png");
    }

    @Test
    void T01_lossThatIsHopeless_isWarnedOf() {
        var run = train("--lr", "1e5", "--epochs", "0", "--json");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.json().get("warnings").toString()).contains("far worse than guessing");
    }

    @Test
    void T10_batchesOfOnePicture_areRefusedBeforeTraining() throws IOException {
        var run = train("--batch-size", "1");
        assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
        assertThat(run.err()).contains("--batch-size", "Maybe");
        assertThat(checkpoints()).doesNotExist();
        var find = Run.of("lr-find", "image", data.toString(), "--batch-size", "1", "--out", folder + "/lr.png");
        assertThat(find.exitCode()).as(find.err()).isEqualTo(2);
    }

    @Test
    void T10_batchOfWhichOnePictureIsLeft_isLeftOut() throws IOException {
        for (int i = 0; i < 8; i++) {
            Path file = data.resolve("red").resolve(i + ".png");
            byte[] bytes = Files.readAllBytes(file);
            Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length / 2));
        }
        var run = train("--batch-size", "2", "--json");
        assertThat(run.exitCode()).as(run.err()).isZero();
        var json = run.json();
        assertThat(json.get("rejected").size()).isEqualTo(8);
        assertThat(json.get("n_train").asInt() + json.get("n_valid").asInt()).isEqualTo(8);
    }

    @Test
    void D20_outputThatWouldReplaceAPicture_isRefused() throws IOException {
        Path picture = data.resolve("red").resolve("0.png");
        byte[] before = Files.readAllBytes(picture);
        Path beside = data.resolve("red").resolve("new.png");
        for (Path target : List.of(picture, beside)) {
            for (Run run : List.of(
                    train("--out", target.toString()),
                    Run.of("show", data.toString(), "--out", target.toString()),
                    Run.of("lr-find", "image", data.toString(), "--size", "32", "--out", target.toString()))) {
                assertThat(run.exitCode()).as(run.err()).isEqualTo(73);
                assertThat(run.err()).contains("cannot write", target.toString(), "Maybe");
            }
        }
        assertThat(picture).hasBinaryContent(before);
        assertThat(beside).doesNotExist();
    }

    @Test
    void D20_outputThatIsAFolderOrALink_isTold() throws IOException {
        Path directory = Files.createDirectory(folder.resolve("models"));
        var run = train("--out", directory.toString());
        assertThat(run.exitCode()).isEqualTo(73);
        assertThat(run.err()).contains("it is a folder, expected a file").doesNotContain("Exception");
        Path link = Files.createSymbolicLink(folder.resolve("current.safetensors"), Path.of("m.safetensors"));
        Files.writeString(out, "old");
        assertThat(train("--out", link.toString()).exitCode()).isZero();
        assertThat(link).isSymbolicLink();
        assertThat(Files.size(out)).isGreaterThan(1_000_000);
    }

    @Test
    void D16_linkAsTheFolder_isFollowed() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), data);
        data = link;
        var run = train("--json");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.json().get("classes").toString()).isEqualTo("[\"blue\",\"red\"]");
    }

    /** Two trainings into one file would take each other's checkpoints. */
    @Test
    void secondTrainingIntoTheSameFile_endsWith73() throws Exception {
        Path data = PictureFiles.twoClasses(folder.resolve("data"), 8);
        Path out = folder.resolve("new/m.safetensors");
        String[] train = {"train", "image", data.toString(), "--epochs", "0", "--size", "32", "--out", out.toString()};
        try (var first = OutputLock.take(out)) {
            var second = Run.of(train);
            assertThat(second.exitCode()).as(second.err()).isEqualTo(73);
            assertThat(second.err())
                    .contains("being made by another run", "Maybe")
                    .hasLineCount(1);
            assertThat(out).doesNotExist();
        }
        assertThat(out.getParent()).as("made for nothing").doesNotExist();
        var third = Run.of(train);
        assertThat(third.exitCode()).as(third.err()).isZero();
        try (var files = Files.list(out.getParent())) {
            assertThat(files).containsExactly(out);
        }
    }
}
