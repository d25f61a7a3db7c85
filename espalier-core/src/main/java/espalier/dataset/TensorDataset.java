package espalier.dataset;

import espalier.tensor.Scope;
import espalier.tensor.Tensor;

/** The rows of two tensors. */
final class TensorDataset implements Dataset {
    private final Tensor x;
    private final Tensor y;

    TensorDataset(Tensor x, Tensor y) {
        try (var scope = Scope.open()) {
            this.x = scope.keep(x);
            this.y = scope.keep(y);
        }
    }

    @Override
    public int size() {
        return Math.toIntExact(x.size(0));
    }

    @Override
    public Example get(int index) {
        return new Example(x.select(0, index), y.select(0, index));
    }
}
