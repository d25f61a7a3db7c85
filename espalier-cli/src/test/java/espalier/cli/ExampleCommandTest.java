package espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExampleCommandTest {
    @TempDir
    Path out;

    @Test
    void example_listsItsChapters() {
        var run = Run.of("example");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out().lines()).contains("tensors", "first-network", "convolutions", "transfer", "sequences");
    }

    @Test
    void example_runsAChapter() {
        var run = Run.of("example", "tensors", "--out", out.toString());
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).startsWith("tensor([[1., 2., 3.],").contains("[2, 3] float32 cpu");
        assertThat(out.resolve("x.npy")).exists();
    }

    @Test
    void full_runsAChapterOnPicturesOfYourOwn() {
        Path pictures = PictureFiles.twoClasses(out.resolve("pictures"), 45);
        var run = Run.of("example", "first-network", "--full", pictures.toString(), "--out", out.toString());
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out().lines())
                .filteredOn(line -> line.startsWith("epoch"))
                .hasSize(6);
        assertThat(run.out()).contains("blue: ");
        assertThat(out.resolve("your-pictures/blue-red/test/red")).isDirectoryContaining("glob:**.png");
        assertThat(out.resolve("fashion-mnist")).doesNotExist();
    }

    @Test
    void full_takesTheSizeOfTheNetwork() {
        Path pictures = PictureFiles.twoClasses(out.resolve("pictures"), 10);
        var run = Run.of("example", "transforms", "--full", pictures.toString(), "--out", out.toString());
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).startsWith("224 by 224, then [3, 224, 224]");
    }

    @Test
    void full_needsAChapterWithPictures() {
        var run = Run.of("example", "tensors", "--full", out.toString());
        assertThat(run.exitCode()).isEqualTo(ExitCodes.USAGE);
        assertThat(run.err()).contains("tensors takes no pictures");
        assertThat(Run.of("example", "--full", out.toString()).err()).contains("needs the NAME", "first-network");
    }

    @Test
    void full_needsAFolderForEachClass() {
        var missing =
                Run.of("example", "transfer", "--full", out.resolve("none").toString());
        assertThat(missing.exitCode()).isEqualTo(ExitCodes.NO_INPUT);
        PictureFiles.png(out.resolve("one/dog/0.png"), java.awt.Color.RED);
        var one = Run.of("example", "transfer", "--full", out.resolve("one").toString(), "--out", out.toString());
        assertThat(one.exitCode()).isEqualTo(ExitCodes.BAD_DATA);
        assertThat(one.err()).contains("1 folders", "Maybe the classes' folders are one level deeper");
    }

    @Test
    @Tag("real")
    void full_trainsCnnNetOnPhotographs() throws IOException {
        Path few = out.resolve("few");
        for (String name : List.of("cat", "dog")) {
            Path from = PictureFiles.shared().resolve("data/dogs-vs-cats").resolve(name);
            Path to = Files.createDirectories(few.resolve(name));
            try (var files = Files.list(from)) {
                for (Path file : files.sorted().limit(30).toList()) {
                    Files.copy(file, to.resolve(file.getFileName()));
                }
            }
        }
        var run = Run.of("example", "convolutions", "--full", few.toString(), "--out", out.toString());
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out())
                .contains("[1, 64, 55, 55]", "{classes=cat dog}")
                .containsPattern("epoch 2: loss 0\\.\\d{4}");
    }

    @Test
    void example_namesTheChaptersWhenTheNameIsWrong() {
        var run = Run.of("example", "tensor");
        assertThat(run.exitCode()).isEqualTo(ExitCodes.USAGE);
        assertThat(run.err()).contains("no chapter tensor").contains("first-network");
    }
}
