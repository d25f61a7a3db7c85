package espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every line that a command says to run next is run. */
class PastedLinesTest {
    private static final Pattern LINE = Pattern.compile("(?m)(?:^next: |^ {2}|undo by: )(espalier .*)$");
    private static final Pattern WORD = Pattern.compile("(?:'[^']*'|\\\\.|[^\\s'])+");

    @TempDir
    Path folder;

    /** The lines of an output that may be pasted. */
    private static List<List<String>> lines(Run run) {
        var lines = new ArrayList<List<String>>();
        var found = LINE.matcher(run.out());
        while (found.find()) {
            var words = new ArrayList<String>();
            var word = WORD.matcher(found.group(1));
            while (word.find()) {
                words.add(word.group().replace("'\\''", "\0").replace("'", "").replace('\0', '\''));
            }
            lines.add(words.subList(1, words.size()));
        }
        return lines;
    }

    /** Runs what an output says, as if it were pasted in an empty folder. */
    private void pasted(Run said, String... commands) {
        assertThat(said.exitCode()).as(said.err()).isIn(0, 65);
        assertThat(lines(said)).as(said.out()).extracting(line -> line.get(0)).containsExactly(commands);
        for (var line : lines(said)) {
            var words = new ArrayList<>(line);
            int out = words.indexOf("--out");
            if (out >= 0 && !Path.of(words.get(out + 1)).isAbsolute()) {
                words.set(
                        out + 1,
                        folder.resolve("pasted").resolve(words.get(out + 1)).toString());
            }
            if (words.contains("train") && !words.contains("--help")) {
                words.addAll(List.of("--epochs", "0"));
                words.addAll(words.contains("--size") ? List.of() : List.of("--size", "32"));
            }
            var run = Run.of(words.toArray(String[]::new));
            assertThat(run.exitCode()).as("%s: %s", words, run.err()).isZero();
        }
    }

    @Test
    void verify_ofSoundPictures_leadsToATraining() throws Exception {
        Path data = PictureFiles.twoClasses(folder.resolve("my 'own' data"), 12);
        pasted(Run.of("verify", "--exact", data.toString()), "train");
    }

    @Test
    void verify_ofBrokenPictures_leadsToTheirRepair_andThatToItsUndoing() throws Exception {
        Path data = PictureFiles.twoClasses(folder.resolve("two words"), 6);
        Files.writeString(data.resolve("red/broken.jpg"), "no picture");
        var found = Run.of("verify", "--exact", data.toString());
        assertThat(lines(found)).hasSize(1);
        assertThat(lines(found).get(0)).contains("--fix", "--quarantine");
        pasted(Run.of("verify", "--exact", data.toString(), "--fix", "--quarantine"), "verify");
        assertThat(data.resolve("red/broken.jpg")).as("undone").exists();
    }

    @Test
    void training_leadsToAPrediction() {
        Path data = PictureFiles.twoClasses(folder.resolve("my data"), 12);
        String[] train = {
            "train",
            "image",
            data.toString(),
            "--epochs",
            "0",
            "--size",
            "32",
            "--out",
            folder + "/my model.safetensors"
        };
        pasted(Run.of(train), "predict");
    }

    @Test
    void learningRateSearch_leadsToATraining() {
        Path data = PictureFiles.twoClasses(folder.resolve("my data"), 12);
        String[] find = {
            "lr-find", "image", data.toString(), "--size", "32", "--batch-size", "4", "--out", folder + "/lr.png"
        };
        pasted(Run.of(find), "train");
    }

    @Test
    void learningRateSearch_onFourPictures_saysThatTheyAreTooFew() {
        Path data = PictureFiles.twoClasses(folder.resolve("data"), 2);
        var run = Run.of("lr-find", "image", data.toString(), "--size", "32", "--out", folder + "/lr.png");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains("no suggestion: too few batches").doesNotContain("learning rate\n", "next:");
        assertThat(folder.resolve("lr.png")).isNotEmptyFile();
    }

    @Test
    void quickstart_leadsToPredictionsAndAReport() {
        Path out = folder.resolve("first steps");
        var run = Run.of("quickstart", "--out", out.toString(), "--pictures", "4", "--epochs", "0");
        pasted(run, "predict", "interpret", "train");
    }

    @Test
    void lines_nameTheProgramAsItWasCalled() {
        System.setProperty("espalier.program", "./espalier");
        try {
            assertThat(Console.command("verify", Path.of("a b"), "--undo")).isEqualTo("./espalier verify 'a b' --undo");
        } finally {
            System.clearProperty("espalier.program");
        }
        assertThat(Console.command("verify", Path.of("back\\slash"))).isEqualTo("espalier verify 'back\\slash'");
    }
}
