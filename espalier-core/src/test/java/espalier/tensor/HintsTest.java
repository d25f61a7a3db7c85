package espalier.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HintsTest {
    @ParameterizedTest
    @CsvSource({
        "could not create a primitive descriptor for the LSTM forward propagation primitive, float32",
        "element 0 of tensors does not require grad and does not have a grad_fn, requiresGrad(true)",
        "CUDA out of memory, smaller batch",
        "something that nobody has seen before, compare the shapes"
    })
    void message_isFollowedByWhatMayHelp(String message, String advice) {
        assertThat(Hints.of(message)).startsWith(". Maybe ").contains(advice).endsWith(".");
    }
}
