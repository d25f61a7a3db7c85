package espalier.web.clean;

import static org.assertj.core.api.Assertions.assertThat;

import espalier.app.Retrain;
import espalier.testing.Colours;
import espalier.train.Callback;
import espalier.train.FineTune;
import espalier.train.Fit;
import espalier.train.Step;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetrainJobTest {
    @TempDir
    Path folder;

    /** A path that is no use without more memory than there is. */
    private static Path tooLarge() {
        return (Path) Proxy.newProxyInstance(
                RetrainJobTest.class.getClassLoader(), new Class<?>[] {Path.class}, (path, method, arguments) -> {
                    throw new OutOfMemoryError("Java heap space");
                });
    }

    @Test
    void aTrainingThatRunsOutOfMemory_hasEnded() throws Exception {
        var spec = new Retrain(
                tooLarge(), folder, Optional.empty(), folder.resolve("out.safetensors"), Optional.of(FineTune.of(0)));
        try (var job = new RetrainJob(Optional.of(spec))) {
            assertThat(job.start(OptionalInt.empty())).isTrue();
            long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
            while (job.isRunning()) {
                assertThat(System.nanoTime()).isLessThan(end);
                Thread.onSpinWait();
            }
            assertThat(job.state()).containsEntry("running", false);
            assertThat(job.state().get("error").toString()).contains("not enough memory", "Maybe");
        }
    }

    @Test
    void theProgress_isTheShareOfTheBatchesThatAreDone() throws Exception {
        var data = ColourSet.in(folder.resolve("data"));
        for (int i = 0; i < 64; i++) {
            data.put("train/red/more" + i + ".jpg", Colours.jpeg("red", 1000 + i));
        }
        Path file = data.train(folder.resolve("pets.safetensors"));
        var spec = Retrain.of(file, data.root()).schedule(FineTune.of(0));
        var shown = new ArrayList<Double>();
        var expected = new ArrayList<Double>();
        try (var job = new RetrainJob(Optional.of(spec))) {
            spec.run(job, new Callback() {
                @Override
                public void afterBatch(Fit fit, Step step) {
                    shown.add((Double) job.state().get("done"));
                    int batches = fit.learner().loaders().train().batches();
                    expected.add((expected.size() + 1.0) / batches);
                }
            });
        }
        assertThat(shown).hasSizeGreaterThan(1).isEqualTo(expected).endsWith(1.0);
    }
}
