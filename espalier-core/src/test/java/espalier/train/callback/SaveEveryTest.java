package espalier.train.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import espalier.optim.Rates;
import espalier.train.Callback;
import espalier.train.Learner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class SaveEveryTest extends CallbackContract {
    @Override
    List<Callback> callbacks() {
        return List.of(SaveEvery.of(2, folder.resolve("m.safetensors")));
    }

    @Override
    Learner<double[]> learner() {
        return super.learner().exporter((learner, file) -> {
            try {
                Files.writeString(file, weights(learner).toString());
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        });
    }

    @Test
    void models_areWrittenAfterEveryOtherEpoch() throws IOException {
        try (var learner = learnerWith()) {
            learner.fit(4, Rates.of(0.05));
            try (var files = Files.list(folder)) {
                assertThat(files.map(Path::getFileName)
                                .map(Path::toString)
                                .filter(name -> name.startsWith("m"))
                                .sorted())
                        .containsExactly("m.epoch-02.safetensors", "m.epoch-04.safetensors");
            }
            assertThat(folder.resolve("m.epoch-04.safetensors"))
                    .hasContent(weights(learner).toString());
        }
    }

    @Test
    void lessThanAnEpoch_isRefused() {
        assertThatThrownBy(() -> SaveEvery.of(0, folder.resolve("m.safetensors")))
                .hasMessageContaining("received 0");
    }
}
