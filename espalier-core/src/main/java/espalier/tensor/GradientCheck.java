package espalier.tensor;

import espalier.format.DType;
import java.util.List;
import java.util.function.Function;

/**
 * Compares the gradients of a function with differences of its values, as {@code torch.autograd.gradcheck}: the way to
 * trust a formula of one's own.
 *
 * <pre>{@code
 * GradientCheck.of(in -> in.get(0).sin().mul(in.get(0)), x).passes()
 * }</pre>
 *
 * @param largestError the largest difference of the two
 * @param input at which of the inputs it is
 * @param element at which element of that input, in row-major order
 * @param gradient what automatic differentiation gives there
 * @param difference what the difference of two values gives there
 */
public record GradientCheck(double largestError, int input, long element, double gradient, double difference) {
    private static final double EPS = 1e-6;
    private static final double ATOL = 1e-5;
    private static final double RTOL = 1e-3;

    /**
     * Checks the gradient of {@code sum(function(inputs))} at each element of each input that requires a gradient. The
     * inputs must be float64: in float32 differences are too coarse.
     *
     * @throws IllegalArgumentException when an input is not float64, or none requires a gradient
     */
    public static GradientCheck of(Function<List<Tensor>, Tensor> function, Tensor... inputs) {
        var all = List.of(inputs);
        var wanted = all.stream().filter(Tensor::requiresGrad).toList();
        if (wanted.isEmpty() || !all.stream().allMatch(x -> x.dtype() == DType.FLOAT64)) {
            throw new IllegalArgumentException("a gradient check needs inputs of float64, one of which requires a"
                    + " gradient. Maybe convert them: x.to(DType.FLOAT64).detach().requiresGrad(true).");
        }
        try (var scope = Scope.open()) {
            var gradients = Grad.of(function.apply(all).sum(), wanted, Grad.Graph.FREE);
            var worst = new GradientCheck(-1, 0, 0, 0, 0);
            for (int i = 0; i < wanted.size(); i++) {
                double[] gradient = gradients.get(i).toDoubleArray();
                for (int at = 0; at < gradient.length; at++) {
                    double difference = difference(function, all, wanted.get(i), at);
                    double error = Math.abs(gradient[at] - difference);
                    if (error > worst.largestError() || Double.isNaN(error)) {
                        worst = new GradientCheck(error, all.indexOf(wanted.get(i)), at, gradient[at], difference);
                    }
                }
            }
            return worst;
        }
    }

    private static double difference(Function<List<Tensor>, Tensor> function, List<Tensor> all, Tensor x, int at) {
        try (var scope = Scope.open();
                var off = Grad.off()) {
            double above = function.apply(moved(all, x, at, EPS)).sum().item();
            double below = function.apply(moved(all, x, at, -EPS)).sum().item();
            return (above - below) / (2 * EPS);
        }
    }

    private static List<Tensor> moved(List<Tensor> all, Tensor x, int at, double by) {
        Tensor copy = x.detach().contiguous().copy();
        copy.view(-1).select(0, at).add_(by);
        return all.stream().map(input -> input == x ? copy : input).toList();
    }

    /** True when the two differ by no more than rounding explains, with the tolerances of PyTorch. */
    public boolean passes() {
        return largestError <= ATOL + RTOL * Math.abs(difference);
    }
}
