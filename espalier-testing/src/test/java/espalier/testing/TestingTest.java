package espalier.testing;

import static espalier.testing.TensorAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import espalier.predict.Predictor;
import espalier.tensor.Tensor;
import espalier.testing.plain.Golden;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What a user's tests get by one dependency: assertions on tensors, the check for leaks, a small model and its pictures. */
@ExtendWith(NoLeaks.class)
class TestingTest {
    @TempDir
    Path folder;

    // region testing
    @Test
    void tensors_areComparedByShapeAndValues() {
        assertThat(Tensor.of(new float[][] {{1, 2}, {3, 4}}).mul(2))
                .hasShape(2, 2)
                .isCloseTo(new double[] {2, 4, 6, 8}, 1e-6);
    }

    @Test
    void tinyModel_predictsWithoutTraining() throws IOException {
        Path file = TinyModel.write(folder.resolve("tiny.safetensors"), 1);
        try (var predictor = Predictor.load(file)) {
            var prediction = predictor.predict(TinyModel.pictures(1).get(0));
            assertThat(TinyModel.CLASSES).contains(prediction.label());
        }
    }
    // endregion

    @Test
    void goldenFiles_areReadFromTheTestsOwnClassPath() {
        assertThat(Golden.load("testing").floats("x")).containsExactly(1, 2);
    }
}
