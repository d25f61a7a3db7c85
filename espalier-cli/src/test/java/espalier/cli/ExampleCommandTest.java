package espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
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
    void example_namesTheChaptersWhenTheNameIsWrong() {
        var run = Run.of("example", "tensor");
        assertThat(run.exitCode()).isEqualTo(ExitCodes.USAGE);
        assertThat(run.err()).contains("no chapter tensor").contains("first-network");
    }
}
