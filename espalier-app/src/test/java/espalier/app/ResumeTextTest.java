package espalier.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import espalier.format.ModelFile;
import espalier.report.DataException;
import espalier.report.Progress;
import espalier.text.EasyAugmentation;
import espalier.text.Synonyms;
import espalier.text.TextArchitecture;
import espalier.train.Callback;
import espalier.train.Fit;
import espalier.train.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResumeTextTest {
    @TempDir
    Path folder;

    private Path table(int rows) throws IOException {
        var text = new StringBuilder("text,label\n");
        for (int i = 0; i < rows; i++) {
            text.append("number %d I %s it%s,%s\n"
                    .formatted(i, i % 2 == 0 ? "love" : "hate", " very".repeat(i % 5), i % 2 == 0 ? "good" : "bad"));
        }
        return Files.writeString(folder.resolve("texts.csv"), text);
    }

    private TrainText job(Path csv, String out, double lr) {
        var network = NeuralTexts.of(TextArchitecture.lstm().embedding(12).dropout(0.3))
                .schedule(NeuralTexts.Schedule.standard().epochs(3).lr(lr).batchSize(8))
                .augmentation(Optional.of(EasyAugmentation.of(Synonyms.none()).alpha(0.2)));
        return TrainText.of(TextTable.of(csv), folder.resolve(out)).trainer(network);
    }

    /** Interrupts in the middle of an epoch, as Ctrl-C does. */
    private static Callback interruption(int batch) {
        int[] seen = {0};
        return new Callback() {
            @Override
            public void afterBatch(Fit fit, Step step) {
                if (++seen[0] == batch) {
                    fit.learner().interrupt();
                }
            }
        };
    }

    private Map<String, byte[]> weights(String out) {
        Map<String, byte[]> all = new LinkedHashMap<>();
        ModelFile.load(folder.resolve(out)).tensors().forEach((name, tensor) -> {
            var bytes = new byte[tensor.data().remaining()];
            tensor.data().duplicate().get(bytes);
            all.put(name, bytes);
        });
        return all;
    }

    @Test
    void anInterruptedTraining_goesOn_andEndsWithTheSameWeights() throws IOException {
        Path csv = table(100);
        var whole = job(csv, "whole.safetensors", 1e-2).run(Progress.NONE);
        var begun = job(csv, "resumed.safetensors", 1e-2);
        var first = begun.run(Progress.NONE, interruption(11));
        assertThat(first.interrupted()).isTrue();
        assertThat(first.metrics()).isEmpty();
        assertThat(begun.out()).doesNotExist();
        assertThat(begun.checkpoints().exist()).isTrue();
        assertThatThrownBy(
                        () -> job(csv, "resumed.safetensors", 2e-2).resume(true).run(Progress.NONE))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("--lr was 0.01, is 0.02");
        var second = begun.resume(true).run(Progress.NONE);
        assertThat(second.interrupted()).isFalse();
        assertThat(second.metrics()).isEqualTo(whole.metrics());
        assertThat(begun.checkpoints().exist())
                .as("they are removed at the end")
                .isFalse();
        var expected = weights("whole.safetensors");
        var resumed = weights("resumed.safetensors");
        assertThat(resumed.keySet()).isEqualTo(expected.keySet()).isNotEmpty();
        expected.forEach((name, bytes) ->
                assertThat(Arrays.equals(bytes, resumed.get(name))).as(name).isTrue());
    }

    @Test
    void otherTexts_orANewStart_areNoWayOn() throws IOException {
        Path csv = table(100);
        job(csv, "m.safetensors", 1e-2).run(Progress.NONE, interruption(11));
        Files.writeString(csv, Files.readString(csv).replace("love", "adore"));
        assertThatThrownBy(() -> job(csv, "m.safetensors", 1e-2).resume(true).run(Progress.NONE))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("checksum");
        job(csv, "m.safetensors", 1e-2).run(Progress.NONE);
        assertThat(folder.resolve("m.safetensors.checkpoints.earlier")).isDirectory();
    }
}
