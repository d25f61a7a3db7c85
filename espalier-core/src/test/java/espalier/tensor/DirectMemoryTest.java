package espalier.tensor;

import static espalier.testing.TensorAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import espalier.format.DType;
import espalier.testing.NoLeaks;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
class DirectMemoryTest {
    private static ByteBuffer floats(float... values) {
        var buffer = ByteBuffer.allocateDirect(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        buffer.asFloatBuffer().put(values);
        return buffer;
    }

    @Test
    void over_sharesTheMemory() {
        var buffer = floats(1, 2, 3, 4);
        var x = Tensor.over(buffer, DType.FLOAT32, 2, 2);
        buffer.putFloat(0, 7);
        assertThat(x).isCloseTo(new double[] {7, 2, 3, 4}, 0);
        x.add_(1);
        assertThat(buffer.getFloat(12)).isEqualTo(5);
    }

    @Test
    void over_takesTheRestOfTheBuffer() {
        var buffer = floats(1, 2, 3, 4).position(8).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(Tensor.over(buffer, DType.FLOAT32, 2)).isCloseTo(new double[] {3, 4}, 0);
        assertThat(Tensor.over(floats(), DType.FLOAT32, 0, 3)).hasShape(0, 3);
    }

    @Test
    void over_holdsTheBufferUntilTheLastViewIsGone() {
        int before = DirectMemory.held();
        try (var outer = Scope.open()) {
            Tensor view;
            try (var inner = Scope.open()) {
                view = outer.keep(
                        Tensor.over(floats(1, 2, 3, 4), DType.FLOAT32, 4).narrow(0, 2, 2));
            }
            assertThat(DirectMemory.held()).isEqualTo(before + 1);
            assertThat(view).isCloseTo(new double[] {3, 4}, 0);
            view.close();
        }
        assertThat(DirectMemory.held()).isEqualTo(before);
    }

    @Test
    void over_refusesWhatCannotBeShared() {
        assertThatThrownBy(() -> Tensor.over(ByteBuffer.allocate(4), DType.FLOAT32, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("allocateDirect");
        assertThatThrownBy(() -> Tensor.over(ByteBuffer.allocateDirect(4), DType.FLOAT32, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("LITTLE_ENDIAN");
        assertThatThrownBy(() -> Tensor.over(floats(1, 2), DType.FLOAT32, 3))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("12 bytes");
        var odd = ByteBuffer.allocateDirect(9).position(1).order(ByteOrder.LITTLE_ENDIAN);
        assertThatThrownBy(() -> Tensor.over(odd, DType.FLOAT64, 1)).hasMessageContaining("middle of a float64");
    }
}
