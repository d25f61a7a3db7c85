package espalier.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import espalier.format.ModelFileException;
import espalier.predict.Engines;
import espalier.predict.Predictor;
import espalier.tensor.Machine;
import espalier.testing.NoLeaks;
import espalier.testing.TinyModel;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NoLeaks.class)
class SharedPredictorsTest {
    @TempDir
    Path folder;

    @AfterEach
    void close() {
        SharedPredictors.closeIdle(0);
        assertThat(SharedPredictors.size()).isZero();
    }

    private Predictor load(int seed) {
        return Predictor.load(TinyModel.write(folder.resolve(seed + ".safetensors"), seed), Engines.LIBTORCH);
    }

    private SharedPredictors.Borrowed borrow(int seed) {
        return SharedPredictors.borrow("" + seed, 1, () -> load(seed));
    }

    @Test
    void tasks_shareOnePredictor() throws Exception {
        var pool = Executors.newFixedThreadPool(8);
        try {
            Callable<Object> task = () -> {
                try (var borrowed = borrow(1)) {
                    assertThat(Machine.threads()).isEqualTo(1);
                    borrowed.predictor().predict(TinyModel.pictures(1).get(0));
                    return borrowed.predictor();
                }
            };
            var used = new HashSet<Object>();
            for (var future : pool.invokeAll(Collections.nCopies(32, task))) {
                used.add(future.get());
            }
            assertThat(used).hasSize(1);
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void idleOnes_areClosedWhenThereAreMany() {
        try (var kept = borrow(0)) {
            for (int i = 1; i <= SharedPredictors.MOST_IDLE + 3; i++) {
                borrow(i).close();
            }
            assertThat(SharedPredictors.size()).isEqualTo(SharedPredictors.MOST_IDLE + 1);
            assertThat(kept.predictor().predict(TinyModel.pictures(1).get(0)).label())
                    .isNotBlank();
            kept.close(); // twice is once
        }
        assertThat(SharedPredictors.size()).isEqualTo(SharedPredictors.MOST_IDLE);
    }

    @Test
    void modelThatCannotBeLoaded_isNotKept() {
        assertThatThrownBy(() ->
                        SharedPredictors.borrow("none", 1, () -> Predictor.load(folder.resolve("none.safetensors"))))
                .isInstanceOf(ModelFileException.class);
        assertThat(SharedPredictors.size()).isZero();
        assertThat(Engines.threads()).isEqualTo(Runtime.getRuntime().availableProcessors());
    }
}
