package espalier.examples.book;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import espalier.format.DType;
import espalier.loss.Losses;
import espalier.nn.Module;
import espalier.optim.OptimizerFactory;
import espalier.optim.Optimizers;
import espalier.optim.ParameterGroup;
import espalier.tensor.Grad;
import espalier.tensor.Scope;
import espalier.tensor.Tensor;
import espalier.testing.Golden;
import espalier.testing.NoLeaks;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The first 20 losses of the book's networks are PyTorch's, from the same weights and pictures. */
@ExtendWith(NoLeaks.class)
class NetworksGoldenTest {
    private static final int BATCH = 8;

    /** See tools/golden/make_book.py. */
    private static Tensor formula(long place, long... shape) {
        long count = 1;
        for (long size : shape) {
            count *= size;
        }
        return Tensor.arange(0, count)
                .mul(7919)
                .add(13 * place)
                .remainder(1000)
                .to(DType.FLOAT64)
                .div(1000)
                .sub(0.5)
                .to(DType.FLOAT32)
                .reshape(shape);
    }

    private static void fill(Module model, double scale) {
        try (var scope = Scope.open();
                var off = Grad.off()) {
            int place = 0;
            for (Tensor p : model.parameters().values()) {
                long fanIn = p.dim() > 1 ? p.numel() / p.size(0) : p.numel();
                p.copy_(formula(place++, p.shape().sizes()).mul(scale / Math.sqrt(fanIn)));
            }
        }
    }

    private static void check(String golden, Module model, OptimizerFactory factory, double lr) {
        double[] expected = Golden.load("book").doubles("losses/" + golden);
        var group = ParameterGroup.of(List.copyOf(model.parameters().values())).lr(lr);
        var loss = Losses.crossEntropy();
        try (var optimizer = factory.create(List.of(group))) {
            for (int step = 0; step < expected.length; step++) {
                try (var scope = Scope.open()) {
                    Tensor y = Tensor.arange(0, BATCH).remainder(2);
                    Tensor x = formula(99 + step % 4, BATCH, 3, 64, 64);
                    x.select(1, 0).add_(y.mul(0.4).reshape(BATCH, 1, 1));
                    Tensor value = loss.loss(model.forward(x), y);
                    optimizer.zeroGrad();
                    value.backward();
                    optimizer.step();
                    assertThat(value.item()).as("step %d", step).isCloseTo(expected[step], within(1e-3));
                }
            }
        }
    }

    @Test
    void simpleNet_losesAsInPyTorch() {
        try (var model = new SimpleNet()) {
            fill(model, 2);
            check("simple", model, Optimizers.adam().beta2(0.999).eps(1e-8).weightDecay(0), 1e-3);
        }
    }

    @Test
    void cnnNet_losesAsInPyTorch() {
        try (var model = new CNNNet(2, 0)) {
            fill(model, 4.5);
            check("cnn", model, Optimizers.sgd().momentum(0.9), 0.002);
        }
    }
}
