package espalier.examples.book;

import espalier.format.DType;
import espalier.rng.Rng;
import espalier.tensor.Grad;
import espalier.tensor.GradientCheck;
import espalier.tensor.Index;
import espalier.tensor.Scope;
import espalier.tensor.ShapeException;
import espalier.tensor.Tensor;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;

/** Chapter 1: tensors, shapes, gradients. */
final class TensorsChapter {
    private TensorsChapter() {}

    static void run(Stage stage, PrintStream print) throws IOException {
        make(print);
        shapes(print);
        mistake(print);
        parts(print);
        gradients(print);
        files(stage.out(), print);
    }

    private static void make(PrintStream print) {
        // region make
        try (var scope = Scope.open()) {
            Tensor x = Tensor.of(new float[][] {{1, 2, 3}, {4, 5, 6}});
            print.println(x);
            print.println(x.shape() + " " + x.dtype().torchName() + " " + x.device());
            print.println(Tensor.randint(Rng.of(42), 0, 10, 2, 5));
        }
        // endregion
    }

    private static void shapes(PrintStream print) {
        // region shapes
        try (var scope = Scope.open()) {
            Tensor x = Tensor.arange(0, 6).reshape(2, 3); // [2, 3]
            Tensor row = Tensor.of(new long[] {10, 20, 30}, 3); // [3]
            print.println(x.add(row)); // [2, 3] + [3]: the row is added to each row
            print.println(x.matmul(x.t())); // [2, 3] · [3, 2]: [2, 2]
            print.println(x.unsqueeze(0).shape()); // a batch of one
        }
        // endregion
    }

    private static void parts(PrintStream print) {
        // region parts
        try (var scope = Scope.open()) {
            Tensor x = Tensor.arange(0, 12).reshape(3, 4);
            print.println(x.get(Index.at(1))); // x[1]
            print.println(x.get(Index.all(), Index.slice(1, 3))); // x[:, 1:3]
            print.println(x.get(Index.of(x.remainder(5).eq(0)))); // x[x % 5 == 0]
            x.set_(-1, Index.of(0, 2), Index.at(3)); // x[[0, 2], 3] = -1
            print.println(x);
        }
        // endregion
    }

    private static void mistake(PrintStream print) {
        // region mistake
        try (var scope = Scope.open()) {
            Tensor.ones(2, 3).add(Tensor.ones(2));
        } catch (ShapeException wrong) {
            print.println(wrong.getMessage());
        }
        // endregion
    }

    private static void gradients(PrintStream print) {
        // region gradients
        try (var scope = Scope.open()) {
            Tensor w = Tensor.of(new float[] {1, 2, 3}, 3).requiresGrad(true);
            w.pow(3).sum().backward();
            print.println(w.grad().orElseThrow()); // 3 w²

            Tensor slope = Grad.of(w.pow(3).sum(), java.util.List.of(w), Grad.Graph.CREATE)
                    .get(0);
            print.println(Grad.of(slope.sum(), w)); // 6 w, the derivative of the derivative

            Tensor exact = w.detach().to(DType.FLOAT64).requiresGrad(true);
            print.println(GradientCheck.of(in -> in.get(0).sin(), exact).passes());
        }
        // endregion
    }

    private static void files(Path out, PrintStream print) throws IOException {
        // region files
        try (var scope = Scope.open()) {
            Path file = out.resolve("x.npy");
            Tensor.eye(2).save(file); // numpy.load("x.npy") reads it
            float[][] rows = Tensor.load(file).toNestedArray(float[][].class);
            print.println(rows[1][1]);
        }
        // endregion
    }
}
